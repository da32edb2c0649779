//! What a ledger remembers.

use super::{claims, executed_elsewhere, execution, poll, run};
use crate::policy::ledger::{Ledger, ListedExecution, Verdict};

fn numbered(count: usize) -> Vec<ListedExecution> {
    (0..count).map(|number| execution(&number.to_string(), 1.0)).collect()
}

#[test]
fn an_execution_is_accounted_for_once() {
    let mut ledger = Ledger::default();
    poll(&mut ledger, 10.0, &[execution("a", 1.0), execution("b", 2.0), execution("c", 3.0)]);
    ledger.account(["a", "c", "a"]);
    assert_eq!(ledger.seen(), ["a", "c"]);
    assert_eq!(ledger.unaccounted(), ["b"]);
    poll(&mut ledger, 20.0, &[execution("a", 1.0), execution("b", 2.0)]);
    assert_eq!(ledger.unaccounted(), ["b"], "listed once more");
}

#[test]
fn the_newest_four_hundred_executions_are_remembered() {
    let mut ledger = Ledger::default();
    poll(&mut ledger, 10.0, &numbered(401));
    assert_eq!(ledger.unaccounted().len(), 400);
    assert_eq!(ledger.unaccounted()[0], "1");
    let all = numbered(401);
    ledger.account(all.iter().map(|listed| listed.id.as_str()));
    assert_eq!((ledger.seen().len(), ledger.seen()[0].as_str()), (400, "1"));
    assert!(ledger.unaccounted().is_empty());
}

#[test]
fn a_run_is_open_until_it_is_removed() {
    let mut ledger = Ledger::default();
    let [first, second] = [ledger.begin(0.0), ledger.begin(0.0)];
    assert!(ledger.is_open(first) && ledger.is_open(second));
    ledger.remove(first);
    assert!(!ledger.is_open(first) && ledger.is_open(second));
    assert_eq!(ledger.claim(first), Verdict::NoMatch);
}

#[test]
fn a_run_that_was_never_listed_is_removed_ten_minutes_before_the_oldest_run_that_is_searched_for() {
    let is_kept = |searched: Option<f64>, now_ms: f64| {
        let mut ledger = Ledger::default();
        let ended = run(&mut ledger, 0.0, 20_000.0, true);
        let of_another_tab = executed_elsewhere(&mut ledger, 0.0, 20_000.0);
        let lost = searched.map(|sent_ms| run(&mut ledger, sent_ms, sent_ms + 1_000.0, false));
        ledger.begin(now_ms);
        assert!(ledger.is_open(of_another_tab) && lost.is_none_or(|key| ledger.is_open(key)));
        ledger.is_open(ended)
    };
    assert!(is_kept(None, 620_000.0) && !is_kept(None, 620_001.0));
    // It could claim the execution otherwise, however late that is listed.
    assert!(is_kept(Some(21_000.0), 9_000_000.0) && is_kept(Some(620_000.0), 9_000_000.0));
    assert!(!is_kept(Some(620_001.0), 9_000_000.0));
}

#[test]
fn beyond_sixty_four_runs_an_ended_one_is_removed() {
    let mut ledger = Ledger::default();
    let pending = ledger.begin(0.0);
    let ended = run(&mut ledger, 0.0, 1.0, true);
    let others: Vec<_> = (0..62).map(|_| ledger.begin(0.0)).collect();
    assert!(ledger.is_open(ended), "sixty-four");
    let of_another_tab = executed_elsewhere(&mut ledger, 0.0, f64::INFINITY);
    assert!(!ledger.is_open(ended) && ledger.is_open(of_another_tab));
    let last = ledger.begin(0.0);
    assert!(!ledger.is_open(of_another_tab), "it may have ended");
    let more = ledger.begin(0.0);
    assert!(others.iter().chain(&[pending, last, more]).all(|key| ledger.is_open(*key)), "all are pending");
}

#[test]
fn an_execution_listed_before_a_run_is_sent_is_not_its_own() {
    let mut ledger = Ledger::default();
    let earlier = [(); 2].map(|()| run(&mut ledger, 0.0, 100.0, false));
    let claimed = ledger.baseline(&[execution("a", 1.0)], &[], 200.0, 200.0);
    assert_eq!(claimed, []);
    assert_eq!(ledger.unaccounted(), ["a"], "it may be that of either of the earlier runs");
    for run in earlier {
        ledger.concluded(run);
    }
    ledger.baseline(&[execution("b", 2.0), execution("a", 1.0)], &[], 300.0, 300.0);
    assert_eq!((ledger.unaccounted(), ledger.seen()), (vec!["a".to_owned()], &["b".to_owned()][..]));
    let later = ledger.begin(300.0);
    poll(&mut ledger, 400.0, &[execution("c", 3.0)]);
    assert_eq!(ledger.candidates(later), ["c"]);
}

#[test]
fn a_baseline_returns_certain_claims() {
    let mut ledger = Ledger::default();
    let executed = run(&mut ledger, 0.0, 100.0, true);
    let claimed = ledger.baseline(&[execution("a", 1.0)], &[], 200.0, 200.0);
    assert_eq!(claimed, claims(&[(executed, "a")]));
}

#[test]
fn a_list_returns_claims_of_executed_and_pending_runs() {
    let list = [execution("a", 1.0)];
    let mut ledger = Ledger::default();
    let lost = run(&mut ledger, 0.0, 100.0, false);
    assert_eq!(ledger.polled(&list, None, &[], 200.0, 200.0), [], "it may not have executed");
    assert_eq!(ledger.polled(&list, Some(lost), &[lost], 300.0, 300.0), [], "it claims for itself");
    assert_eq!(ledger.polled(&list, None, &[lost], 400.0, 400.0), claims(&[(lost, "a")]));
    assert!(!ledger.is_open(lost));
    assert_eq!(ledger.seen(), ["a"]);
}

#[test]
fn a_run_without_a_baseline_claims_only_for_itself() {
    let mut ledger = Ledger::default();
    let key = ledger.begin_without_baseline(0.0);
    ledger.ended(key, 100.0, true);
    assert_eq!(ledger.polled(&[execution("a", 1.0)], None, &[key], 200.0, 200.0), []);
    assert_eq!(ledger.claim(key), Verdict::Claimed("a".to_owned()));
}

#[test]
fn a_response_proves_an_execution_permanently() {
    let mut ledger = Ledger::default();
    let key = ledger.begin(0.0);
    ledger.ended(key, 100.0, true);
    ledger.ended(key, 100.0, true);
    ledger.ended(key, 100.0, false);
    assert_eq!(poll(&mut ledger, 200.0, &[execution("a", 1.0)]), claims(&[(key, "a")]));
}

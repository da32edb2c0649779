//! Whether an execution may belong to a run, and whether that is certain.

use super::{claims, executed_elsewhere, execution, ledger_of_server_ahead_by, poll, run};
use crate::policy::ledger::{Ledger, Verdict};

fn ambiguous(ids: &[&str]) -> Verdict {
    Verdict::Ambiguous(ids.iter().map(|id| (*id).to_owned()).collect())
}

#[test]
fn a_run_can_own_executions_from_just_before_its_request_to_a_second_after_its_end() {
    let is_candidate = |started_ms: f64| {
        let mut ledger = Ledger::default();
        // Five to six seconds ahead.
        ledger.observe_date(5_000.0, 0.0, 0.0);
        let key = run(&mut ledger, 10_000.0, 20_000.0, false);
        poll(&mut ledger, 30_000.0, &[execution("a", started_ms)]);
        let (own, unrelated) = (ledger.candidates(key), ledger.unrelated(key));
        assert_ne!(own, unrelated, "either the one or the other");
        own == ["a"]
    };
    // The machines of the service differ by at most 350 ms.
    assert!(is_candidate(14_649.0) && !is_candidate(14_648.0));
    assert!(is_candidate(27_000.0) && !is_candidate(27_001.0));
    assert!(is_candidate(14_000.0) && !is_candidate(13_000.0), "in whole seconds");
    assert!(is_candidate(f64::NAN), "unreadable");
}

#[test]
fn a_run_of_another_tab_can_own_executions_by_the_clock_of_the_server() {
    let is_candidate = |started_ms: f64| {
        let mut ledger = ledger_of_server_ahead_by(5.0);
        let key = ledger.add_of_server(10_000.0, 20_000.0);
        ledger.ended(key, 30_000.0, false);
        poll(&mut ledger, 90_000.0, &[execution("a", started_ms)]);
        ledger.candidates(key) == ["a"]
    };
    assert!(is_candidate(9_649.0) && !is_candidate(9_648.0));
    assert!(is_candidate(21_000.0) && !is_candidate(21_001.0));
    assert!(is_candidate(9_000.0) && !is_candidate(8_000.0), "in whole seconds");
    assert!(is_candidate(f64::NAN), "unreadable");
}

#[test]
fn a_run_of_another_tab_owns_nothing_that_started_after_its_entry_was_removed() {
    let is_candidate = |started_ms: f64| {
        let mut ledger = ledger_of_server_ahead_by(5.0);
        let key = ledger.add_of_server(10_000.0, f64::INFINITY);
        ledger.ended(key, 20_000.0, false);
        poll(&mut ledger, 90_000.0, &[execution("a", started_ms)]);
        ledger.candidates(key) == ["a"]
    };
    assert!(is_candidate(26_000.0) && !is_candidate(26_001.0));
}

#[test]
fn an_execution_listed_before_a_run_ended_stays_a_candidate_when_a_clock_is_set() {
    let mut ledger = ledger_of_server_ahead_by(0.0);
    let key = run(&mut ledger, 10_000.0, 20_000.0, false);
    poll(&mut ledger, 21_000.0, &[execution("in time", 15_001.0)]);
    poll(&mut ledger, 21_001.0, &[execution("late", 15_002.0)]);
    assert_eq!(ledger.candidates(key), ["in time", "late"]);
    ledger.observe_date(-3_600_000.0, 22_000.0, 22_000.0);
    assert_eq!(ledger.candidates(key), ["in time"]);
}

#[test]
fn a_request_that_is_sent_again_has_a_new_time_window() {
    let mut ledger = ledger_of_server_ahead_by(0.0);
    let key = run(&mut ledger, 10_000.0, 20_000.0, false);
    ledger.sent(key, 30_000.0);
    poll(&mut ledger, 99_000.0, &[execution("before", 15_001.0), execution("after", 98_001.0)]);
    assert_eq!(ledger.candidates(key), ["after"]);
    ledger.ended(key, 40_000.0, false);
    ledger.ended(key, 98_000.0, false);
    assert!(ledger.candidates(key).is_empty(), "the first end counts");
}

#[test]
fn an_execution_listed_before_is_not_a_candidate() {
    let mut ledger = Ledger::default();
    let key = ledger.begin(0.0);
    ledger.exclude(key, &["a".to_owned()]);
    poll(&mut ledger, 10.0, &[execution("a", 1.0), execution("b", 1.0)]);
    assert_eq!(ledger.candidates(key), ["b"]);
    assert_eq!(ledger.unrelated(key), ["a"]);
}

#[test]
fn an_execution_that_another_run_may_own_is_not_unrelated() {
    let mut ledger = Ledger::default();
    let [key, other] = [ledger.begin(0.0), ledger.begin(0.0)];
    ledger.exclude(key, &["a".to_owned()]);
    poll(&mut ledger, 10.0, &[execution("a", 1.0)]);
    assert!(ledger.unrelated(key).is_empty());
    ledger.exclude(other, &["a".to_owned()]);
    assert_eq!(ledger.unrelated(key), ["a"], "the other cannot own it either");
    ledger.remove(key);
    assert!(ledger.unrelated(key).is_empty() && ledger.candidates(key).is_empty(), "of no known run");
}

#[test]
fn an_execution_listed_after_the_grace_period_belongs_to_no_earlier_run() {
    let mut ledger = Ledger::default();
    let [key, other] = [ledger.begin(0.0), ledger.begin(0.0)];
    poll(&mut ledger, 10.0, &[execution("a", 1.0)]);
    ledger.concluded(key);
    poll(&mut ledger, 20.0, &[execution("b", 1.0)]);
    assert_eq!((ledger.candidates(key), ledger.unrelated(key)), (vec!["a".to_owned()], Vec::new()));
    assert_eq!(ledger.candidates(other), ["a", "b"]);
}

#[test]
fn only_runs_that_ended_before_a_time_are_concluded_with_it() {
    let mut ledger = Ledger::default();
    let before = run(&mut ledger, 0.0, 499.0, false);
    let at = run(&mut ledger, 0.0, 500.0, false);
    let pending = ledger.begin(0.0);
    let of_another_tab = ledger.add_of_server(0.0, 10.0);
    ledger.conclude_ended(500.0);
    poll(&mut ledger, 600.0, &[execution("a", 1.0)]);
    assert!(ledger.candidates(before).is_empty());
    for key in [at, pending, of_another_tab] {
        assert_eq!(ledger.candidates(key), ["a"]);
    }
    ledger.concluded(before);
    assert!(!ledger.is_open(before), "it owns none");
    ledger.concluded(at);
    poll(&mut ledger, 700.0, &[execution("b", 1.0)]);
    ledger.conclude_ended(501.0);
    assert_eq!(ledger.candidates(at), ["a"], "what is listed later is not its own");
}

#[test]
fn an_execution_is_claimed_if_no_other_run_can_own_it() {
    let mut ledger = ledger_of_server_ahead_by(0.0);
    let first = run(&mut ledger, 10_000.0, 11_000.0, false);
    let second = run(&mut ledger, 20_000.0, 21_000.0, false);
    assert_eq!(ledger.claim(first), Verdict::NoMatch);
    poll(&mut ledger, 30_000.0, &[execution("a", 10_501.0), execution("b", 20_501.0)]);
    assert_eq!(ledger.claim(second), Verdict::Claimed("b".to_owned()));
    assert_eq!(ledger.claim(first), Verdict::Claimed("a".to_owned()));
    assert!(!ledger.is_open(first) && !ledger.is_open(second));
    assert_eq!((ledger.seen(), ledger.unaccounted()), (&["b".to_owned(), "a".to_owned()][..], Vec::new()));
}

#[test]
fn two_executions_for_one_run_are_ambiguous() {
    let mut ledger = Ledger::default();
    let key = ledger.begin(0.0);
    poll(&mut ledger, 10.0, &[execution("a", 1.0), execution("b", 101.0)]);
    assert_eq!(ledger.claim(key), ambiguous(&["a", "b"]));
    assert!(ledger.is_open(key));
    assert_eq!(ledger.unaccounted(), ["a", "b"]);
}

#[test]
fn an_execution_that_only_one_run_may_own_is_claimed_before_one_that_both_may() {
    let mut ledger = Ledger::default();
    let [both, one] = [ledger.begin(0.0), ledger.begin(0.0)];
    ledger.exclude(one, &["b".to_owned()]);
    poll(&mut ledger, 10.0, &[execution("a", 1.0), execution("b", 2.0)]);
    assert_eq!(ledger.claim(both), Verdict::Claimed("b".to_owned()));
    assert_eq!(ledger.claim(one), Verdict::Claimed("a".to_owned()));
}

#[test]
fn a_run_owns_nothing_if_executed_runs_account_for_all() {
    let mut ledger = Ledger::default();
    let lost = ledger.begin(0.0);
    let executed = run(&mut ledger, 0.0, 10.0, true);
    let list = [execution("a", 1.0)];
    assert_eq!(poll(&mut ledger, 20.0, &list), []);
    assert_eq!(ledger.claim(lost), ambiguous(&["a"]));
    assert_eq!(ledger.conclude(lost), ambiguous(&["a"]), "the other one's may still be listed");
    ledger.conclude_ended(10.0);
    assert_eq!(ledger.conclude(lost), ambiguous(&["a"]), "only those that ended before are all listed");
    ledger.conclude_ended(15.0);
    assert_eq!(ledger.conclude(lost), Verdict::NoMatch);
    ledger.remove(lost);
    assert_eq!(poll(&mut ledger, 30.0, &list), claims(&[(executed, "a")]));
}

#[test]
fn only_a_certain_execution_accounts_for_another_runs_candidates() {
    let concluded = |add_other: fn(&mut Ledger)| {
        let mut ledger = Ledger::default();
        let lost = ledger.begin(0.0);
        add_other(&mut ledger);
        poll(&mut ledger, 20.0, &[execution("a", 1.0)]);
        ledger.conclude_ended(15.0);
        ledger.conclude(lost)
    };
    let not_proven = |ledger: &mut Ledger| {
        run(ledger, 0.0, 10.0, false);
    };
    let of_another_tab = |ledger: &mut Ledger| {
        executed_elsewhere(ledger, 0.0, 10.0);
    };
    let without_baseline = |ledger: &mut Ledger| {
        let key = ledger.begin_without_baseline(0.0);
        ledger.ended(key, 10.0, true);
    };
    for add_other in [not_proven, without_baseline] {
        assert_eq!(concluded(add_other), ambiguous(&["a"]));
    }
    assert_eq!(concluded(of_another_tab), Verdict::NoMatch);
}

#[test]
fn a_run_may_own_an_execution_that_is_left_over() {
    let list = [execution("a", 1.0), execution("b", 1.0), execution("c", 1.0)];
    let concluded = |count: usize, not_of_lost: &[&str], not_of_executed: &[&str]| {
        let ids = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
        let mut ledger = Ledger::default();
        let lost = ledger.begin(0.0);
        let executed = run(&mut ledger, 0.0, 10.0, true);
        ledger.exclude(lost, &ids(not_of_lost));
        ledger.exclude(executed, &ids(not_of_executed));
        ledger.polled(&list[..count], Some(executed), &[], 20.0, 20.0);
        ledger.conclude_ended(15.0);
        ledger.conclude(lost)
    };
    assert_eq!(concluded(2, &[], &[]), ambiguous(&["a", "b"]), "one of the two");
    assert_eq!(concluded(2, &["b"], &[]), ambiguous(&["a"]), "the other run may own the other one");
    assert_eq!(concluded(3, &[], &["b", "c"]), ambiguous(&["a", "b", "c"]), "two that the other cannot own");
    assert_eq!(concluded(1, &[], &[]), Verdict::NoMatch);
}

#[test]
fn an_executed_run_that_is_not_listed_leaves_the_others_ambiguous() {
    let mut ledger = Ledger::default();
    let lost = ledger.begin(0.0);
    run(&mut ledger, 0.0, 10.0, true);
    let elsewhere = run(&mut ledger, 0.0, 10.0, true);
    ledger.exclude(elsewhere, &["a".to_owned()]);
    poll(&mut ledger, 20.0, &[execution("a", 1.0)]);
    ledger.conclude_ended(15.0);
    assert_eq!(ledger.conclude(lost), ambiguous(&["a"]), "the list is incomplete");
}

#[test]
fn executed_runs_exchange_their_executions_so_that_each_has_one() {
    let mut ledger = Ledger::default();
    let lost = ledger.begin(0.0);
    let any = run(&mut ledger, 0.0, 10.0, true);
    let only_a = run(&mut ledger, 0.0, 10.0, true);
    ledger.exclude(only_a, &["b".to_owned()]);
    ledger.polled(&[execution("a", 1.0), execution("b", 1.0)], Some(any), &[], 20.0, 20.0);
    ledger.conclude_ended(15.0);
    assert_eq!(ledger.conclude(lost), Verdict::NoMatch, "one has a, the other b");
}

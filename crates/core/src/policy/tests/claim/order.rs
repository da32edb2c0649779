//! Executions of consecutive runs.

use proptest::prelude::*;

use super::{claims, executed_elsewhere, execution, ledger_of_server_ahead_by, poll, run};
use crate::policy::ledger::{Ledger, ListedExecution, Verdict};

/// Two consecutive runs with an unknown offset: each execution may belong to either.
fn two_runs(is_first_executed: bool, first_ended_ms: f64) -> (Ledger, [u32; 2]) {
    let mut ledger = Ledger::default();
    let first = run(&mut ledger, 10_000.0, first_ended_ms, is_first_executed);
    let second = run(&mut ledger, 10_600.0, 10_900.0, true);
    (ledger, [first, second])
}

fn is_ambiguous(mut ledger: Ledger, list: &[ListedExecution]) -> bool {
    poll(&mut ledger, 11_000.0, list).is_empty() && ledger.unaccounted().len() == list.len()
}

#[test]
fn the_last_execution_is_that_of_the_last_run() {
    let (earlier, later) = (execution("earlier", 50_101.0), execution("later", 50_701.0));
    for list in [[earlier.clone(), later.clone()], [later, earlier]] {
        let (mut ledger, [first, second]) = two_runs(true, 10_600.0);
        assert_eq!(poll(&mut ledger, 11_000.0, &list), claims(&[(second, "later"), (first, "earlier")]));
    }
}

#[test]
fn the_last_of_three_executions_is_found_in_any_order() {
    for order in [["a", "b", "c"], ["c", "b", "a"], ["b", "c", "a"], ["a", "c", "b"]] {
        let (mut ledger, [first, second]) = two_runs(true, 10_500.0);
        let third = run(&mut ledger, 10_900.0, 10_950.0, true);
        let started_ms = |id| {
            if id == "a" {
                50_101.0
            } else if id == "b" {
                50_601.0
            } else {
                50_901.0
            }
        };
        let list = order.map(|id| execution(id, started_ms(id)));
        let expected = claims(&[(third, "c"), (second, "b"), (first, "a")]);
        assert_eq!(poll(&mut ledger, 11_000.0, &list), expected, "{order:?}");
    }
}

#[test]
fn the_order_of_runs_says_nothing_unless_each_has_ended_and_executed() {
    let list = [execution("earlier", 50_101.0), execution("later", 50_701.0)];
    assert!(is_ambiguous(two_runs(false, 10_500.0).0, &list), "the first may not have executed");
    let mut overlapping = Ledger::default();
    for key in [overlapping.begin(10_000.0), overlapping.begin(10_600.0)] {
        overlapping.ended(key, 10_900.0, true);
    }
    assert!(is_ambiguous(overlapping, &list), "they overlapped");
    let (mut ledger, _) = two_runs(true, 10_500.0);
    executed_elsewhere(&mut ledger, 0.0, 90_000.0);
    assert!(is_ambiguous(ledger, &list), "a later one of another tab");
}

#[test]
fn the_order_of_executions_says_nothing_unless_there_are_as_many_as_runs() {
    let list = [execution("a", 50_101.0), execution("b", 50_401.0), execution("c", 50_701.0)];
    assert!(is_ambiguous(two_runs(true, 10_500.0).0, &list));
    assert!(is_ambiguous(two_runs(true, 10_500.0).0, &list[..1]));
}

#[test]
fn executions_have_an_order_only_beyond_the_clock_skew() {
    let is_clear = |earlier_ms: f64, later_ms: f64| {
        let list = [execution("earlier", earlier_ms), execution("later", later_ms)];
        !is_ambiguous(two_runs(true, 10_500.0).0, &list)
    };
    assert!(is_clear(50_101.0, 50_151.0) && !is_clear(50_101.0, 50_150.0));
    assert!(is_clear(50_000.0, 51_000.0) && !is_clear(50_000.0, 50_999.0), "in whole seconds");
}

#[test]
fn the_last_run_is_ambiguous_if_the_last_execution_was_listed_before() {
    let (mut ledger, _) = two_runs(true, 10_500.0);
    let third = run(&mut ledger, 10_900.0, 10_950.0, true);
    ledger.exclude(third, &["c".to_owned()]);
    let list = [execution("a", 50_301.0), execution("b", 50_501.0), execution("c", 50_701.0)];
    assert_eq!(poll(&mut ledger, 11_000.0, &list), []);
    assert_eq!(ledger.claim(third), Verdict::Ambiguous(vec!["a".to_owned(), "b".to_owned()]));
}

#[test]
fn a_run_of_another_tab_that_was_added_before_is_an_earlier_one() {
    let mut ledger = Ledger::default();
    let of_another_tab = executed_elsewhere(&mut ledger, 50_000.0, 51_000.0);
    let own = run(&mut ledger, 10_600.0, 10_900.0, true);
    let list = [execution("earlier", 50_101.0), execution("later", 50_701.0)];
    assert_eq!(poll(&mut ledger, 11_000.0, &list), claims(&[(own, "later"), (of_another_tab, "earlier")]));
    let mut ledger = Ledger::default();
    executed_elsewhere(&mut ledger, 50_000.0, 51_000.0);
    executed_elsewhere(&mut ledger, 50_000.0, 51_000.0);
    assert!(is_ambiguous(ledger, &list), "two of other tabs");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Each run is sent, executes, and ends; lists are requested meanwhile. No other user executes the skill.
    #[test]
    fn no_run_claims_the_execution_of_another(
        runs in prop::collection::vec((0.0..20_000.0_f64, 0.0..1.0_f64, 0.0..5_000.0_f64, any::<bool>()), 1..6),
        polls in prop::collection::vec(0.0..30_000.0_f64, 1..6),
        ahead_by in 0.0..100.0_f64,
        is_clock_known in any::<bool>(),
        is_in_whole_seconds in any::<bool>(),
    ) {
        enum Event { Sent(usize), Ended(usize), Poll }
        let ahead_by = ahead_by.floor();
        let started = |index: usize| runs[index].0 + runs[index].1 * runs[index].2;
        let mut events = Vec::new();
        for (index, (from_ms, _, length_ms, _)) in runs.iter().enumerate() {
            events.push((*from_ms, Event::Sent(index)));
            events.push((from_ms + length_ms, Event::Ended(index)));
        }
        events.extend(polls.iter().map(|at_ms| (*at_ms, Event::Poll)));
        events.push((40_000.0, Event::Poll));
        events.sort_by(|one, other| one.0.total_cmp(&other.0));
        let mut ledger =
            if is_clock_known { ledger_of_server_ahead_by(ahead_by) } else { Ledger::default() };
        let mut keys = vec![None; runs.len()];
        for (now_ms, event) in events {
            match event {
                Event::Sent(index) => keys[index] = Some(ledger.begin(now_ms)),
                Event::Ended(index) => ledger.ended(keys[index].unwrap(), now_ms, runs[index].3),
                Event::Poll => {
                    let unit_ms = if is_in_whole_seconds { 1_000.0 } else { 1.0 };
                    let written = |started_ms: f64| ((started_ms + ahead_by * 1_000.0) / unit_ms).floor() * unit_ms;
                    let begun = (0..runs.len()).filter(|index| started(*index) < now_ms);
                    let list: Vec<_> = begun.map(|index| execution(&index.to_string(), written(started(index)))).collect();
                    for (key, id) in poll(&mut ledger, now_ms, &list) {
                        prop_assert_eq!(keys[id.parse::<usize>().unwrap()], Some(key));
                    }
                }
            }
        }
    }
}

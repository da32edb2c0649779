//! The offset of the clocks.

use super::{executed_elsewhere, execution, ledger_of_server_ahead_by, poll, run};
use crate::policy::clock_offset::ClockOffset;
use crate::policy::ledger::Ledger;

/// Returns the bounds of the server's clock at local time 0.
fn bounds(ledger: &Ledger) -> (f64, f64) {
    ledger.server_window(0.0, 0.0)
}

#[test]
fn initially_the_server_may_have_any_time() {
    assert_eq!(bounds(&Ledger::default()), (f64::NEG_INFINITY, f64::INFINITY));
}

#[test]
fn a_date_is_known_to_its_second_and_the_round_trip() {
    let mut ledger = Ledger::default();
    ledger.observe_date(50_000.0, 100.0, 150.0);
    assert_eq!(bounds(&ledger), (49_850.0, 50_900.0));
    assert_eq!(ledger.server_window(1_000.0, 2_000.0), (50_850.0, 52_900.0));
}

#[test]
fn two_consistent_dates_leave_their_intersection() {
    let mut ledger = Ledger::default();
    ledger.observe_date(50_000.0, 0.0, 0.0);
    ledger.observe_date(50_000.0, 600.0, 600.0);
    assert_eq!(bounds(&ledger), (50_000.0, 50_400.0));
    assert_eq!(bounds(&ledger_of_server_ahead_by(5.0)), (5_000.0, 5_000.0), "two that only touch");
}

#[test]
fn the_newer_of_two_contradictory_dates_is_valid() {
    let mut ledger = Ledger::default();
    ledger.observe_date(50_000.0, 0.0, 0.0);
    ledger.observe_date(70_000.0, 0.0, 0.0);
    assert_eq!(bounds(&ledger), (70_000.0, 71_000.0));
    ledger.observe_date(50_000.0, 0.0, 0.0);
    assert_eq!(bounds(&ledger), (50_000.0, 51_000.0));
}

#[test]
fn two_slightly_contradictory_dates_are_both_bounds() {
    let mut ledger = Ledger::default();
    ledger.observe_date(50_000.0, 0.0, 0.0);
    ledger.observe_date(51_350.0, 0.0, 0.0);
    assert_eq!(bounds(&ledger), (51_000.0, 51_350.0), "the difference that clocks may have");
    let mut ledger = Ledger::default();
    ledger.observe_date(50_000.0, 0.0, 0.0);
    ledger.observe_date(51_351.0, 0.0, 0.0);
    assert_eq!(bounds(&ledger), (51_351.0, 52_351.0), "a larger one");
}

#[test]
fn an_unreadable_time_is_ignored() {
    let mut offset = ClockOffset::default();
    offset.observe(f64::NAN, 5.0, 0.0, 0.0);
    offset.observe(5.0, f64::NAN, 0.0, 0.0);
    assert_eq!(offset, ClockOffset::default());
}

#[test]
fn a_listed_execution_has_started() {
    let mut ledger = Ledger::default();
    poll(&mut ledger, 1_000.0, &[execution("a", 5_000.0), execution("b", 3_000.0)]);
    assert_eq!(bounds(&ledger), (4_000.0, f64::INFINITY));
}

#[test]
fn a_claimed_execution_has_started_between_its_request_and_its_list() {
    for (started_ms, resolution_ms) in [(500_001.0, 1.0), (500_000.0, 1_000.0)] {
        let mut ledger = Ledger::default();
        run(&mut ledger, 1_000.0, 1_100.0, true);
        assert_eq!(poll(&mut ledger, 1_200.0, &[execution("a", started_ms)]).len(), 1);
        assert_eq!(bounds(&ledger), (started_ms - 1_200.0, started_ms + resolution_ms - 1_000.0));
    }
}

#[test]
fn a_run_of_another_tab_does_not_change_the_offset() {
    let mut ledger = Ledger::default();
    executed_elsewhere(&mut ledger, 500_000.0, 500_100.0);
    assert_eq!(poll(&mut ledger, 1_200.0, &[execution("a", 500_001.0)]).len(), 1);
    assert_eq!(bounds(&ledger), (498_801.0, f64::INFINITY));
}

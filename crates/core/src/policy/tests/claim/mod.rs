//! Assigning executions to runs.

mod clock;
mod ledger;
mod order;
mod ownership;

use crate::policy::ledger::{Ledger, ListedExecution, RunKey};

fn execution(id: &str, started_ms: f64) -> ListedExecution {
    ListedExecution { id: id.to_owned(), started_ms }
}

/// Creates a ledger with an exact offset: it has observed a change of the server's second at local time 1,000.
fn ledger_of_server_ahead_by(whole_seconds: f64) -> Ledger {
    let mut ledger = Ledger::default();
    let date_ms = whole_seconds * 1_000.0;
    ledger.observe_date(date_ms, 1_000.0, 1_000.0);
    ledger.observe_date(date_ms + 1_000.0, 1_000.0, 1_000.0);
    ledger
}

/// Applies a list that was requested and received at the same time, without a run that polls.
fn poll(ledger: &mut Ledger, at_ms: f64, list: &[ListedExecution]) -> Vec<(RunKey, String)> {
    ledger.polled(list, None, &[], at_ms, at_ms)
}

/// Adds a run with the given start and end.
fn run(ledger: &mut Ledger, from_ms: f64, to_ms: f64, is_executed: bool) -> RunKey {
    let key = ledger.begin(from_ms);
    ledger.ended(key, to_ms, is_executed);
    key
}

fn claims(expected: &[(RunKey, &str)]) -> Vec<(RunKey, String)> {
    expected.iter().map(|(key, id)| (*key, (*id).to_owned())).collect()
}

/// Adds an executed run of another tab, which started between two times of the server's clock.
fn executed_elsewhere(ledger: &mut Ledger, after_ms: f64, before_ms: f64) -> RunKey {
    let key = ledger.add_of_server(after_ms, before_ms);
    ledger.ended(key, 0.0, true);
    key
}

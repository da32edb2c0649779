//! The rules of a batch.

use std::rc::Rc;

use browser_use_skills_core::batch::{PauseReason, Progress, RowResult, RowStatus};
use browser_use_skills_core::engine::Resumed;

use super::evidence::TOLERATED_SKEW_MS;
use super::facts::{RESPONSE_KEPT_MS, is_list_late, is_past_late, starter_of};
use super::liveness::{is_indistinguishable, is_recoverable};
use crate::batch_state::Session;
use crate::execution::Starter;
use crate::executor::Time;
use crate::faults::Fault;
use crate::plan::BatchPlan;
use crate::platform::Page;
use crate::tab::Tab;
use crate::value::Value;
use crate::world::{CHANGED, World};

/// Whether the skill fails when this run is executed now.
pub fn fails_now(world: &World, run: usize) -> bool {
    let Some((row, plan)) = world.row(run).zip(world.plan.batch.as_ref()) else { return false };
    world.runs[run].executions.borrow().len() < plan.fails_for[row] as usize
}

/// Whether the list cannot prove that nothing was executed, or which execution is whose: see `docs/recovery.md`.
fn is_evidence_poor(world: &World) -> bool {
    let Some(plan) = &world.plan.batch else { return false };
    let executions = world.cloud.executions.borrow();
    let is_foreign = |starter: Starter| match starter {
        Starter::Foreign => true,
        Starter::Run(run) => world.plan.runs[run].recover.is_none(),
        Starter::Past => false,
    };
    let has_foreign =
        executions.iter().any(|execution| execution.skill == plan.skill && is_foreign(execution.starter));
    is_list_late(world, plan.skill)
        // Without the server's clock, it cannot be distinguished from a row's.
        || (!world.plan.list.is_date_readable && is_past_late(world, plan.skill))
        || world.plan.list.skew_ms > TOLERATED_SKEW_MS
        || (has_foreign && !world.plan.shared_account)
        || world.runs.iter().any(|run| run.has_expired_early.get())
}

/// B2, B3 and B4: checks an execution when it starts.
pub fn check_row_start(world: &World, run: usize, body: &Value) {
    let Some((row, plan)) = world.row(run).zip(world.plan.batch.as_ref()) else {
        if world.plan.batch.as_ref().is_some_and(|plan| is_running(world, plan)) {
            world.fire(Fault::ExecutedBeside);
        }
        return;
    };
    let is_changed = body.as_str().is_some_and(|body| body.ends_with(CHANGED));
    world.batch.executed.borrow_mut().push((row, is_changed));
    let executions = world.cloud.executions.borrow();
    let own = world.runs[run].executions.borrow();
    let earlier = &own[..own.len() - 1];
    if !earlier.is_empty() {
        world.fire(Fault::RowRetried);
    }
    let is_exempt = is_evidence_poor(world);
    let is_asked_for =
        earlier.len() <= plan.retry_failed as usize && earlier.iter().all(|index| executions[*index].fails);
    if !is_asked_for && !is_exempt {
        world.violate("B2", || format!("row {row} is executed {} times", own.len()));
    }
    let executed = world.batch.executed.borrow();
    if executed.iter().any(|(other, changed)| *other == row && *changed != is_changed) && !is_exempt {
        world.violate("B3", || format!("row {row} is executed with other parameters"));
    }
    if plan.max_executions.is_some_and(|max| executed.len() > max as usize) && !is_exempt {
        let count = executed.len();
        world.violate("B4", || format!("the batch has {count} executions, more than its budget"));
    }
}

fn is_running(world: &World, plan: &BatchPlan) -> bool {
    (plan.first_run..plan.first_run + plan.rows).any(|run| {
        let sends = world.runs[run].sends.borrow();
        sends.last().is_some_and(|send| send.closed.get().is_none())
    })
}

/// Records whether another user runs the skill while a row is running.
pub fn note_foreign_beside(world: &World, skill: usize) {
    if world.plan.batch.as_ref().is_some_and(|plan| plan.skill == skill && is_running(world, plan)) {
        world.fire(Fault::ForeignBeside);
    }
}

/// B1, B3, B5 and B6: checks a result when a caller receives it.
pub fn check_result(world: &World, session: &Session, result: &RowResult<Value>) {
    let Some(plan) = &world.plan.batch else { return };
    let row = result.index as usize;
    let run = plan.first_run + row;
    if row >= plan.rows || !session.returned.borrow_mut().insert(row) {
        world.violate("B1", || format!("row {row} is returned twice"));
    }
    if session.was_following.get() {
        world.fire(Fault::BatchFollowed);
    }
    match result.status {
        RowStatus::Done => check_owner(world, run, row, session, result),
        RowStatus::Failed => {
            world.fire(Fault::RowFailed);
            check_owner(world, run, row, session, result);
        }
        RowStatus::Unknown => {
            world.fire(Fault::RowUnknown);
            world.batch.unknown.borrow_mut().insert(row);
        }
        RowStatus::Rejected => {
            world.fire(Fault::RowRejected);
            if !world.runs[run].executions.borrow().is_empty() && !is_evidence_poor(world) {
                let count = world.runs[run].executions.borrow().len();
                // A row that was rejected is not executed, unless an earlier attempt has failed.
                let is_retry = count <= result.attempts as usize;
                if !is_retry {
                    world.violate("B3", || format!("row {row} is rejected, but was executed"));
                }
            }
            return;
        }
    }
    let text =
        format!("{:?} {} {:?} {:?}", result.status, result.attempts, result.execution_id, result.output);
    let mut results = world.batch.results.borrow_mut();
    if results.get(&row).is_some_and(|first| *first != text) {
        let first = results[&row].clone();
        world.violate("B6", || format!("tabs get different results of row {row}: [{first}, {text}]"));
    }
    results.insert(row, text);
}

/// B3: a result belongs to its row.
fn check_owner(world: &World, run: usize, row: usize, session: &Session, result: &RowResult<Value>) {
    let (starter, _) = starter_of(world, &result.output);
    let is_own = starter == Some(Starter::Run(run));
    let has_nulls = world.fired.get().has(Fault::UndeclaredNull);
    let is_unreadable = starter.is_none() && has_nulls;
    if !(is_own || is_unreadable || is_evidence_poor(world)) {
        world.violate("B3", || format!("row {row} gets the result of {starter:?}"));
    }
    let is_changed = session.changed.contains(&row);
    let executed = world.batch.executed.borrow();
    let is_own = is_own && !is_evidence_poor(world);
    if is_own && executed.iter().any(|(other, changed)| *other == row && *changed != is_changed) {
        world.violate("B3", || format!("row {row} gets the result of other parameters"));
    }
}

/// B5: a row is unknown only if its execution cannot be identified, does not end or has no output.
fn check_unknown(world: &World, run: usize, row: usize) {
    let executions = world.cloud.executions.borrow();
    let own = world.runs[run].executions.borrow();
    let is_open = own.last().is_some_and(|own| {
        let execution = &executions[*own];
        let last: Time = 900_000_000;
        execution.has_lost_output || execution.ends.is_none_or(|ends| ends > execution.started + last)
    });
    let has_no_output = world.fired.get().has_any(&[Fault::OutputMissing, Fault::DownloadExpired]);
    // A run whose response has arrived is forgotten when it was not listed for 10 minutes, because no page was open.
    let is_forgotten = world
        .plan
        .tabs
        .iter()
        .any(|tab| tab.follows.is_some_and(|(_, delay_ms)| delay_ms > RESPONSE_KEPT_MS));
    let is_exempt = is_open || has_no_output || is_forgotten;
    if !is_exempt && is_recoverable(world) && !is_indistinguishable(world, run) {
        world.violate("B5", || format!("row {row} is unknown in a world without other users"));
    }
}

/// Records what the progress of a batch shows.
pub fn check_progress(world: &World, session: &Session, progress: &Progress) {
    if progress.is_following {
        session.was_following.set(true);
    } else if session.was_following.get() && progress.running > 0 {
        world.fire(Fault::BatchTakenOver);
    }
    match progress.pause {
        Some(PauseReason::Budget) => world.fire(Fault::BudgetSpent),
        Some(PauseReason::Network) => world.fire(Fault::NetworkPause),
        Some(PauseReason::Store) => world.fire(Fault::StorePause),
        Some(PauseReason::Journal) => world.fire(Fault::JournalPause),
        _ => {}
    }
}

/// B3: `resume()` of the caller returns no run of the batch.
pub fn check_resumed_beside(world: &World, resumed: &[Resumed<Page>]) {
    if world.storage.entries().iter().any(|entry| entry.field("batch").is_some()) {
        world.fire(Fault::ResumedBeside);
    }
    for run in resumed {
        if let Some(row) = run.row() {
            world.violate("B3", || format!("resume() returns the run of row {}", row.index));
        }
    }
}

/// Records at which moment a tab is killed.
pub fn note_batch_killed(world: &World, tab: &Rc<Tab>) {
    let is_running = |session: &Rc<Session>| session.tab == tab.index && !session.has_ended.get();
    if world.is_fault_free.get() || !world.batch.sessions.borrow().iter().any(is_running) {
        return;
    }
    world.fire(Fault::BatchKilled);
    let entries = world.storage.entries();
    for (index, record) in world.batch.store.borrow().iter() {
        let is_of_row = |entry: &&Value| {
            let row = entry.field("batch").and_then(|batch| batch.field("row"));
            matches!(row, Some(Value::Number(row)) if *row as i64 == *index) && entry.field("past").is_none()
        };
        match (record.text_field("status"), entries.iter().any(|entry| is_of_row(&entry))) {
            (Some("running"), false) => world.fire(Fault::KilledReserved),
            (Some("running"), true) => world.fire(Fault::KilledRunning),
            (Some("done" | "failed"), true) => world.fire(Fault::KilledStored),
            _ => {}
        }
    }
}

/// B6: without faults, every row is done, and was executed once.
pub fn check_calm(world: &World) {
    let Some(plan) = world.plan.batch.as_ref().filter(|plan| plan.is_calm) else { return };
    for session in world.batch.sessions.borrow().iter() {
        let count = session.returned.borrow().len();
        if !session.has_ended.get() || count != plan.rows {
            world.violate("B6", || format!("tab {} gets {count} of {} results", session.tab, plan.rows));
        }
    }
    for row in 0..plan.rows {
        let count = world.runs[plan.first_run + row].executions.borrow().len();
        let is_done = world.batch.results.borrow().get(&row).is_some_and(|text| text.starts_with("Done"));
        if count != 1 || !is_done {
            world.violate("B6", || format!("row {row} has {count} executions and is done: {is_done}"));
        }
    }
}

/// B1: in the last page, every row is returned, unless the budget is spent.
pub fn check_batch_end(world: &World) {
    let Some(plan) = &world.plan.batch else { return };
    let sessions = world.batch.sessions.borrow();
    let Some(last) = sessions.last() else { return };
    for run in plan.first_run..plan.first_run + plan.rows {
        if world.runs[run].sends.borrow().len() > world.runs[run].executions.borrow().len().max(1) {
            world.fire(Fault::RowStartedAgain);
        }
    }
    for row in world.batch.unknown.borrow().iter() {
        check_unknown(world, plan.first_run + row, *row);
    }
    let count = last.returned.borrow().len();
    let is_complete = last.has_ended.get() && count == plan.rows;
    if !is_complete && !last.is_budget_spent.get() {
        let executed = world.batch.executed.borrow().len();
        world.violate("B1", || {
            format!("the last page gets {count} of {} results; {executed} executions", plan.rows)
        });
    }
}

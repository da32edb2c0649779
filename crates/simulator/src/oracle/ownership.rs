//! R2: a run gets only its own execution.

use std::rc::Rc;

use browser_use_skills_core::api::node::Node;

use super::evidence::{
    TOLERATED_SKEW_MS, is_evidence_poor, is_forgotten, is_unprovable, may_attribute, may_be_confused,
    uncertainty,
};
use super::facts::{is_accounted, is_foreign_run, is_list_late, is_protected, may_interfere, starter_of};
use crate::execution::Starter;
use crate::faults::Fault;
use crate::outcome::Outcome;
use crate::storage::SLOWEST_WRITE;
use crate::tab::Tab;
use crate::value::{Value, short};
use crate::world::World;

/// R2: the result of a run is of its own execution.
pub fn check_owner(world: &World, how: &str, tab: usize, run: usize, outcome: &Outcome) {
    let Outcome::Result { starter, execution } = outcome else { return };
    check_starter(world, how, tab, run, *starter, *execution);
}

fn check_starter(
    world: &World,
    how: &str,
    tab: usize,
    run: usize,
    starter: Option<Starter>,
    execution: Option<usize>,
) {
    let executions = world.cloud.executions.borrow();
    let was_exempt =
        execution.is_some_and(|index| world.exempt_attributions.borrow().contains(&(run, index)));
    let is_exempt = was_exempt
        || match starter {
            None => execution.is_some() || world.fired.get().has(Fault::UndeclaredNull),
            Some(Starter::Run(other)) if other == run => return,
            Some(Starter::Run(other)) => {
                let of_other = execution.map_or_else(
                    || executions.iter().find(|execution| execution.starter == Starter::Run(other)),
                    |index| executions.get(index),
                );
                let is_foreign = is_foreign_run(world, tab, run, other) || may_be_confused(world, tab, run);
                of_other.is_some_and(|of| {
                    (is_foreign && (may_attribute(world, tab, run, of) || is_forgotten(world, of)))
                        || is_unprovable(world, tab, run, of)
                })
            }
            Some(_) => execution.is_some_and(|index| {
                let execution = &executions[index];
                // If the list has several pages, an execution may be on none of them when they are requested.
                let is_timeless = world.plan.list.unreadable_times || !execution.has_time();
                let was_hidden = is_timeless && world.plan.list.old > 90;
                (was_hidden && execution.starter == Starter::Past)
                    || is_forgotten(world, execution)
                    || may_attribute(world, tab, run, execution)
            }),
        };
    // Other tabs read this claim in the journal.
    if let Some(index) = execution.filter(|_| is_exempt && !was_exempt) {
        world.exempt_attributions.borrow_mut().push((run, index));
        // Its own outcome is lost: later outcomes are wrong, too.
        world.runs[run].is_given_up.set(true);
    }
    // If a run got an execution of others, its own is left over, and another run may get it.
    world.is_confused.set(world.is_confused.get() || (is_exempt && starter.is_some()));
    let is_unprotected = matches!(starter, Some(Starter::Run(other)) if !is_protected(world, other));
    if !is_exempt {
        let what = if is_unprotected { " (without recover)" } else { "" };
        world.violate("R2", || format!("{how} attributes to run {run} an execution of {starter:?}{what}"));
    }
}

/// R2: an entry contains the id of its own execution.
pub fn check_entry(world: &World, tab: usize, entry: &Value) {
    check_owners(world, tab, entry);
    let Some(run) = entry.text_field("tag").and_then(|tag| world.run_of(tag)) else { return };
    if let Some(id) = entry.text_field("id") {
        world.entries.borrow_mut().insert(Rc::from(id), run);
    }
    if world.runs[run].journalled.get().is_none() {
        let baseline = world.baseline(tab, Some(world.skill(run)));
        let slowest = if world.plan.journal.slow > 0.0 { SLOWEST_WRITE } else { 0 };
        world.runs[run].journalled.set(Some((world.now().saturating_sub(slowest), baseline)));
    }
    if entry.field("concluded").is_some() && is_evidence_poor(world, run) {
        world.runs[run].is_given_up.set(true);
    }
    if let Some(id) = entry.text_field("executionId") {
        world.runs[run].found_by.set(world.runs[run].found_by.get().or(Some(tab)));
        check_attribution(world, "the journal", tab, run, id);
    }
}

/// R2: the record of a skill contains the owners of its executions.
fn check_owners(world: &World, tab: usize, record: &Value) {
    let owners = record.field("owners").map(Node::items).unwrap_or_default();
    for pair in owners.chunks_exact(2) {
        let (Value::Text(id), Value::Text(entry)) = (&pair[0], &pair[1]) else { continue };
        let run = world.entries.borrow().get(entry).copied();
        // The owner of a run whose outcome was delivered has no effect any more.
        if let Some(run) = run.filter(|run| !is_accounted(world, *run)) {
            check_attribution(world, "the record", tab, run, id);
        }
    }
}

fn check_attribution(world: &World, how: &str, tab: usize, run: usize, id: &str) {
    let executions = world.cloud.executions.borrow();
    let index = executions.iter().position(|execution| &*execution.id == id);
    let Some(index) = index else { return };
    let starter = executions[index].starter;
    drop(executions);
    check_starter(world, how, tab, run, Some(starter), Some(index));
}

/// R2: `deliver` gets the result of the run's own execution, and R3: once. Returns the run.
pub fn check_delivery(world: &World, tab: &Tab, run: Option<usize>, data: &Value) -> Option<usize> {
    let (starter, execution) = starter_of(world, data);
    let owner = match starter {
        Some(Starter::Run(owner)) => Some(owner),
        _ => None,
    };
    let run = run.or(owner)?;
    world.note(Some(tab.index), "delivers", run as u64, || format!("run {run}"));
    check_starter(world, "deliver", tab.index, run, starter, execution);
    let count = world.runs[run].deliveries.get() + 1;
    world.runs[run].deliveries.set(count);
    world.runs[run].delivered_in.set(Some(tab.index));
    // A page that is closed before the entry is removed may have stored the result or not: `deliver` must be called again.
    let is_exempt = world.runs[run].was_interrupted.take()
        || !world.plan.shared_locks
        || world.storage.was_too_slow.get()
        || world.fired.get().has_any(&[Fault::DeliverFails, Fault::JournalFails, Fault::JournalHangs]);
    if count > 1 && !is_exempt && !is_attributed_to_other(world, run) {
        world.violate("R3", || format!("run {run} is delivered {count} times"));
    }
    Some(run)
}

/// R2: the candidates of an ambiguous run contain its own execution.
pub fn check_candidates(world: &World, run: usize, outcome: &Outcome) {
    let Outcome::Ambiguous { candidates } = outcome else { return };
    let executions = world.cloud.executions.borrow();
    let own = world.runs[run].executions.borrow().first().map(|own| short(&executions[*own].id));
    let is_lacking = own.is_some_and(|own| !candidates.iter().any(|id| id == own));
    let is_exempt = is_list_late(world, world.skill(run))
        || world.is_confused.get()
        || may_interfere(world)
        || world.plan.list.skew_ms > TOLERATED_SKEW_MS;
    if is_lacking && !is_exempt {
        world.violate("R2", || format!("run {run} is ambiguous, and its candidates lack its own execution"));
    }
}

/// Whether another run has the execution of a run, by an attribution that is exempt from R2: its delivery is not the run's.
fn is_attributed_to_other(world: &World, run: usize) -> bool {
    let executions = world.cloud.executions.borrow();
    world.exempt_attributions.borrow().iter().any(|(to, index)| {
        *to != run && executions.get(*index).is_some_and(|execution| execution.starter == Starter::Run(run))
    })
}

/// Records which executions of other users are within the window of a run.
pub fn fire_foreign(world: &World) {
    let executions = world.cloud.executions.borrow();
    for execution in executions.iter().filter(|execution| execution.starter == Starter::Foreign) {
        let is_within = |run: usize| {
            let window = uncertainty(world, world.plan.runs[run].tab, run, execution);
            let is_within = |(from, until)| (from..=until).contains(&execution.started);
            world.skill(run) == execution.skill && window.is_some_and(is_within)
        };
        let is_in_window = (0..world.runs.len()).any(is_within);
        world.fire(match (is_in_window, world.plan.shared_account) {
            (true, true) => Fault::ForeignShared,
            (true, false) => Fault::ForeignInWindow,
            (false, _) => Fault::ForeignOutside,
        });
    }
}

//! What the cloud and the plan tell of a run.

use browser_use_skills_core::api::node::Node;
use browser_use_skills_core::api::problem::ErrorCode;
use browser_use_skills_core::engine::{Answered, Error};

use crate::execution::{Execution, Starter};
use crate::executor::{Time, millis};
use crate::outcome::Outcome;
use crate::value::{Value, short};
use crate::world::World;

/// How long after its connection broke a request may be executed.
pub const SLACK: Time = 1_000_000;
/// How long the engine keeps an entry without `deliver` after its response, in milliseconds.
pub const ANSWERED_MS: f64 = 600_000.0;

/// What a result of the engine says.
pub fn outcome(world: &World, result: &Result<Answered<Value>, Error<Value>>) -> Outcome {
    match result {
        Ok(answered) => {
            let (starter, execution) = starter_of(world, &answered.data);
            Outcome::Result { starter, execution }
        }
        Err(Error::Failed(failure)) => {
            let code = failure.code.as_str();
            if failure.code == ErrorCode::AmbiguousExecution {
                let items = failure.candidates.items();
                let ids = items.iter().filter_map(|item| item.text_field("id"));
                Outcome::Ambiguous { candidates: ids.map(|id| short(id).to_owned()).collect() }
            } else if failure.maybe_executed {
                Outcome::Open { code, execution_id: failure.execution_id.clone() }
            } else {
                Outcome::NotExecuted { code }
            }
        }
        Err(_) => Outcome::Aborted,
    }
}

/// Whose execution a result is.
pub fn starter_of(world: &World, data: &Value) -> (Option<Starter>, Option<usize>) {
    let executions = world.cloud.executions.borrow();
    let by_id = data
        .text_field("executionId")
        .and_then(|id| executions.iter().position(|execution| &*execution.id == id));
    let token = data.text_field("result").or_else(|| data.text_field("error"));
    let by_token = token.map(|token| match (world.run_of(token), token) {
        (Some(run), _) => Starter::Run(run),
        (None, "past") => Starter::Past,
        (None, _) => Starter::Foreign,
    });
    let starter = by_id.map(|index| executions[index].starter);
    if let (Some(one), Some(other)) = (starter, by_token)
        && one != other
    {
        world.violate("R2", || format!("executionId is of {one:?}, and the result of {other:?}"));
    }
    (by_token.or(starter), by_id)
}

pub fn is_protected(world: &World, run: usize) -> bool {
    world.plan.runs[run].recover.is_some()
}

/// Whether the outcome of a run has reached its caller for good.
pub fn is_accounted(world: &World, index: usize) -> bool {
    let run = &world.runs[index];
    let is_told = run.outcomes.borrow().iter().any(|(_, outcome)| matches!(outcome, Outcome::Result { .. }));
    let has_deliver = world.plan.runs[index].recover.is_some_and(|recover| recover.has_deliver);
    run.delivered.get() > 0
        || run.is_acknowledged.get()
        || run.is_discarded.get()
        || (is_told && !has_deliver && run.has_ended.get() && run.killed.get().is_none())
}

/// Whether a run was executed, or may still be.
pub fn may_run(world: &World, index: usize) -> bool {
    let run = &world.runs[index];
    !run.executions.borrow().is_empty() || run.sends.borrow().iter().any(|send| send.may_arrive())
}

/// Whether another run of ours counts as somebody else's to a tab: it is of another one, and the tabs have no locks or
/// no journal in common, or it is not to be recovered, so that the journal has nothing of it.
pub fn is_foreign_run(world: &World, tab: usize, run: usize, other: usize) -> bool {
    let is_known = world.plan.shared_locks && world.plan.journal.exists && is_protected(world, other);
    let is_here = world.plan.runs[run].tab == tab && world.plan.runs[other].tab == tab;
    !is_known && !is_here
}

/// Whether a tab can resume what another one is still at: without common locks the journal tells nothing of that.
pub fn may_interfere(world: &World) -> bool {
    !world.plan.shared_locks && world.plan.tabs.len() > 1
}

/// Whether an own execution of a skill is listed later than any run waits, or never.
pub fn is_list_late(world: &World, skill: usize) -> bool {
    world.cloud.executions.borrow().iter().any(|execution| {
        execution.skill == skill
            && matches!(execution.starter, Starter::Run(_))
            && is_listed_late(world, execution)
    })
}

pub fn is_listed_late(world: &World, execution: &Execution) -> bool {
    !execution.is_listed || millis(execution.longest_lag()) > shortest_grace_ms(world)
}

pub fn shortest_grace_ms(world: &World) -> f64 {
    let graces = world.plan.resumes.iter().map(|resume| resume.grace_ms);
    let of_runs = world.plan.runs.iter().filter_map(|run| run.recover).map(|recover| recover.grace_ms);
    graces.chain(of_runs).chain([20_000.0]).fold(f64::INFINITY, f64::min)
}

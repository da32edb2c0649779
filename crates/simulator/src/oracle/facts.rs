//! Facts about runs and executions, which the rules refer to.

use browser_use_skills_core::api::node::Node;
use browser_use_skills_core::api::problem::ErrorCode;
use browser_use_skills_core::engine::Error;

use crate::execution::{Execution, Starter};
use crate::executor::{Time, millis};
use crate::outcome::Outcome;
use crate::plan::BEGIN;
use crate::value::{Value, short};
use crate::world::World;

/// How long after its connection broke a request may still be executed, as the engine assumes.
pub const SLACK: Time = 1_000_000;
/// How long an entry without `deliver` stays in the journal after its response, in milliseconds.
pub const RESPONSE_KEPT_MS: f64 = 600_000.0;

/// The outcome that a result of the engine means.
pub fn outcome(world: &World, result: Result<&Value, &Error<Value>>) -> Outcome {
    match result {
        Ok(data) => {
            let (starter, execution) = starter_of(world, data);
            Outcome::Result { starter, execution }
        }
        Err(Error::Failed(failure)) => {
            let code = failure.code.as_str();
            if failure.code == ErrorCode::AmbiguousExecution {
                let items = failure.candidates.items();
                let ids = items.iter().filter_map(|item| item.text_field("id"));
                Outcome::Ambiguous { candidates: ids.map(|id| short(id).to_owned()).collect() }
            } else if failure.maybe_executed {
                Outcome::MaybeExecuted { code, execution_id: failure.execution_id.clone() }
            } else {
                Outcome::NotExecuted { code }
            }
        }
        Err(_) => Outcome::Aborted,
    }
}

/// Who started the execution of a result, and its index, if the result has an id.
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
        world
            .violate("R2", || format!("the result has the executionId of {one:?} and the data of {other:?}"));
    }
    (by_token.or(starter), by_id)
}

pub fn is_protected(world: &World, run: usize) -> bool {
    world.plan.runs[run].recover.is_some()
}

/// Whether the outcome of a run was delivered to its caller, acknowledged or discarded.
pub fn is_accounted(world: &World, index: usize) -> bool {
    let run = &world.runs[index];
    let has_result =
        run.outcomes.borrow().iter().any(|(_, outcome)| matches!(outcome, Outcome::Result { .. }));
    let has_deliver = world.plan.runs[index].recover.is_some_and(|recover| recover.has_deliver);
    run.delivered.get() > 0
        || run.is_acknowledged.get()
        || run.is_discarded.get()
        || (has_result && !has_deliver && run.has_ended.get() && run.killed.get().is_none())
}

/// Whether a run was or may still be executed.
pub fn may_run(world: &World, index: usize) -> bool {
    let run = &world.runs[index];
    !run.executions.borrow().is_empty() || run.sends.borrow().iter().any(|send| send.may_arrive())
}

/// Whether a run of another tab counts as that of another user: the tabs share no locks or no journal, or the run is without
/// `recover`, so that the journal does not contain it.
pub fn is_foreign_run(world: &World, tab: usize, run: usize, other: usize) -> bool {
    let is_known = world.plan.shared_locks && world.plan.journal.exists && is_protected(world, other);
    let is_here = world.plan.runs[run].tab == tab && world.plan.runs[other].tab == tab;
    !is_known && !is_here
}

/// Whether tabs do not share locks, so that one can resume a run that another one still waits for.
pub fn may_interfere(world: &World) -> bool {
    !world.plan.shared_locks && world.plan.tabs.len() > 1
}

/// Whether an execution of before the world began is listed only afterwards.
pub fn is_past_late(world: &World, skill: usize) -> bool {
    let executions = world.cloud.executions.borrow();
    let mut past =
        executions.iter().filter(|execution| execution.skill == skill && execution.starter == Starter::Past);
    past.any(|past| past.started + past.longest_lag() > BEGIN)
}

/// Whether an execution of a skill by the client is listed after the grace period, or never.
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

//! Checks at the start and end of calls, and at the end of a world.

use super::journal::{check_ids, check_journal};
use super::liveness::{check_liveness, check_response_delay, check_session_limit};
use super::ownership::{check_candidates, check_owner, fire_foreign};
use super::truth::check_truth;
use crate::executor::Ended;
use crate::faults::Fault;
use crate::outcome::Outcome;
use crate::world::World;

pub fn check_begin(world: &World, run: usize, must_wait: bool) {
    let plan = &world.plan.runs[run];
    if must_wait {
        world.fire(Fault::Limited);
    }
    world.note(Some(plan.tab), "calls", run as u64, || format!("run {run}"));
    for (other, other_plan) in world.plan.runs.iter().enumerate() {
        let is_active = world.runs[other].began.get().is_some() && !world.runs[other].has_ended.get();
        if other == run || !is_active || world.skill(other) != world.skill(run) {
            continue;
        }
        if other_plan.recover.is_none() != plan.recover.is_none() {
            world.fire(Fault::Unprotected);
        }
        if other_plan.spelling != plan.spelling {
            world.fire(Fault::Spelling);
        }
        if other_plan.tab == plan.tab && other_plan.client != plan.client {
            world.fire(Fault::TwoClients);
        }
        if other_plan.tab != plan.tab && !world.plan.shared_locks {
            world.fire(Fault::NoSharedLocks);
        }
    }
    if !world.plan.journal.exists && plan.recover.is_some() {
        world.fire(Fault::NoJournal);
    }
}

pub fn check_call(world: &World, run: usize, tab: usize, outcome: Outcome) {
    check_response_delay(world, run, &world.tab(tab));
    check_session_limit(world, run, &outcome);
    check_owner(world, "the call", tab, run, &outcome);
    check_ids(world, run, &outcome);
    world.runs[run].own_outcome.set(Some(world.runs[run].outcomes.borrow().len()));
    check_outcome(world, run, outcome);
}

pub fn check_resumed(world: &World, run: usize, tab: usize, outcome: Outcome) {
    check_owner(world, "resume()", tab, run, &outcome);
    check_outcome(world, run, outcome);
}

fn check_outcome(world: &World, run: usize, outcome: Outcome) {
    if matches!(
        &outcome,
        Outcome::NotExecuted { code: "timeout" } | Outcome::MaybeExecuted { code: "timeout", .. }
    ) && world.plan.runs[run].total_timeout_ms.is_some()
    {
        world.fire(Fault::TotalTimeout);
    }
    check_candidates(world, run, &outcome);
    world.runs[run].outcomes.borrow_mut().push((world.now(), outcome));
}

/// Checks the rules that can only be checked at the end of a world.
pub fn check_end(world: &World, ended: Ended) {
    if ended != Ended::Idle {
        world.violate("R5", || format!("the last page does not become idle: {ended:?}"));
    }
    check_journal(world, "at the end");
    fire_foreign(world);
    for index in 0..world.runs.len() {
        check_truth(world, index);
        check_liveness(world, index);
    }
}

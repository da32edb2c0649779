//! R1: `maybeExecuted` is false only if nothing was executed.

use super::evidence::is_evidence_poor;
use super::facts::{is_protected, may_interfere};
use crate::outcome::Outcome;
use crate::world::World;

/// R1: `maybeExecuted` is false only if nothing was executed.
pub fn check_truth(world: &World, index: usize) {
    let run = &world.runs[index];
    let executions = world.cloud.executions.borrow();
    let own = run.executions.borrow();
    let Some(execution) = own.first().map(|own| &executions[*own]) else { return };
    let has_result =
        run.outcomes.borrow().iter().any(|(_, outcome)| matches!(outcome, Outcome::Result { .. }));
    for (nth, (time, outcome)) in run.outcomes.borrow().iter().enumerate() {
        let Outcome::NotExecuted { code } = outcome else { continue };
        // Only the conclusion that a request never arrived can be wrong.
        let is_searched = run.sends.borrow().last().is_some_and(|send| !send.is_refused.get())
            && is_protected(world, index)
            && execution.started < *time;
        // Without shared locks, what another tab lists or claims meanwhile counts as that of another user: `resume()`
        // finds no execution left. The call itself, which saw its execution being listed, is not exempt.
        let is_interfered = may_interfere(world) && (is_searched || run.own_outcome.get() != Some(nth));
        if !(is_evidence_poor(world, index) && is_searched || is_interfered) {
            world.violate("R1", || {
                format!(
                    "run {index} was executed, but has an outcome with maybeExecuted: false ({code}); another has a result: {has_result}"
                )
            });
        }
    }
}

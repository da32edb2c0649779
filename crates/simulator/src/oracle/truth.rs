//! R1: what is said not to have been executed was not.

use super::evidence::is_evidence_poor;
use super::facts::{is_protected, may_interfere};
use crate::outcome::Outcome;
use crate::world::World;

/// R1: what is said not to have been executed was not.
pub fn check_truth(world: &World, index: usize) {
    let run = &world.runs[index];
    let executions = world.cloud.executions.borrow();
    let own = run.executions.borrow();
    let Some(execution) = own.first().map(|own| &executions[*own]) else { return };
    let is_told = run.outcomes.borrow().iter().any(|(_, outcome)| matches!(outcome, Outcome::Result { .. }));
    for (nth, (time, outcome)) in run.outcomes.borrow().iter().enumerate() {
        let Outcome::NotExecuted { code } = outcome else { continue };
        // Only the verdict that a request never arrived may err.
        let is_searched = run.sends.borrow().last().is_some_and(|send| !send.is_refused.get())
            && is_protected(world, index)
            && execution.started < *time;
        // Without common locks, what another tab lists or claims in the meantime is as good as somebody else's: `resume()`
        // finds nothing left. The call itself, which saw its execution appear, is not excused.
        let is_interfered = may_interfere(world) && (is_searched || run.told.get() != Some(nth));
        if !(is_evidence_poor(world, index) && is_searched || is_interfered) {
            world.violate("R1", || {
                format!(
                    "run {index} is said not to have been executed ({code}); its result is known: {is_told}"
                )
            });
        }
    }
}

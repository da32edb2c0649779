//! R1: what is said not to have been executed was not.

use super::Outcome;
use super::ownership::TOLERATED_SKEW_MS;
use crate::world::World;

impl World {
    /// Whether an execution may be missed that is there: because it is listed after the grace; because the clocks of the
    /// service differ by more than the engine tolerates; or because it was taken for that of another run, whose place
    /// somebody else's execution has taken.
    pub(super) fn is_evidence_poor(&self, index: usize) -> bool {
        self.is_list_late(self.skill(index))
            || self.plan.list.skew_ms > TOLERATED_SKEW_MS
            || self.may_be_confused(self.plan.runs[index].tab, index)
    }

    /// R1: what is said not to have been executed was not.
    pub(super) fn check_truth(&self, index: usize) {
        let run = &self.runs[index];
        let executions = self.cloud.executions.borrow();
        let own = run.executions.borrow();
        let Some(execution) = own.first().map(|own| &executions[*own]) else { return };
        let is_told =
            run.outcomes.borrow().iter().any(|(_, outcome)| matches!(outcome, Outcome::Result { .. }));
        for (nth, (time, outcome)) in run.outcomes.borrow().iter().enumerate() {
            let Outcome::NotExecuted { code } = outcome else { continue };
            // Only the verdict that a request never arrived may err.
            let is_searched = run.sends.borrow().last().is_some_and(|send| !send.is_refused.get())
                && self.is_protected(index)
                && execution.started < *time;
            // Without common locks, what another tab lists or claims in the meantime is as good as somebody else's: `resume()`
            // finds nothing left. The call itself, which saw its execution appear, is not excused.
            let is_interfered = self.may_interfere() && (is_searched || run.told.get() != Some(nth));
            if !(self.is_evidence_poor(index) && is_searched || is_interfered) {
                self.violate("R1", || format!("run {index} is said not to have been executed ({code}); its result is known: {is_told}"));
            }
        }
    }
}

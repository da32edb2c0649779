//! R2: what a run is given is its own.

use std::rc::Rc;

use browser_use_skills_core::api::node::Node;

use super::{Outcome, SLACK};
use crate::cloud::{Execution, Starter};
use crate::executor::{Time, micros};
use crate::faults::Fault;
use crate::tab::{SLOWEST_WRITE, Tab};
use crate::value::{Value, short};
use crate::world::World;

/// How far the engine assumes that the clocks of the service's machines may differ.
const SKEW: Time = 350_000;
/// How far they may differ in worlds that are held to all rules.
pub const TOLERATED_SKEW_MS: f64 = 25.0;

impl World {
    /// When an execution can have started that an engine in a tab may take for that of a run. It is the run's own window,
    /// from its request until a second after its connection broke, as far as that tab can tell by the evidence it has:
    /// - before: what was not yet listed in the newest list before the request, or, where the server's clock can be read,
    ///   what started within the imprecision of that clock;
    /// - after: the same imprecision; without a clock, until the run is resolved.
    ///
    /// A tab that did not send the request itself knows its times by the journal only, to two minutes, and not when the
    /// connection broke: until its time limit, it may not have.
    fn uncertainty(&self, tab: usize, run: usize, execution: &Execution) -> Option<(Time, Time)> {
        const DATED: Time = 120_000_000;
        let sends = self.runs[run].sends.borrow();
        let journalled = self.runs[run].journalled.get();
        // One that never left is a run to whoever finds it in the journal.
        let (sent, baseline) = sends.first().map(|first| (first.sent, first.baseline)).or(journalled)?;
        let last = sends.last();
        let list = &self.plan.list;
        let never = Time::MAX / 2;
        let by_baseline = baseline.saturating_sub(execution.longest_lag());
        // Requests that are slow tell little of the server's clock.
        let is_slow = self.plan.free.slow > 0.0 || self.plan.free.stalled > 0.0;
        let is_clock_readable =
            list.is_date_readable && !list.unreadable_times && execution.has_time() && !is_slow;
        let imprecision = self.tab(tab).newest_list(Some(self.skill(run))).map(|known| {
            let coarse = if list.coarse_times { 1_000_000 } else { 0 };
            let clock_ms = self.plan.tabs.get(tab).map_or(0.0, |tab| 2.0 * tab.clock_ms);
            // The fastest may have been for a run that is followed, which is no evidence.
            known.shortest.max(micros(3.0 * self.plan.free.latency_ms).unwrap_or_default())
                + 1_001_000
                + SKEW
                + coarse
                + micros(clock_ms + 2.0 * list.skew_ms).unwrap_or_default()
        });
        let Some(imprecision) = imprecision.filter(|_| is_clock_readable) else {
            return Some((by_baseline, never));
        };
        // After the call has ended, only the journal tells when it did.
        let is_unwritten = self.runs[run].has_ended.get()
            && (self.storage.was_too_slow.get()
                || self.fired.get().has_any(&[Fault::JournalFails, Fault::JournalHangs]));
        if tab != self.plan.runs[run].tab || is_unwritten {
            if self.fired.get().has(Fault::ClockJump) {
                return Some((by_baseline, never));
            }
            let timeout = self.plan.runs[run].timeout_ms.unwrap_or(300_000.0).max(300_000.0);
            let until = last.map_or(sent, |last| last.sent)
                + micros(timeout).unwrap_or_default()
                + DATED
                + SLACK
                + imprecision;
            return Some((by_baseline.max(sent.saturating_sub(DATED + imprecision)), until));
        }
        let until =
            last.and_then(|last| last.closed.get()).map_or(never, |closed| closed + SLACK + imprecision);
        Some((by_baseline.max(sent.saturating_sub(imprecision)), until))
    }

    /// Whether an execution of others may have been taken for one of ours, so that ours is left over: one that began within
    /// the window of any run of the skill, because runs are told apart by how many there are, too; without a journal, where
    /// nothing tells what was claimed, any.
    pub(super) fn may_be_confused(&self, tab: usize, run: usize) -> bool {
        if self.plan.shared_account {
            return false;
        }
        let executions = self.cloud.executions.borrow();
        let is_others = |execution: &&Execution| {
            execution.skill == self.skill(run)
                && match execution.starter {
                    Starter::Run(other) => self.is_foreign_run(tab, run, other),
                    Starter::Foreign => true,
                    Starter::Past => false,
                }
        };
        let is_blind = !self.plan.journal.exists;
        let fits = |execution: &Execution| {
            let mut ours = (0..self.runs.len()).filter(|other| self.skill(*other) == self.skill(run));
            is_blind || ours.any(|other| self.is_excused(tab, other, execution))
        };
        self.is_confused.get() || executions.iter().filter(is_others).any(fits)
    }

    /// Whether a tab can take an execution of others for that of a run, where the design assumes that others do not run the
    /// skill at such a time.
    fn is_excused(&self, tab: usize, run: usize, execution: &Execution) -> bool {
        if self.plan.shared_account {
            return false;
        }
        let window = self.uncertainty(tab, run, execution);
        window.is_some_and(|(from, until)| (from..=until).contains(&execution.started))
    }

    /// R2: what is attributed to a run is its own.
    pub(super) fn check_owner(&self, how: &str, tab: usize, run: usize, outcome: &Outcome) {
        let Outcome::Result { starter, execution } = outcome else { return };
        self.check_starter(how, tab, run, *starter, *execution);
    }

    /// Whether nothing can tell that an execution is that of an earlier run of ours: the server's times are wrong by more
    /// than the engine tolerates; or it is listed after the grace, when its run counts as one that never arrived, and it fits
    /// another by all evidence that there is; or the device's clock was set by more than the time for which the journal keeps what was answered.
    fn is_unprovable(&self, tab: usize, run: usize, execution: &Execution) -> bool {
        let list = &self.plan.list;
        list.skew_ms > TOLERATED_SKEW_MS
            || (self.is_listed_late(execution) && self.is_excused(tab, run, execution))
            || (0..self.runs.len()).any(|other| {
                self.skill(other) == self.skill(run)
                    && (self.is_given_up(other) || self.runs[other].has_expired_early.get())
            })
    }

    /// Whether a run was taken for one that never arrived, where the list is too late or too incomplete to tell: its
    /// execution is left over then.
    fn is_given_up(&self, run: usize) -> bool {
        let is_told = |(_, outcome): &(Time, Outcome)| matches!(outcome, Outcome::NotExecuted { .. });
        let is_told = self.runs[run].outcomes.borrow().iter().any(is_told);
        (is_told || self.runs[run].is_given_up.get()) && self.is_list_late(self.skill(run))
    }

    fn check_starter(
        &self,
        how: &str,
        tab: usize,
        run: usize,
        starter: Option<Starter>,
        execution: Option<usize>,
    ) {
        let executions = self.cloud.executions.borrow();
        let is_excused_before = execution.is_some_and(|index| self.excused.borrow().contains(&(run, index)));
        let is_excused = is_excused_before
            || match starter {
                None => execution.is_some() || self.fired.get().has(Fault::UndeclaredNull),
                Some(Starter::Run(other)) if other == run => return,
                Some(Starter::Run(other)) => {
                    let of_other = execution.map_or_else(
                        || executions.iter().find(|execution| execution.starter == Starter::Run(other)),
                        |index| executions.get(index),
                    );
                    let is_foreign = self.is_foreign_run(tab, run, other) || self.may_be_confused(tab, run);
                    of_other.is_some_and(|of| {
                        (is_foreign && self.is_excused(tab, run, of)) || self.is_unprovable(tab, run, of)
                    })
                }
                Some(_) => execution.is_some_and(|index| {
                    let execution = &executions[index];
                    // Of several pages, each may be of another moment: one between them is seen for the first time later. Without
                    // common locks, tabs overwrite in the journal what others have seen.
                    let is_timeless = self.plan.list.unreadable_times || !execution.has_time();
                    let was_hidden = is_timeless && self.plan.list.old > 90 || self.may_interfere();
                    (was_hidden && execution.starter == Starter::Past) || self.is_excused(tab, run, execution)
                }),
            };
        // What a tab with little evidence has attributed, others read in the journal.
        if let Some(index) = execution.filter(|_| is_excused && !is_excused_before) {
            self.excused.borrow_mut().push((run, index));
            // What is told of it is wrong from now on: its own outcome is lost.
            self.runs[run].is_given_up.set(true);
        }
        // Where an execution of others was taken for ours, ours is left over, and may be taken for the next one's.
        self.is_confused.set(self.is_confused.get() || (is_excused && starter.is_some()));
        let is_unprotected = matches!(starter, Some(Starter::Run(other)) if !self.is_protected(other));
        if !is_excused {
            let what = if is_unprotected { " (without recover)" } else { "" };
            self.violate("R2", || format!("{how} gives run {run} what {starter:?}{what} ran"));
        }
    }

    /// R2: the journal attributes an execution to a run.
    pub fn check_entry(&self, tab: usize, entry: &Value) {
        self.check_owners(tab, entry);
        let Some(run) = entry.text_field("tag").and_then(|tag| self.run_of(tag)) else { return };
        if let Some(id) = entry.text_field("id") {
            self.entries.borrow_mut().insert(Rc::from(id), run);
        }
        if self.runs[run].journalled.get().is_none() {
            let baseline = self.tab(tab).baseline(self, Some(self.skill(run)));
            let slowest = if self.plan.journal.slow > 0.0 { SLOWEST_WRITE } else { 0 };
            self.runs[run].journalled.set(Some((self.now().saturating_sub(slowest), baseline)));
        }
        if entry.field("concluded").is_some() && self.is_evidence_poor(run) {
            self.runs[run].is_given_up.set(true);
        }
        if let Some(id) = entry.text_field("executionId") {
            self.runs[run].found_by.set(self.runs[run].found_by.get().or(Some(tab)));
            self.check_attribution("the journal", tab, run, id);
        }
    }

    /// R2: the record of a skill says whose its executions are.
    fn check_owners(&self, tab: usize, record: &Value) {
        let owners = record.field("owners").map(Node::items).unwrap_or_default();
        for pair in owners.chunks_exact(2) {
            let (Value::Text(id), Value::Text(entry)) = (&pair[0], &pair[1]) else { continue };
            let run = self.entries.borrow().get(entry).copied();
            // Nobody is given what belongs to a run whose outcome is known.
            if let Some(run) = run.filter(|run| !self.is_accounted(*run)) {
                self.check_attribution("the record", tab, run, id);
            }
        }
    }

    fn check_attribution(&self, how: &str, tab: usize, run: usize, id: &str) {
        let executions = self.cloud.executions.borrow();
        let index = executions.iter().position(|execution| &*execution.id == id);
        let Some(index) = index else { return };
        let starter = executions[index].starter;
        drop(executions);
        self.check_starter(how, tab, run, Some(starter), Some(index));
    }

    /// R2: what is delivered is the run's. Returns the run.
    pub fn check_delivery(&self, tab: &Tab, run: Option<usize>, data: &Value) -> Option<usize> {
        let (starter, execution) = self.starter_of(data);
        let owner = match starter {
            Some(Starter::Run(owner)) => Some(owner),
            _ => None,
        };
        let run = run.or(owner)?;
        self.note(Some(tab.index), "delivers", run as u64, || format!("run {run}"));
        self.check_starter("deliver", tab.index, run, starter, execution);
        let count = self.runs[run].deliveries.get() + 1;
        self.runs[run].deliveries.set(count);
        let is_excused = !self.plan.shared_locks
            || self.storage.was_too_slow.get()
            || self.fired.get().has_any(&[
                Fault::Killed,
                Fault::KilledInDeliver,
                Fault::DeliverFails,
                Fault::JournalFails,
                Fault::JournalHangs,
            ]);
        if count > 1 && !is_excused {
            self.violate("R3", || format!("run {run} is delivered {count} times"));
        }
        Some(run)
    }

    /// R2: a run that is ambiguous has its own execution among its candidates.
    pub(super) fn check_candidates(&self, run: usize, outcome: &Outcome) {
        let Outcome::Ambiguous { candidates } = outcome else { return };
        let executions = self.cloud.executions.borrow();
        let own = self.runs[run].executions.borrow().first().map(|own| short(&executions[*own].id));
        let is_lacking = own.is_some_and(|own| !candidates.iter().any(|id| id == own));
        let is_excused = self.is_list_late(self.skill(run))
            || self.is_confused.get()
            || self.may_interfere()
            || self.plan.list.skew_ms > TOLERATED_SKEW_MS;
        if is_lacking && !is_excused {
            self.violate("R2", || format!("run {run} is ambiguous, and its own execution is no candidate"));
        }
    }

    /// Which foreign executions could be taken for those of a run.
    pub(super) fn fire_foreign(&self) {
        let executions = self.cloud.executions.borrow();
        for execution in executions.iter().filter(|execution| execution.starter == Starter::Foreign) {
            let is_within = |run: usize| {
                let window = self.uncertainty(self.plan.runs[run].tab, run, execution);
                let is_within = |(from, until)| (from..=until).contains(&execution.started);
                self.skill(run) == execution.skill && window.is_some_and(is_within)
            };
            let is_in_window = (0..self.runs.len()).any(is_within);
            self.fire(match (is_in_window, self.plan.shared_account) {
                (true, true) => Fault::ForeignShared,
                (true, false) => Fault::ForeignInWindow,
                (false, _) => Fault::ForeignOutside,
            });
        }
    }
}

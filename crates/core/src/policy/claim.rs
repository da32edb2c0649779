//! Assigns listed executions to the runs of one skill. The API gives a run no id, so its execution is identified by
//! what is listed when. A run claims an execution only if no other known run can own it.
//!
//! Times are milliseconds of the local monotonic clock, except `started_ms`, which is on the server's clock. Their
//! difference is an interval ([`super::clock_offset::ClockOffset`]), which every poll and every claim narrows.

use super::clock_offset::{SKEW_MS, resolution_ms};
use super::ledger::{ClockSource, Ledger, OpenExecution, Run, RunKey, Verdict};

/// Maximum delay from a broken connection to the start of the execution, in milliseconds.
pub const SLACK_MS: f64 = 1_000.0;
/// Minimum difference of two starts that proves their order, in milliseconds.
const ORDER_MS: f64 = 50.0;

impl Ledger {
    /// Assigns an execution to a run, if no other run can own it.
    pub fn claim(&mut self, key: RunKey) -> Verdict {
        let Some(run) = self.runs.iter().find(|run| run.key == key) else { return Verdict::NoMatch };
        let fitting: Vec<&OpenExecution> =
            self.executions.iter().filter(|execution| self.may_own(run, execution)).collect();
        let has_rival = |execution: &OpenExecution| {
            self.runs.iter().any(|other| other.key != key && self.may_own(other, execution))
        };
        let mut exclusive = fitting.iter().filter(|execution| !has_rival(execution));
        let claimed = match (exclusive.next(), exclusive.next()) {
            (Some(only), None) => Some(*only),
            (None, _) => self.last_started(run),
            _ => None,
        };
        let Some(execution) = claimed.cloned() else {
            let ids: Vec<String> = fitting.iter().map(|execution| execution.listed.id.clone()).collect();
            return if ids.is_empty() { Verdict::NoMatch } else { Verdict::Ambiguous(ids) };
        };
        if run.clock == ClockSource::Local {
            let started = execution.listed.started_ms;
            let (from_ms, seen_ms) = (run.from_ms, execution.seen_ms);
            self.offset.observe(started, started + resolution_ms(started), from_ms, seen_ms);
        }
        self.remove(key);
        self.account([execution.listed.id.as_str()]);
        Verdict::Claimed(execution.listed.id)
    }

    /// Claims once all executions must be listed: a run owns none if the executed runs need all of them.
    pub fn conclude(&mut self, key: RunKey) -> Verdict {
        let verdict = self.claim(key);
        let Verdict::Ambiguous(ids) = &verdict else { return verdict };
        let is_executed = self.runs.iter().any(|run| run.key == key && run.is_executed);
        let are_needed = || ids.iter().all(|id| !self.leaves_enough(key, Some(id)));
        if !is_executed && self.leaves_enough(key, None) && are_needed() { Verdict::NoMatch } else { verdict }
    }

    /// Whether every other executed run can have an execution of its own, apart from the one `left` over.
    fn leaves_enough(&self, key: RunKey, left: Option<&String>) -> bool {
        let is_listed = |run: &Run| run.ended.is_some_and(|(_, ended_ms)| ended_ms < self.listed_ms);
        let is_sure =
            |run: &&Run| run.key != key && run.is_executed && !run.is_without_baseline && is_listed(run);
        let runs: Vec<&Run> = self.runs.iter().filter(is_sure).collect();
        let mut owners: Vec<Option<&Run>> = vec![None; self.executions.len()];
        runs.iter().all(|run| self.is_paired(run, left, &mut owners, &mut Vec::new()))
    }

    /// Finds an execution for a run, by an augmenting path (bipartite matching).
    fn is_paired<'a>(
        &'a self,
        run: &'a Run,
        left: Option<&String>,
        owners: &mut [Option<&'a Run>],
        tried: &mut Vec<usize>,
    ) -> bool {
        for (index, execution) in self.executions.iter().enumerate() {
            if Some(&execution.listed.id) == left || tried.contains(&index) || !self.may_own(run, execution) {
                continue;
            }
            tried.push(index);
            let owner = owners.get(index).copied().flatten();
            if owner.is_none_or(|owner| self.is_paired(owner, left, owners, tried)) {
                if let Some(owner) = owners.get_mut(index) {
                    *owner = Some(run);
                }
                return true;
            }
        }
        false
    }

    /// Returns the executions that may be the run's, or another run's.
    #[must_use]
    pub fn candidates(&self, key: RunKey) -> Vec<String> {
        let run = self.runs.iter().find(|run| run.key == key);
        let fitting =
            self.executions.iter().filter(|execution| run.is_some_and(|run| self.may_own(run, execution)));
        fitting.map(|execution| execution.listed.id.clone()).collect()
    }

    /// Returns the executions that no known run can own.
    #[must_use]
    pub fn unrelated(&self, key: RunKey) -> Vec<String> {
        let run = self.runs.iter().find(|run| run.key == key);
        let is_foreign = |execution: &&OpenExecution| {
            run.is_some_and(|run| !self.may_own(run, execution))
                && !self.runs.iter().any(|other| other.key != key && self.may_own(other, execution))
        };
        self.executions.iter().filter(is_foreign).map(|execution| execution.listed.id.clone()).collect()
    }

    /// Returns the execution of the run that was sent last: the last one to start, if each earlier run has ended and
    /// executed, and there is one execution for each run.
    fn last_started(&self, run: &Run) -> Option<&OpenExecution> {
        if run.clock != ClockSource::Local {
            return None;
        }
        // A run that can own no execution is no rival.
        let rivals = || {
            self.runs
                .iter()
                .filter(|run| self.executions.iter().any(|execution| self.may_own(run, execution)))
        };
        let before = |other: &Run| other.key == run.key || (other.is_executed && precedes(other, run));
        if !rivals().all(before) {
            return None;
        }
        let owned = |execution: &&OpenExecution| rivals().any(|run| self.may_own(run, execution));
        let executions = || self.executions.iter().filter(owned);
        if executions().count() != rivals().count() {
            return None;
        }
        let last = executions()
            .reduce(|one, other| if other.listed.started_ms > one.listed.started_ms { other } else { one })?;
        let is_earlier = |other: &OpenExecution| {
            let started_ms = other.listed.started_ms;
            started_ms + resolution_ms(started_ms).max(ORDER_MS) <= last.listed.started_ms
        };
        let is_last = executions().all(|other| other.listed.id == last.listed.id || is_earlier(other));
        (is_last && self.may_own(run, last)).then_some(last)
    }

    /// Whether an execution may belong to a run.
    pub(super) fn may_own(&self, run: &Run, execution: &OpenExecution) -> bool {
        if run.listed_before.contains(&execution.listed.id)
            || execution.poll <= run.after_poll
            || execution.poll > run.until_poll
        {
            return false;
        }
        let started_ms = execution.listed.started_ms;
        if run.clock == ClockSource::Server {
            let latest_start = started_ms + resolution_ms(started_ms) + SKEW_MS;
            // Negated, so that NaN is in the window.
            return !(latest_start < run.from_ms || started_ms > run.to_ms + SLACK_MS);
        }
        if started_ms.is_nan() {
            return true;
        }
        let latest_start = started_ms + resolution_ms(started_ms) - self.offset.low;
        let earliest_start = started_ms - self.offset.high;
        let has_begun = execution.seen_ms <= run.to_ms + SLACK_MS || earliest_start <= run.to_ms + SLACK_MS;
        latest_start + SKEW_MS >= run.from_ms && has_begun
    }
}

/// Whether a run had ended when another one was added.
fn precedes(one: &Run, other: &Run) -> bool {
    one.ended.is_some_and(|(newest, _)| newest < other.key)
}

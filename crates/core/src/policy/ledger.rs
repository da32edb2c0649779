//! The listed executions and the runs of one skill, as one tab knows them: the evidence for [`super::claim`].

use super::clock_offset::ClockOffset;

/// Maximum number of remembered ids: several pages.
const SEEN_LIMIT: usize = 400;
/// How long an executed run can own an execution that is never listed, in milliseconds.
const EXPIRY_MS: f64 = 600_000.0;
/// Maximum number of runs without an execution.
const RUN_LIMIT: usize = 64;

/// Identifies a run in a [`Ledger`].
pub type RunKey = u32;

/// A listed execution.
#[derive(Clone, Debug, PartialEq)]
pub struct ListedExecution {
    /// Id of the execution.
    pub id: String,
    /// Start on the server's clock; NaN if it cannot be parsed.
    pub started_ms: f64,
}

/// A run without an assigned execution.
#[derive(Clone, Debug)]
pub(super) struct Run {
    pub key: RunKey,
    /// Lower bound of the execution's start.
    pub from_ms: f64,
    /// When the response arrived or the connection broke; infinite while the request is pending.
    pub to_ms: f64,
    /// Whether a response proves that it executed.
    pub is_executed: bool,
    /// The newest run at that time, and when this tab noticed the end.
    pub ended: Option<(RunKey, f64)>,
    /// Clock of `from_ms` and `to_ms`.
    pub clock: ClockSource,
    /// Executions that were listed before it was sent.
    pub listed_before: Vec<String>,
    /// Numbers of the polls between which its execution is listed first. More precise than the clocks.
    pub after_poll: u32,
    pub until_poll: u32,
    /// Whether no list was requested before it was sent. Such a run only prevents claims of others.
    pub is_without_baseline: bool,
}

/// Clock of a run's times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ClockSource {
    /// The monotonic clock of this tab.
    Local,
    /// The server's clock: the times were stored by another tab or an earlier page.
    Server,
}

/// An execution that is not assigned to a run.
#[derive(Clone, Debug)]
pub(super) struct OpenExecution {
    pub listed: ListedExecution,
    /// When the first list with it was received.
    pub seen_ms: f64,
    /// Number of that poll.
    pub poll: u32,
}

/// Result of an attempt to assign an execution to a run.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// No execution can be the run's.
    NoMatch,
    /// The run's execution, for certain.
    Claimed(String),
    /// Executions that may be the run's.
    Ambiguous(Vec<String>),
}

/// Executions and runs of one skill, as known to one tab.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    /// Ids of executions that are assigned or older than all open runs; newest last.
    pub(super) seen: Vec<String>,
    pub(super) executions: Vec<OpenExecution>,
    pub(super) runs: Vec<Run>,
    pub(super) offset: ClockOffset,
    pub(super) next_key: RunKey,
    /// Number of applied polls.
    pub(super) polls: u32,
    /// The executions of runs that ended before this are listed.
    pub(super) listed_ms: f64,
}

impl Ledger {
    /// Returns the ids that are accounted for, oldest first.
    #[must_use]
    pub fn seen(&self) -> &[String] {
        &self.seen
    }

    /// Marks executions as accounted for.
    pub fn account<'a>(&mut self, ids: impl IntoIterator<Item = &'a str>) {
        for id in ids {
            self.executions.retain(|execution| execution.listed.id != id);
            if !self.seen.iter().any(|seen| seen == id) {
                self.seen.push(id.to_owned());
            }
        }
        let excess = self.seen.len().saturating_sub(SEEN_LIMIT);
        self.seen.drain(..excess);
    }

    /// Records a `Date` header: `date_ms`, in whole seconds, was written between two local times.
    pub fn observe_date(&mut self, date_ms: f64, sent_ms: f64, received_ms: f64) {
        self.offset.observe(date_ms, date_ms + 1_000.0, sent_ms, received_ms);
    }

    /// Adds a run whose request is sent now.
    pub fn begin(&mut self, now_ms: f64) -> RunKey {
        // A lost run could claim the execution of a run that is forgotten.
        let searched = self.runs.iter().filter(|run| !run.is_executed);
        let since = |run: &Run| if run.clock == ClockSource::Local { run.from_ms } else { f64::NEG_INFINITY };
        let since_ms = searched.map(since).fold(now_ms, f64::min);
        self.runs.retain(|run| {
            !run.is_executed || run.clock == ClockSource::Server || run.to_ms + EXPIRY_MS >= since_ms
        });
        let polls = self.polls;
        let key = self.add(now_ms, f64::INFINITY, ClockSource::Local);
        if let Some(run) = self.run_mut(key) {
            run.after_poll = polls;
        }
        key
    }

    /// Adds a run that is sent without a baseline.
    pub fn begin_without_baseline(&mut self, now_ms: f64) -> RunKey {
        let key = self.begin(now_ms);
        if let Some(run) = self.run_mut(key) {
            run.is_without_baseline = true;
        }
        key
    }

    /// Adds a run of another tab or an earlier page, which started between two times of the server's clock.
    pub fn add_of_server(&mut self, after_ms: f64, before_ms: f64) -> RunKey {
        self.add(after_ms, before_ms, ClockSource::Server)
    }

    /// Converts the send time and the end of a run to bounds on the server's clock.
    #[must_use]
    pub fn server_window(&self, sent_ms: f64, ended_ms: f64) -> (f64, f64) {
        (sent_ms + self.offset.low, ended_ms + self.offset.high)
    }

    /// Excludes executions that were listed before a run was sent.
    pub fn exclude(&mut self, key: RunKey, listed_before: &[String]) {
        if let Some(run) = self.run_mut(key) {
            listed_before.clone_into(&mut run.listed_before);
        }
    }

    /// Returns the listed executions that are not accounted for.
    #[must_use]
    pub fn unaccounted(&self) -> Vec<String> {
        self.executions.iter().map(|execution| execution.listed.id.clone()).collect()
    }

    fn add(&mut self, from_ms: f64, to_ms: f64, clock: ClockSource) -> RunKey {
        self.next_key = self.next_key.wrapping_add(1);
        if self.runs.len() >= RUN_LIMIT
            && let Some(ended) =
                self.runs.iter().position(|run| run.clock == ClockSource::Server || run.to_ms.is_finite())
        {
            self.runs.remove(ended);
        }
        self.runs.push(Run {
            key: self.next_key,
            from_ms,
            to_ms,
            is_executed: false,
            ended: None,
            clock,
            listed_before: Vec::new(),
            after_poll: 0,
            until_poll: u32::MAX,
            is_without_baseline: false,
        });
        self.next_key
    }

    /// Records that the request of a run is sent again. Nothing was executed before.
    pub fn sent(&mut self, key: RunKey, now_ms: f64) {
        if let Some(run) = self.run_mut(key) {
            run.from_ms = now_ms;
            run.to_ms = f64::INFINITY;
        }
    }

    /// Records that a run's request has ended by now. `is_executed` if a response proves the execution.
    pub fn ended(&mut self, key: RunKey, now_ms: f64, is_executed: bool) {
        let newest = self.next_key;
        let (_, server_ms) = self.server_window(now_ms, now_ms);
        if let Some(run) = self.run_mut(key) {
            run.to_ms = run.to_ms.min(if run.clock == ClockSource::Local { now_ms } else { server_ms });
            run.is_executed |= is_executed;
            run.ended.get_or_insert((newest, now_ms));
        }
    }

    /// Removes a run that executed nothing or whose execution is identified.
    pub fn remove(&mut self, key: RunKey) {
        self.runs.retain(|run| run.key != key);
    }

    /// Concludes a run whose execution must have been listed: one that is listed later is not its own. The execution of
    /// an executed run is late, or never listed.
    pub fn concluded(&mut self, key: RunKey) {
        if self.conclude(key) == Verdict::NoMatch {
            self.runs.retain(|run| run.key != key || run.is_executed);
        }
        let polls = self.polls;
        if let Some(run) = self.run_mut(key).filter(|run| !run.is_executed) {
            run.until_poll = polls;
        }
    }

    /// Whether a run has no execution yet.
    #[must_use]
    pub fn is_open(&self, key: RunKey) -> bool {
        self.runs.iter().any(|run| run.key == key)
    }

    fn run_mut(&mut self, key: RunKey) -> Option<&mut Run> {
        self.runs.iter_mut().find(|run| run.key == key)
    }

    /// Applies a list that was requested before a run is sent. The listed executions cannot belong to later runs.
    /// Returns the claims of other runs.
    pub fn baseline(
        &mut self,
        list: &[ListedExecution],
        pending: &[RunKey],
        sent_ms: f64,
        received_ms: f64,
    ) -> Vec<(RunKey, String)> {
        let claims = self.polled(list, None, pending, sent_ms, received_ms);
        let unowned = |execution: &&OpenExecution| !self.runs.iter().any(|run| self.may_own(run, execution));
        let ids: Vec<String> =
            self.executions.iter().filter(unowned).map(|execution| execution.listed.id.clone()).collect();
        self.account(ids.iter().map(String::as_str));
        claims
    }

    /// Applies a list, and returns the claims of executed and `pending` runs. The run that polls, `own`, claims for
    /// itself.
    pub fn polled(
        &mut self,
        list: &[ListedExecution],
        own: Option<RunKey>,
        pending: &[RunKey],
        sent_ms: f64,
        received_ms: f64,
    ) -> Vec<(RunKey, String)> {
        debug_assert!(sent_ms <= received_ms);
        self.polls = self.polls.saturating_add(1);
        for listed in list {
            // A listed execution has started.
            self.offset.observe(listed.started_ms, f64::INFINITY, f64::NEG_INFINITY, received_ms);
            let is_known = self.seen.contains(&listed.id)
                || self.executions.iter().any(|execution| execution.listed.id == listed.id);
            if !is_known {
                self.executions.push(OpenExecution {
                    listed: listed.clone(),
                    seen_ms: received_ms,
                    poll: self.polls,
                });
            }
        }
        let excess = self.executions.len().saturating_sub(SEEN_LIMIT);
        self.executions.drain(..excess);
        let is_waiting =
            |run: &&Run| !run.is_without_baseline && (run.is_executed || pending.contains(&run.key));
        let executed = self.runs.iter().filter(is_waiting).filter(|run| Some(run.key) != own);
        let executed: Vec<RunKey> = executed.map(|run| run.key).collect();
        let claim = |key: RunKey| match self.claim(key) {
            Verdict::Claimed(id) => Some((key, id)),
            Verdict::NoMatch | Verdict::Ambiguous(_) => None,
        };
        executed.into_iter().rev().filter_map(claim).collect()
    }

    /// Concludes the runs that ended before a time: executions that are listed later are not theirs.
    pub fn conclude_ended(&mut self, before_ms: f64) {
        self.listed_ms = before_ms;
        let polls = self.polls;
        let is_over =
            |run: &&mut Run| run.clock == ClockSource::Local && !run.is_executed && run.to_ms < before_ms;
        for run in self.runs.iter_mut().filter(is_over) {
            run.until_poll = run.until_poll.min(polls);
        }
    }
}

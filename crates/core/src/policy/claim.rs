//! Assigns listed executions to the runs of one skill. The API gives a run no id, so its execution is identified by
//! what is listed when. A run claims an execution only if no other known run can own it.
//!
//! Times are milliseconds of the local monotonic clock, except `started_ms`, which is on the server's clock. Their
//! difference is an interval ([`ClockOffset`]), which every poll and every claim narrows.

/// Maximum clock skew between the machines of the service, in milliseconds.
const SKEW_MS: f64 = 350.0;
/// Maximum delay from a broken connection to the start of the execution, in milliseconds.
pub const SLACK_MS: f64 = 1_000.0;
/// Minimum difference of two starts that proves their order, in milliseconds.
const ORDER_MS: f64 = 50.0;
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

/// Interval that contains the server's clock minus the local clock.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClockOffset {
    low: f64,
    high: f64,
}

impl Default for ClockOffset {
    fn default() -> Self {
        Self { low: f64::NEG_INFINITY, high: f64::INFINITY }
    }
}

impl ClockOffset {
    /// Narrows the interval: between two local times, the server's clock showed a time within `from_ms..=to_ms`.
    pub fn observe(&mut self, from_ms: f64, to_ms: f64, after_ms: f64, before_ms: f64) {
        let (low, high) = (from_ms - before_ms, to_ms - after_ms);
        if low.is_nan() || high.is_nan() {
            return;
        }
        let narrowed = Self { low: self.low.max(low), high: self.high.min(high) };
        *self = match narrowed.low - narrowed.high {
            over if over <= 0.0 => narrowed,
            // A contradiction within the skew: the offset is between both bounds.
            over if over <= SKEW_MS => Self { low: narrowed.high, high: narrowed.low },
            // A clock was set: only the newest observation is valid.
            _ => Self { low, high },
        };
    }
}

/// Resolution of a server's timestamp: whole seconds or milliseconds.
fn resolution_ms(started_ms: f64) -> f64 {
    let seconds = started_ms / 1_000.0;
    if seconds.trunc() == seconds { 1_000.0 } else { 1.0 }
}

/// A run without an assigned execution.
#[derive(Clone, Debug)]
struct Run {
    key: RunKey,
    /// Lower bound of the execution's start.
    from_ms: f64,
    /// When the response arrived or the connection broke; infinite while the request is pending.
    to_ms: f64,
    /// Whether a response proves that it executed.
    is_executed: bool,
    /// The newest run at that time, and when this tab noticed the end.
    ended: Option<(RunKey, f64)>,
    /// Clock of `from_ms` and `to_ms`.
    clock: ClockSource,
    /// Executions that were listed before it was sent.
    known: Vec<String>,
    /// Numbers of the polls between which its execution is listed first. More precise than the clocks.
    after_poll: u32,
    until_poll: u32,
    /// Whether no list was requested before it was sent. Such a run only prevents claims of others.
    is_without_baseline: bool,
}

/// Clock of a run's times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ClockSource {
    /// The monotonic clock of this tab.
    Local,
    /// The server's clock: the times were stored by another tab or an earlier page.
    Server,
}

/// An execution that is not assigned to a run.
#[derive(Clone, Debug)]
struct OpenExecution {
    listed: ListedExecution,
    /// When the first list with it was received.
    seen_ms: f64,
    /// Number of that poll.
    poll: u32,
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
    seen: Vec<String>,
    entries: Vec<OpenExecution>,
    runs: Vec<Run>,
    offset: ClockOffset,
    next_key: RunKey,
    /// Number of applied polls.
    polls: u32,
    /// The executions of runs that ended before this are listed.
    listed_ms: f64,
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
            self.entries.retain(|entry| entry.listed.id != id);
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
        let is_old = |run: &Run| run.clock == ClockSource::Local && run.to_ms + EXPIRY_MS < now_ms;
        self.runs.retain(|run| !(run.is_executed && is_old(run)));
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
    pub fn exclude(&mut self, key: RunKey, known: &[String]) {
        if let Some(run) = self.run_mut(key) {
            known.clone_into(&mut run.known);
        }
    }

    /// Returns the listed executions that are not accounted for.
    #[must_use]
    pub fn unaccounted(&self) -> Vec<String> {
        self.entries.iter().map(|entry| entry.listed.id.clone()).collect()
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
            known: Vec::new(),
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

    /// Records the end of a run's request. `is_executed` if a response proves the execution.
    pub fn ended(&mut self, key: RunKey, now_ms: f64, is_executed: bool) {
        let newest = self.next_key;
        if let Some(run) = self.run_mut(key) {
            if run.clock == ClockSource::Local {
                run.to_ms = run.to_ms.min(now_ms);
            }
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
        let settled = self.polled(list, None, pending, sent_ms, received_ms);
        let unowned = |entry: &&OpenExecution| !self.runs.iter().any(|run| self.may_own(run, entry));
        let ids: Vec<String> =
            self.entries.iter().filter(unowned).map(|entry| entry.listed.id.clone()).collect();
        self.account(ids.iter().map(String::as_str));
        settled
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
                || self.entries.iter().any(|entry| entry.listed.id == listed.id);
            if !is_known {
                self.entries.push(OpenExecution {
                    listed: listed.clone(),
                    seen_ms: received_ms,
                    poll: self.polls,
                });
            }
        }
        let excess = self.entries.len().saturating_sub(SEEN_LIMIT);
        self.entries.drain(..excess);
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

    /// Assigns an execution to a run, if no other run can own it.
    pub fn claim(&mut self, key: RunKey) -> Verdict {
        let Some(run) = self.runs.iter().find(|run| run.key == key) else { return Verdict::NoMatch };
        let fitting: Vec<&OpenExecution> =
            self.entries.iter().filter(|entry| self.may_own(run, entry)).collect();
        let has_rival = |entry: &OpenExecution| {
            self.runs.iter().any(|other| other.key != key && self.may_own(other, entry))
        };
        let mut exclusive = fitting.iter().filter(|entry| !has_rival(entry));
        let claimed = match (exclusive.next(), exclusive.next()) {
            (Some(only), None) => Some(*only),
            (None, _) => self.last_started(run),
            _ => None,
        };
        let Some(entry) = claimed.cloned() else {
            let ids: Vec<String> = fitting.iter().map(|entry| entry.listed.id.clone()).collect();
            return if ids.is_empty() { Verdict::NoMatch } else { Verdict::Ambiguous(ids) };
        };
        if run.clock == ClockSource::Local {
            let started = entry.listed.started_ms;
            let (from_ms, seen_ms) = (run.from_ms, entry.seen_ms);
            self.offset.observe(started, started + resolution_ms(started), from_ms, seen_ms);
        }
        self.remove(key);
        self.account([entry.listed.id.as_str()]);
        Verdict::Claimed(entry.listed.id)
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
        let mut owners: Vec<Option<&Run>> = vec![None; self.entries.len()];
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
        for (index, entry) in self.entries.iter().enumerate() {
            if Some(&entry.listed.id) == left || tried.contains(&index) || !self.may_own(run, entry) {
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
        let fitting = self.entries.iter().filter(|entry| run.is_some_and(|run| self.may_own(run, entry)));
        fitting.map(|entry| entry.listed.id.clone()).collect()
    }

    /// Returns the executions that no known run can own.
    #[must_use]
    pub fn unrelated(&self, key: RunKey) -> Vec<String> {
        let run = self.runs.iter().find(|run| run.key == key);
        let is_foreign = |entry: &&OpenExecution| {
            run.is_some_and(|run| !self.may_own(run, entry))
                && !self.runs.iter().any(|other| other.key != key && self.may_own(other, entry))
        };
        self.entries.iter().filter(is_foreign).map(|entry| entry.listed.id.clone()).collect()
    }

    /// Returns the execution of the run that was sent last: the last one to start, if each earlier run has ended and
    /// executed, and there is one execution for each run.
    fn last_started(&self, run: &Run) -> Option<&OpenExecution> {
        if run.clock != ClockSource::Local {
            return None;
        }
        // A run that can own no execution is no rival.
        let rivals =
            || self.runs.iter().filter(|run| self.entries.iter().any(|entry| self.may_own(run, entry)));
        let before = |other: &Run| other.key == run.key || (other.is_executed && precedes(other, run));
        if !rivals().all(before) {
            return None;
        }
        let owned = |entry: &&OpenExecution| rivals().any(|run| self.may_own(run, entry));
        let entries = || self.entries.iter().filter(owned);
        if entries().count() != rivals().count() {
            return None;
        }
        let last = entries()
            .reduce(|one, other| if other.listed.started_ms > one.listed.started_ms { other } else { one })?;
        let is_earlier = |other: &OpenExecution| {
            let started_ms = other.listed.started_ms;
            started_ms + resolution_ms(started_ms).max(ORDER_MS) <= last.listed.started_ms
        };
        let is_last = entries().all(|other| other.listed.id == last.listed.id || is_earlier(other));
        (is_last && self.may_own(run, last)).then_some(last)
    }

    /// Whether an execution may belong to a run.
    fn may_own(&self, run: &Run, entry: &OpenExecution) -> bool {
        if run.known.contains(&entry.listed.id) || entry.poll <= run.after_poll || entry.poll > run.until_poll
        {
            return false;
        }
        let started_ms = entry.listed.started_ms;
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
        let has_begun = entry.seen_ms <= run.to_ms + SLACK_MS || earliest_start <= run.to_ms + SLACK_MS;
        latest_start + SKEW_MS >= run.from_ms && has_begun
    }
}

/// Whether a run had ended when another one was added.
fn precedes(one: &Run, other: &Run) -> bool {
    one.ended.is_some_and(|(newest, _)| newest < other.key)
}

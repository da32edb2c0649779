//! Attributes listed executions to the runs of one skill. The API gives a run no id, so a run is identified by what the
//! list shows and when. A run claims an execution only if no other known run can be its owner.
//!
//! ClockSource are milliseconds of the local monotonic clock; `started_ms` is the server's. Their difference is known as an
//! interval ([`ClockOffset`]), which every poll and every claim narrows.

/// How far the clocks of a service's machines may differ, in milliseconds.
const SKEW_MS: f64 = 350.0;
/// How long after its connection broke an execution may begin, in milliseconds.
pub const SLACK_MS: f64 = 1_000.0;
/// How much later an execution must start than another to be the later one, in milliseconds.
const ORDER_MS: f64 = 50.0;
/// How many listed ids are remembered: several pages.
const SEEN_LIMIT: usize = 400;
/// How long a run whose execution was never listed can still be the owner of one, in milliseconds.
const EXPIRY_MS: f64 = 600_000.0;
/// How many runs without an execution are remembered.
const RUN_LIMIT: usize = 64;

/// Identifies a run within a [`Ledger`].
pub type RunKey = u32;

/// An execution as the list shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct ListedExecution {
    /// Its id.
    pub id: String,
    /// When it started, on the server's clock; NaN if unreadable.
    pub started_ms: f64,
}

/// The server's clock minus the local one: an interval that contains it.
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
    /// Takes in that the server's clock showed a time within `from_ms..=to_ms` between two local times.
    pub fn observe(&mut self, from_ms: f64, to_ms: f64, after_ms: f64, before_ms: f64) {
        let (low, high) = (from_ms - before_ms, to_ms - after_ms);
        if low.is_nan() || high.is_nan() {
            return;
        }
        let narrowed = Self { low: self.low.max(low), high: self.high.min(high) };
        *self = match narrowed.low - narrowed.high {
            over if over <= 0.0 => narrowed,
            // Contradictory, because a clock is coarse: between the two.
            over if over <= SKEW_MS => Self { low: narrowed.high, high: narrowed.low },
            // A clock was set: only the newest counts.
            _ => Self { low, high },
        };
    }
}

/// How exactly a server writes the time: whole seconds, or milliseconds.
fn resolution_ms(started_ms: f64) -> f64 {
    let seconds = started_ms / 1_000.0;
    if seconds.trunc() == seconds { 1_000.0 } else { 1.0 }
}

/// A run that no execution was attributed to so far.
#[derive(Clone, Debug)]
struct Run {
    key: RunKey,
    /// Its execution started after this.
    from_ms: f64,
    /// The response arrived, or the connection broke; infinite while the request is pending.
    to_ms: f64,
    /// Whether a response proves that there is an execution.
    is_executed: bool,
    /// The newest run and the time when it ended, as far as this tab knows.
    ended: Option<(RunKey, f64)>,
    /// How far its times can be trusted.
    clock: ClockSource,
    /// Executions that were listed before it was sent.
    known: Vec<String>,
    /// The polls, by number, between which its execution is listed for the first time. Clocks are too coarse for that.
    after_poll: u32,
    until_poll: u32,
    /// Whether no list was requested before it was sent: then it may be a rival, and claims nothing.
    is_without_baseline: bool,
}

/// How far the times of a run can be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ClockSource {
    /// They are of this tab's clock.
    Local,
    /// They are of the server's clock: another tab, or an earlier page, has written them down.
    Server,
}

/// An execution that no run was attributed to so far.
#[derive(Clone, Debug)]
struct OpenExecution {
    listed: ListedExecution,
    /// When the first response that listed it arrived.
    seen_ms: f64,
    /// The number of that poll.
    poll: u32,
}

/// What is known of a run.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// No execution can be its own so far.
    NoMatch,
    /// This execution is its own.
    Claimed(String),
    /// Any of these may be its own, or none.
    Ambiguous(Vec<String>),
}

/// The executions and runs of one skill, as one tab knows them.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    /// Executions that belong to a known run or were there before every open run; newest last.
    seen: Vec<String>,
    entries: Vec<OpenExecution>,
    runs: Vec<Run>,
    offset: ClockOffset,
    next_key: RunKey,
    /// How many polls were taken in.
    polls: u32,
    /// Every execution of runs that ended before this is listed.
    listed_ms: f64,
}

impl Ledger {
    /// Ids that are accounted for, oldest first.
    #[must_use]
    pub fn seen(&self) -> &[String] {
        &self.seen
    }

    /// Marks ids as accounted for.
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

    /// Takes in the server's clock: `date_ms`, in whole seconds, was written between two local times.
    pub fn observe_date(&mut self, date_ms: f64, sent_ms: f64, received_ms: f64) {
        self.offset.observe(date_ms, date_ms + 1_000.0, sent_ms, received_ms);
    }

    /// Adds a run whose request leaves now.
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

    /// Adds a run that is sent now without a list before it.
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

    /// Between which times of the server's clock a run that is sent now, or was ended at a local time, starts.
    #[must_use]
    pub fn server_window(&self, sent_ms: f64, ended_ms: f64) -> (f64, f64) {
        (sent_ms + self.offset.low, ended_ms + self.offset.high)
    }

    /// Executions that were listed before a run was sent are not its own.
    pub fn exclude(&mut self, key: RunKey, known: &[String]) {
        if let Some(run) = self.run_mut(key) {
            known.clone_into(&mut run.known);
        }
    }

    /// Executions that are listed and not accounted for.
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

    /// A run's request leaves, again or for the first time: nothing ran before.
    pub fn sent(&mut self, key: RunKey, now_ms: f64) {
        if let Some(run) = self.run_mut(key) {
            run.from_ms = now_ms;
            run.to_ms = f64::INFINITY;
        }
    }

    /// A run's request ended: with a response that proves its execution, or unclear.
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

    /// Forgets a run: nothing ran, or its execution is known.
    pub fn remove(&mut self, key: RunKey) {
        self.runs.retain(|run| run.key != key);
    }

    /// Every execution of a run had to be listed by now: one that is listed later is not its own. That of a run that has
    /// executed is late, or never listed.
    pub fn concluded(&mut self, key: RunKey) {
        if self.conclude(key) == Verdict::NoMatch {
            self.runs.retain(|run| run.key != key || run.is_executed);
        }
        let polls = self.polls;
        if let Some(run) = self.run_mut(key).filter(|run| !run.is_executed) {
            run.until_poll = polls;
        }
    }

    /// Whether a run is still without an execution.
    #[must_use]
    pub fn is_open(&self, key: RunKey) -> bool {
        self.runs.iter().any(|run| run.key == key)
    }

    fn run_mut(&mut self, key: RunKey) -> Option<&mut Run> {
        self.runs.iter_mut().find(|run| run.key == key)
    }

    /// Takes in a list that was requested before a run was sent: what it shows is no later run's.
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

    /// Takes in a list, and attributes executions to runs that have executed or are `pending` where no doubt is left: returns
    /// those. The run that polls, `own`, claims for itself.
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
            // What is listed has started.
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

    /// Every execution of the runs that ended before a time is listed by now: one that is listed later is not theirs.
    pub fn conclude_ended(&mut self, before_ms: f64) {
        self.listed_ms = before_ms;
        let polls = self.polls;
        let is_over =
            |run: &&mut Run| run.clock == ClockSource::Local && !run.is_executed && run.to_ms < before_ms;
        for run in self.runs.iter_mut().filter(is_over) {
            run.until_poll = run.until_poll.min(polls);
        }
    }

    /// Attributes an execution to a run, if no other run can be its owner. The execution is accounted for from then on.
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

    /// The same once every execution of every run must be listed: a run owns none if those that have executed need them all.
    pub fn conclude(&mut self, key: RunKey) -> Verdict {
        let verdict = self.claim(key);
        let Verdict::Ambiguous(ids) = &verdict else { return verdict };
        let is_executed = self.runs.iter().any(|run| run.key == key && run.is_executed);
        let are_needed = || ids.iter().all(|id| !self.leaves_enough(key, Some(id)));
        if !is_executed && self.leaves_enough(key, None) && are_needed() { Verdict::NoMatch } else { verdict }
    }

    /// Whether each of the other runs that have executed can have an execution for itself, and this one is left.
    fn leaves_enough(&self, key: RunKey, left: Option<&String>) -> bool {
        let is_listed = |run: &Run| run.ended.is_some_and(|(_, ended_ms)| ended_ms < self.listed_ms);
        let is_sure =
            |run: &&Run| run.key != key && run.is_executed && !run.is_without_baseline && is_listed(run);
        let runs: Vec<&Run> = self.runs.iter().filter(is_sure).collect();
        let mut owners: Vec<Option<&Run>> = vec![None; self.entries.len()];
        runs.iter().all(|run| self.is_paired(run, left, &mut owners, &mut Vec::new()))
    }

    /// Finds a run an execution, if need be by finding others another one.
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

    /// Executions that may be this run's own, and perhaps another's.
    #[must_use]
    pub fn candidates(&self, key: RunKey) -> Vec<String> {
        let run = self.runs.iter().find(|run| run.key == key);
        let fitting = self.entries.iter().filter(|entry| run.is_some_and(|run| self.may_own(run, entry)));
        fitting.map(|entry| entry.listed.id.clone()).collect()
    }

    /// Executions that are accounted to no run and cannot be that of this one.
    #[must_use]
    pub fn unrelated(&self, key: RunKey) -> Vec<String> {
        let run = self.runs.iter().find(|run| run.key == key);
        let is_foreign = |entry: &&OpenExecution| {
            run.is_some_and(|run| !self.may_own(run, entry))
                && !self.runs.iter().any(|other| other.key != key && self.may_own(other, entry))
        };
        self.entries.iter().filter(is_foreign).map(|entry| entry.listed.id.clone()).collect()
    }

    /// The execution of the run that was sent last, where each of the runs before has ended and executed, and there are
    /// as many executions as runs: the last one to start.
    fn last_started(&self, run: &Run) -> Option<&OpenExecution> {
        if run.clock != ClockSource::Local {
            return None;
        }
        // What nothing may_own is no rival.
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

    /// Whether an execution may be that of a run.
    fn may_own(&self, run: &Run, entry: &OpenExecution) -> bool {
        if run.known.contains(&entry.listed.id) || entry.poll <= run.after_poll || entry.poll > run.until_poll
        {
            return false;
        }
        let started_ms = entry.listed.started_ms;
        if run.clock == ClockSource::Server {
            let latest_start = started_ms + resolution_ms(started_ms) + SKEW_MS;
            // Written so that an unreadable time may_own.
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

/// Whether a run had ended when another was added.
fn precedes(one: &Run, other: &Run) -> bool {
    one.ended.is_some_and(|(newest, _)| newest < other.key)
}

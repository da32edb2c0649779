//! Judges a world by what its cloud knows: the rules R1 to R6, see `ARCHITECTURE.md`, "Recovery".

use std::rc::Rc;

use browser_use_skills_core::api::node::Node;
use browser_use_skills_core::api::problem::ErrorCode;
use browser_use_skills_core::engine::{Answered, Error, Resumed};

use crate::cloud::{Ask, Execution, Starter};
use crate::executor::{Ended, Time, micros, millis};
use crate::faults::Fault;
use crate::network::Connection;
use crate::plan::Style;
use crate::platform::Page;
use crate::tab::Tab;
use crate::value::{Value, short};
use crate::world::{Run, World};

/// A rule that does not hold.
#[derive(Clone, Debug)]
pub struct Violation {
    pub rule: &'static str,
    pub text: String,
}

/// What a caller learned of a run.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// A result, and whose it is, if anything tells.
    Result {
        starter: Option<Starter>,
        execution: Option<usize>,
    },
    /// `maybeExecuted: false`.
    NotExecuted {
        code: &'static str,
    },
    /// `maybeExecuted: true`.
    Open {
        code: &'static str,
        execution_id: Option<String>,
    },
    Ambiguous {
        candidates: Vec<String>,
    },
    Aborted,
}

/// How long after its connection broke a request may be executed.
const SLACK: Time = 1_000_000;
/// How long the engine keeps an entry without `deliver` after its response, in milliseconds.
const ANSWERED_MS: f64 = 600_000.0;

impl World {
    pub fn violate(&self, rule: &'static str, text: impl FnOnce() -> String) {
        let text = text();
        self.note(None, "VIOLATION", 0, || format!("{rule}: {text}"));
        self.violations.borrow_mut().push(Violation { rule, text });
    }

    /// What a result of the engine says.
    pub fn outcome(&self, result: &Result<Answered<Value>, Error<Value>>) -> Outcome {
        match result {
            Ok(answered) => {
                let (starter, execution) = self.starter_of(&answered.data);
                Outcome::Result { starter, execution }
            }
            Err(Error::Failed(failure)) => {
                let code = failure.code.as_str();
                if failure.code == ErrorCode::AmbiguousExecution {
                    let items = failure.candidates.items();
                    let ids = items.iter().filter_map(|item| item.text_field("id"));
                    Outcome::Ambiguous { candidates: ids.map(|id| short(id).to_owned()).collect() }
                } else if failure.maybe_executed {
                    Outcome::Open { code, execution_id: failure.execution_id.clone() }
                } else {
                    Outcome::NotExecuted { code }
                }
            }
            Err(_) => Outcome::Aborted,
        }
    }

    /// Whose execution a result is.
    fn starter_of(&self, data: &Value) -> (Option<Starter>, Option<usize>) {
        let executions = self.cloud.executions.borrow();
        let by_id = data
            .text_field("executionId")
            .and_then(|id| executions.iter().position(|execution| &*execution.id == id));
        let token = data.text_field("result").or_else(|| data.text_field("error"));
        let by_token = token.map(|token| match (self.run_of(token), token) {
            (Some(run), _) => Starter::Run(run),
            (None, "past") => Starter::Past,
            (None, _) => Starter::Foreign,
        });
        let starter = by_id.map(|index| executions[index].starter);
        if let (Some(one), Some(other)) = (starter, by_token)
            && one != other
        {
            self.violate("R2", || format!("executionId is of {one:?}, and the result of {other:?}"));
        }
        (by_token.or(starter), by_id)
    }

    /// The skill of a run.
    pub fn skill(&self, run: usize) -> usize {
        self.plan.runs[run].skill % self.plan.skills.len()
    }

    fn is_protected(&self, run: usize) -> bool {
        self.plan.runs[run].recover.is_some()
    }

    /// When an execution can have started that an engine in a tab may take for that of a run. It is the run's own window,
    /// from its request until a second after its connection broke, as far as that tab can tell by the evidence it has:
    /// - before: what was not yet listed in the newest list before the request, or, where the server's clock can be read,
    ///   what started within the imprecision of that clock;
    /// - after: the same imprecision; without a clock, until the run is resolved.
    ///
    /// A tab that did not send the request itself knows its times by the journal only, to two minutes, and not when the
    /// connection broke: until its time limit, it may not have.
    fn uncertainty(&self, tab: usize, run: usize, lag: Time) -> Option<(Time, Time)> {
        const DATED: Time = 120_000_000;
        let sends = self.runs[run].sends.borrow();
        let journalled = self.runs[run].journalled.get();
        // One that never left is a run to whoever finds it in the journal.
        let (sent, baseline) = sends.first().map(|first| (first.sent, first.baseline)).or(journalled)?;
        let last = sends.last();
        let list = &self.plan.list;
        let never = Time::MAX / 2;
        let by_baseline = baseline.saturating_sub(lag);
        let is_clock_readable = list.is_date_readable && !list.unreadable_times;
        let imprecision = self.tab(tab).newest_list(Some(self.skill(run))).map(|known| {
            let coarse = if list.coarse_times { 1_000_000 } else { 0 };
            let clock_ms = self.plan.tabs.get(tab).map_or(0.0, |tab| 2.0 * tab.clock_ms);
            known.shortest + 1_001_000 + coarse + micros(clock_ms).unwrap_or_default()
        });
        let Some(imprecision) = imprecision.filter(|_| is_clock_readable) else {
            return Some((by_baseline, never));
        };
        if tab != self.plan.runs[run].tab {
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

    /// Whether a tab can take an execution of others for that of a run, where the design assumes that others do not run the
    /// skill at such a time.
    fn is_excused(&self, tab: usize, run: usize, execution: &Execution) -> bool {
        if self.plan.shared_account {
            return false;
        }
        let window = self.uncertainty(tab, run, execution.longest_lag());
        window.is_some_and(|(from, until)| (from..=until).contains(&execution.started))
    }

    /// Whether another run of ours counts as somebody else's for a run: it is not to be recovered, so nothing is known of
    /// it; or it is of another tab, and the tabs have no locks or no journal in common.
    fn is_foreign_run(&self, run: usize, other: usize) -> bool {
        let is_apart = !(self.plan.shared_locks && self.plan.journal.exists);
        !self.is_protected(other) || (is_apart && self.plan.runs[run].tab != self.plan.runs[other].tab)
    }

    /// R2: what is attributed to a run is its own.
    fn check_owner(&self, how: &str, tab: usize, run: usize, outcome: &Outcome) {
        let Outcome::Result { starter, execution } = outcome else { return };
        self.check_starter(how, tab, run, *starter, *execution);
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
        let is_excused = match starter {
            None => execution.is_some() || self.fired.get().has(Fault::UndeclaredNull),
            Some(Starter::Run(other)) if other == run => return,
            Some(Starter::Run(other)) => {
                let of_other = execution.map_or_else(
                    || executions.iter().find(|execution| execution.starter == Starter::Run(other)),
                    |index| executions.get(index),
                );
                let is_foreign = self.is_foreign_run(run, other) || self.is_confused.get();
                is_foreign && of_other.is_some_and(|of| self.is_excused(tab, run, of))
            }
            Some(_) => execution.is_some_and(|index| self.is_excused(tab, run, &executions[index])),
        };
        // Where an execution of others was taken for ours, ours is left over, and may be taken for the next one's.
        self.is_confused.set(self.is_confused.get() || (is_excused && starter.is_some()));
        let is_unprotected = matches!(starter, Some(Starter::Run(other)) if !self.is_protected(other));
        if !is_excused {
            let what = if is_unprotected { " (without recover)" } else { "" };
            self.violate("R2", || format!("{how} gives run {run} what {starter:?}{what} ran"));
        }
    }

    pub fn check_begin(&self, run: usize, must_wait: bool) {
        let plan = &self.plan.runs[run];
        if must_wait {
            self.fire(Fault::Limited);
        }
        self.note(Some(plan.tab), "calls", run as u64, || format!("run {run}"));
        for (other, other_plan) in self.plan.runs.iter().enumerate() {
            let is_active = self.runs[other].began.get().is_some() && !self.runs[other].has_ended.get();
            if other == run || !is_active || self.skill(other) != self.skill(run) {
                continue;
            }
            if other_plan.recover.is_none() != plan.recover.is_none() {
                self.fire(Fault::Unprotected);
            }
            if other_plan.spelling != plan.spelling {
                self.fire(Fault::Spelling);
            }
            if other_plan.tab == plan.tab && other_plan.client != plan.client {
                self.fire(Fault::TwoClients);
            }
            if other_plan.tab != plan.tab && !self.plan.shared_locks {
                self.fire(Fault::NoSharedLocks);
            }
        }
        if !self.plan.journal.exists && plan.recover.is_some() {
            self.fire(Fault::NoJournal);
        }
    }

    /// R3, R4: a paid request leaves.
    pub fn check_departure(&self, tab: &Tab, connection: &Rc<Connection>) {
        let Ask::Execute { run: index, is_replay, key, .. } = &connection.ask else { return };
        if *is_replay {
            return;
        }
        let index = *index;
        let (run, plan) = (&self.runs[index], &self.plan.runs[index]);
        let now = self.now();
        let began = run.began.get().unwrap_or(now);
        if run.signal.0.is_set() {
            self.violate("R4", || format!("run {index} is sent after it was aborted"));
        }
        let resolution = self.plan.tabs.get(tab.index).map_or(0.0, |tab| tab.clock_ms);
        let total = plan.total_timeout_ms.and_then(|total| micros(total + resolution));
        let deadline = total.map(|total| began + total + 1);
        if deadline.is_some_and(|deadline| now > deadline) {
            self.violate("R4", || format!("run {index} is sent after its totalTimeout"));
        }
        let mut sends = run.sends.borrow_mut();
        for earlier in sends.iter() {
            let is_same_key = matches!(&earlier.ask, Ask::Execute { key: Some(earlier), .. } if Some(earlier) == key.as_ref());
            if !earlier.is_refused.get() && !is_same_key {
                self.violate("R4", || {
                    format!("run {index} is sent again, and nothing proves that it did not run")
                });
            }
        }
        let is_first = sends.is_empty();
        sends.push(Rc::clone(connection));
        drop(sends);
        let is_journalled = self.plan.journal.exists && plan.recover.is_some() && !self.may_interfere();
        if is_journalled && !self.storage.has_tag(&run.token) {
            self.violate("R3", || format!("run {index} is sent, and the journal has no entry for it"));
        }
        if is_first {
            self.check_start_delay(tab, index, now - began);
        }
    }

    /// R5, R6: no run waits for the end of another, only for its claim.
    fn check_start_delay(&self, tab: &Tab, run: usize, delay: Time) {
        let Some(limit_ms) = self.longest_start_ms(tab, run) else { return };
        if millis(delay) > limit_ms {
            let delay_ms = millis(delay);
            self.violate("R6", || format!("run {run} was sent after {delay_ms} ms, more than {limit_ms} ms"));
        }
    }

    /// How long a run may wait before it is sent, where nothing but other runs can make it wait.
    fn longest_start_ms(&self, tab: &Tab, run: usize) -> Option<f64> {
        let plan = &self.plan;
        let free = &plan.free;
        let disturbed = [
            free.lost_before,
            free.lost_after,
            free.stalled,
            free.cut_short,
            free.status_zero,
            free.slow,
            free.not_sent,
            plan.journal.slow,
            plan.journal.fails,
            plan.journal.hangs,
            plan.journal.unreadable,
            plan.key.slow,
            plan.key.fails,
            plan.cloud.list_error,
            plan.cloud.rate_limit,
            plan.cloud.busy,
            plan.list.nulls,
            plan.paid.not_sent,
        ];
        let is_disturbed = disturbed.iter().any(|rate| *rate > 0.0)
            || plan.cloud.sessions.is_some()
            || plan.key.expires.is_some()
            || plan.tabs.iter().any(|tab| {
                tab.throttled > 0.0
                    || tab.max_concurrent.is_finite()
                    || tab.offline.is_some()
                    || tab.death.is_some()
            })
            || tab.index >= plan.tabs.len();
        if is_disturbed || plan.list.old > 90 {
            return None;
        }
        let others =
            plan.runs.iter().enumerate().filter(|(other, _)| self.skill(*other) == self.skill(run)).count();
        let request_ms = 4.0 * (free.latency_ms + plan.paid.latency_ms);
        let is_certain = self.is_every_run_claimed();
        let each_ms = if is_certain {
            plan.list.lag_ms.min(self.longest_grace_ms()) + 3_000.0
        } else {
            2.0 * self.longest_grace_ms() + plan.list.lag_ms + 6_000.0
        };
        Some(others as f64 * (each_ms + request_ms) + request_ms)
    }

    fn longest_grace_ms(&self) -> f64 {
        let graces = self.plan.runs.iter().filter_map(|run| run.recover).map(|recover| recover.grace_ms);
        graces.fold(0.0, f64::max)
    }

    /// Whether nothing can keep a run from being found in the list as soon as it is there.
    fn is_every_run_claimed(&self) -> bool {
        let plan = &self.plan;
        let paid = &plan.paid;
        let lossless = [
            paid.lost_before,
            paid.lost_after,
            paid.stalled,
            paid.cut_short,
            paid.status_zero,
            paid.slow,
            plan.cloud.error_before,
            plan.cloud.error_after,
            plan.cloud.busy_bare,
            plan.cloud.busy_in_body,
            plan.cloud.broken_contract,
            plan.cloud.no_skill,
            plan.list.incomplete,
        ];
        lossless.iter().all(|rate| *rate == 0.0)
            && plan.foreign.is_empty()
            && !plan.list.unreadable_times
            && plan.runs.iter().all(|run| {
                run.recover.is_some()
                    && run.timeout_ms.is_none()
                    && run.total_timeout_ms.is_none()
                    && run.abort.is_none()
            })
            && (plan.shared_locks || plan.tabs.len() == 1)
    }

    /// R4: an execution starts.
    pub fn check_start(&self, run: usize, connection: &Connection) {
        let executions = self.runs[run].executions.borrow().len();
        if executions > 1 {
            self.violate("R4", || format!("run {run} is executed {executions} times"));
        }
        if connection.closed.get().is_some_and(|closed| self.now() > closed + SLACK) {
            self.violate("world", || "an execution starts too long after its connection broke".to_owned());
        }
    }

    /// R6: an answered call ends soon, whatever else goes on.
    fn check_handover(&self, run: usize, tab: &Tab) {
        let Some(answered) = self.runs[run].answered.get() else { return };
        if self.longest_start_ms(tab, run).is_none() || self.plan.deliver_slow > 0.0 {
            return;
        }
        let delay_ms = millis(self.now() - answered);
        let limit_ms = 1_000.0 + 4.0 * self.plan.free.latency_ms;
        if delay_ms > limit_ms {
            self.violate("R6", || {
                format!("run {run} is told {delay_ms} ms after its response, more than {limit_ms} ms")
            });
        }
    }

    pub fn check_call(&self, run: usize, tab: usize, outcome: Outcome) {
        self.check_handover(run, &self.tab(tab));
        self.check_owner("the call", tab, run, &outcome);
        self.check_ids(run, &outcome);
        self.check_outcome(run, outcome);
    }

    pub fn check_resumed(&self, run: usize, tab: usize, outcome: Outcome) {
        self.check_owner("resume()", tab, run, &outcome);
        self.check_outcome(run, outcome);
    }

    fn check_outcome(&self, run: usize, outcome: Outcome) {
        if matches!(
            &outcome,
            Outcome::NotExecuted { code: "timeout" } | Outcome::Open { code: "timeout", .. }
        ) && self.plan.runs[run].total_timeout_ms.is_some()
        {
            self.fire(Fault::TotalTimeout);
        }
        self.check_candidates(run, &outcome);
        self.runs[run].outcomes.borrow_mut().push((self.now(), outcome));
    }

    /// R2: a run that is ambiguous has its own execution among its candidates.
    fn check_candidates(&self, run: usize, outcome: &Outcome) {
        let Outcome::Ambiguous { candidates } = outcome else { return };
        let executions = self.cloud.executions.borrow();
        let own = self.runs[run].executions.borrow().first().map(|own| short(&executions[*own].id));
        let is_lacking = own.is_some_and(|own| !candidates.iter().any(|id| id == own));
        if is_lacking && !self.is_list_late(self.skill(run)) && !self.is_confused.get() {
            self.violate("R2", || format!("run {run} is ambiguous, and its own execution is no candidate"));
        }
    }

    /// R3: an error carries the id of the execution, once that is known.
    fn check_ids(&self, run: usize, outcome: &Outcome) {
        let Outcome::Open { execution_id, code } = outcome else { return };
        let token = &self.runs[run].token;
        let entries = self.storage.entries();
        let entry = entries.iter().find(|entry| entry.text_field("tag") == Some(&**token));
        let known = entry.and_then(|entry| entry.text_field("executionId"));
        if known.is_some() && known != execution_id.as_deref() && !self.may_interfere() {
            self.violate("R3", || {
                format!("the error of run {run} ({code}) has {execution_id:?}, known is {known:?}")
            });
        }
    }

    /// R2: the journal attributes an execution to a run.
    pub fn check_entry(&self, tab: usize, entry: &Value) {
        let Some(run) = entry.text_field("tag").and_then(|tag| self.run_of(tag)) else { return };
        if self.runs[run].journalled.get().is_none() {
            let list = self.tab(tab).newest_list(Some(self.skill(run)));
            let made = list.map_or(self.now(), |list| list.made);
            self.runs[run].journalled.set(Some((self.now(), made)));
        }
        let Some(id) = entry.text_field("executionId") else { return };
        let executions = self.cloud.executions.borrow();
        let index = executions.iter().position(|execution| &*execution.id == id);
        drop(executions);
        if let Some(index) = index {
            let starter = self.cloud.executions.borrow()[index].starter;
            self.check_starter("the journal", tab, run, Some(starter), Some(index));
        }
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

    /// Whether the outcome of a run has reached its caller for good.
    fn is_accounted(&self, index: usize) -> bool {
        let run = &self.runs[index];
        let is_told =
            run.outcomes.borrow().iter().any(|(_, outcome)| matches!(outcome, Outcome::Result { .. }));
        let has_deliver = self.plan.runs[index].recover.is_some_and(|recover| recover.has_deliver);
        run.delivered.get() > 0
            || run.is_acknowledged.get()
            || run.is_discarded.get()
            || (is_told && !has_deliver && run.has_ended.get() && run.killed.get().is_none())
    }

    /// Whether a run was executed, or may still be.
    fn may_run(&self, index: usize) -> bool {
        let run = &self.runs[index];
        !run.executions.borrow().is_empty() || run.sends.borrow().iter().any(|send| send.may_arrive())
    }

    /// R3: the entry of a run is removed from the journal.
    pub fn check_removal(&self, run: usize, entry: &Value) {
        let answered_at = entry.field("answeredAt").and_then(Node::number);
        let is_old = answered_at.is_some_and(|_| {
            let told = self.runs[run].killed.get().map_or(0.0, |killed| millis(self.now() - killed));
            self.runs[run].has_ended.get() || told > ANSWERED_MS
        });
        if self.is_list_late(self.skill(run)) && entry.text_field("concluded").is_some() {
            self.runs[run].is_given_up.set(true);
        }
        let is_open = self.may_run(run) && !self.is_accounted(run) && !self.runs[run].is_given_up.get();
        if is_open && !is_old && !self.may_interfere() {
            self.violate("R3", || {
                format!("the entry of run {run} is removed, and its outcome is not delivered")
            });
        }
    }

    /// Whether a tab can resume what another one is still at: without common locks the journal tells nothing of that.
    fn may_interfere(&self) -> bool {
        !self.plan.shared_locks && self.plan.tabs.len() > 1
    }

    /// R3: whatever may have been paid for is in the journal.
    pub fn check_journal(&self, when: &str) {
        if !self.plan.journal.exists || self.may_interfere() {
            return;
        }
        for (index, run) in self.runs.iter().enumerate() {
            let was_sent = !run.sends.borrow().is_empty();
            let is_open = was_sent
                && self.is_protected(index)
                && self.may_run(index)
                && !self.is_accounted(index)
                && !run.is_given_up.get();
            if is_open && !self.storage.has_tag(&run.token) && !self.has_expired(run) {
                self.violate("R3", || format!("{when}, the journal has no entry for run {index}"));
            }
        }
    }

    /// Whether a run was answered, and its page died before its caller learned it, longer ago than entries are kept.
    fn has_expired(&self, run: &Run) -> bool {
        run.killed.get().is_some_and(|killed| millis(self.now() - killed) > ANSWERED_MS)
    }

    /// A tab resumes again: it takes back what it has handed over.
    pub fn forget_holder(&self, tab: usize) {
        for run in &self.runs {
            if run.holder.get() == Some(tab) {
                run.holder.set(None);
            }
        }
    }

    /// R3: a run is resumed by one tab at a time, and not while its call is alive.
    pub fn check_resume(&self, tab: usize, began: Time, resumed: &[Resumed<Page>]) {
        let now = self.now();
        let mut resumes = self.resumes.borrow_mut();
        let overlaps = |(other, from, to, count): &(usize, Time, Time, usize)| {
            *other != tab && *from <= now && *to >= began && (*count > 0 || !resumed.is_empty())
        };
        if resumes.iter().any(overlaps) {
            self.fire(Fault::ResumedTwice);
        }
        resumes.push((tab, began, now, resumed.len()));
        drop(resumes);
        if !resumed.is_empty() && self.plan.tabs.get(tab).is_some_and(|plan| plan.follows.is_some()) {
            self.fire(Fault::Reloaded);
        }
        for run in resumed.iter().filter_map(|resumed| self.run_of(&resumed.tag()?)) {
            let plan = &self.plan.runs[run];
            let state = &self.runs[run];
            let is_live =
                state.began.get().is_some() && !state.has_ended.get() && self.tab(plan.tab).is_alive.get();
            let holder = state.holder.replace(Some(tab));
            let is_held = holder.is_some_and(|holder| holder != tab && self.tab(holder).is_alive.get());
            if self.plan.shared_locks && (is_live || is_held) {
                self.violate("R3", || {
                    format!("tab {tab} resumes run {run}, which is live: {is_live}, or held by {holder:?}")
                });
            }
        }
    }

    /// Everything ends, except what waits for a journal that hangs, or for a session of a plan whose sessions never end.
    pub fn check_end_of_storm(&self, ended: Ended) {
        self.check_journal("at the end of the storm");
        if ended == Ended::Livelock {
            self.violate("R5", || "tasks wake each other without end".to_owned());
        }
        let fired = self.fired.get();
        let is_full = fired.has(Fault::TooManySessions) && fired.has(Fault::ExecutionNeverEnds);
        if is_full || fired.has(Fault::JournalHangs) {
            return;
        }
        for (index, run) in self.runs.iter().enumerate() {
            let is_alive = self.tab(self.plan.runs[index].tab).is_alive.get();
            if run.began.get().is_some() && !run.has_ended.get() && is_alive {
                self.violate("R5", || format!("run {index} never ends ({ended:?})"));
            }
        }
    }

    /// The rules that only the end of a world can tell.
    pub fn check_end(&self, ended: Ended) {
        if ended != Ended::Idle {
            self.violate("R5", || format!("the last page does not come to rest: {ended:?}"));
        }
        self.check_journal("at the end");
        self.fire_foreign();
        for index in 0..self.runs.len() {
            self.check_truth(index);
            self.check_liveness(index);
        }
    }

    /// R1: what is said not to have been executed was not.
    fn check_truth(&self, index: usize) {
        let run = &self.runs[index];
        let executions = self.cloud.executions.borrow();
        let own = run.executions.borrow();
        let Some(execution) = own.first().map(|own| &executions[*own]) else { return };
        let is_told =
            run.outcomes.borrow().iter().any(|(_, outcome)| matches!(outcome, Outcome::Result { .. }));
        for (time, outcome) in run.outcomes.borrow().iter() {
            let Outcome::NotExecuted { code } = outcome else { continue };
            // Only the verdict that a request never arrived may err, where the list takes longer than the grace.
            let is_late = self.is_list_late(self.skill(index));
            let is_searched = run.sends.borrow().last().is_some_and(|send| !send.is_refused.get())
                && self.is_protected(index)
                && execution.started < *time;
            let is_interfered = self.may_interfere() && run.outcomes.borrow().len() > 1;
            if !(is_late && is_searched || is_interfered) {
                self.violate("R1", || format!("run {index} is said not to have been executed ({code}); its result is known: {is_told}"));
            }
        }
    }

    /// Whether an own execution of a skill is listed later than any run waits, or never.
    fn is_list_late(&self, skill: usize) -> bool {
        let grace_ms = self.shortest_grace_ms();
        let executions = self.cloud.executions.borrow();
        executions.iter().any(|execution| {
            let is_late = !execution.is_listed || millis(execution.longest_lag()) > grace_ms;
            is_late && execution.skill == skill && matches!(execution.starter, Starter::Run(_))
        })
    }

    fn shortest_grace_ms(&self) -> f64 {
        let graces = self.plan.resumes.iter().map(|resume| resume.grace_ms);
        let of_runs = self.plan.runs.iter().filter_map(|run| run.recover).map(|recover| recover.grace_ms);
        graces.chain(of_runs).chain([20_000.0]).fold(f64::INFINITY, f64::min)
    }

    /// R5: every lost response is recovered, in a world without what the design does not claim to withstand.
    fn check_liveness(&self, index: usize) {
        let run = &self.runs[index];
        if !self.is_protected(index) || run.sends.borrow().is_empty() || !self.is_recoverable() {
            return;
        }
        let outcomes = run.outcomes.borrow();
        if outcomes.iter().any(|(_, outcome)| matches!(outcome, Outcome::Ambiguous { .. })) {
            self.violate("R5", || format!("run {index} is ambiguous in a world without other users"));
        }
        let executions = self.cloud.executions.borrow();
        let own = run.executions.borrow();
        match own.first().map(|own| &executions[*own]) {
            Some(execution) if execution.ends.is_none() || execution.has_lost_output => {}
            Some(_) if self.is_accounted(index) => {}
            Some(_) if self.has_expired(run) => {}
            Some(_) => {
                self.violate("R5", || format!("run {index} was executed and is not recovered: {outcomes:?}"))
            }
            None if self.storage.has_tag(&run.token) => {
                self.violate("R5", || {
                    format!("run {index} never arrived, and its entry stays: {outcomes:?}")
                });
            }
            None => {}
        }
    }

    /// Whether the design promises that every response is recovered.
    fn is_recoverable(&self) -> bool {
        let plan = &self.plan;
        let cannot = [
            Fault::ForeignInWindow,
            Fault::ForeignOutside,
            Fault::ForeignShared,
            Fault::NoSharedLocks,
            Fault::LagAboveGrace,
            Fault::ListIncomplete,
            Fault::JournalFails,
            Fault::JournalHangs,
            Fault::JournalUnreadable,
            Fault::Unprotected,
            Fault::ResumeIgnored,
            Fault::DeliverFails,
        ];
        plan.journal.exists
            && !plan.shared_account
            && !plan.idempotency
            && plan.list.lag_ms < self.shortest_grace_ms()
            && plan.list.lag_ms < 15_000.0
            && !self.fired.get().has_any(&cannot)
            && plan.resumes.iter().all(|resume| resume.style != Style::Ignore)
    }

    /// Which foreign executions could be taken for those of a run.
    fn fire_foreign(&self) {
        let executions = self.cloud.executions.borrow();
        for execution in executions.iter().filter(|execution| execution.starter == Starter::Foreign) {
            let is_within = |run: usize| {
                let window = self.uncertainty(self.plan.runs[run].tab, run, execution.longest_lag());
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

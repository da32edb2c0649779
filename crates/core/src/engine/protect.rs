//! Protects one run: identifies its execution while it starts, so that the run can be recovered if its response is
//! lost.
//!
//! Holding the skill's lock, it resolves abandoned runs, takes a baseline of the list, writes the journal entry, sends
//! the request, and polls the list while the response is pending. If exactly one execution can only be this run's, the
//! run claims it: its id is written to the journal, and the lock is released. See ARCHITECTURE.md, "Recovery".

use std::future::Future;
use std::pin::pin;
use std::rc::Rc;

use super::attempt::{AttemptInput, AttemptResult};
use super::call::{Boxed, Call};
use super::engine::Engine;
use super::entry::{Entry, Record};
use super::error::Error;
use super::locks::{acquire, entry_lock, skill_lock};
use super::options::Recover;
use super::platform::Platform;
use super::select::{Either, select};
use super::shared_state::{ProtectedRun, RunState, SkillState};
use crate::policy::ledger::{Ledger, RunKey};

/// Maximum age of a baseline, in milliseconds. With frequent runs, the last poll of one is the baseline of the next.
const BASELINE_MS: f64 = 1_000.0;

/// How the execution of a run is identified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RecoveryMode {
    /// By the list of executions. One run starts at a time.
    ExecutionList,
    /// By the list and the caller's `accept` function. Other users share the account, so the list alone is no proof.
    SharedAccount,
    /// By the idempotency key.
    IdempotencyKey,
}

/// Protection of one run.
pub(super) struct Protection<'a, P: Platform> {
    pub engine: &'a Engine<P>,
    pub recover: &'a Recover<P>,
    pub mode: RecoveryMode,
    pub entry: Entry,
    pub skill: Rc<SkillState>,
    /// Name of the skill's lock.
    pub skill_name: String,
    /// The state that decides about this run: `skill`, or in a shared account a separate one.
    pub evidence: Rc<SkillState>,
    /// Key in the ledger, from the moment the request may have been sent until its execution is identified.
    pub key: Option<RunKey>,
    /// Whether the request may have been sent.
    pub was_sent: bool,
    /// Whether the journal may contain the entry.
    pub was_written: bool,
    /// Whether only the stored response of an idempotency key is requested.
    pub is_replay: bool,
    pub lock: Option<P::Lock>,
    pub entry_lock: Option<P::Lock>,
    /// When the current attempt was sent; NaN for a run of an earlier page.
    pub began_ms: f64,
}

impl<'a, P: Platform> Protection<'a, P> {
    pub fn new(call: &Call<'a, P>, recover: &'a Recover<P>) -> Self {
        let engine = call.engine;
        let skill_id = call.prepared.ids.first().cloned().unwrap_or_default();
        let mode = match engine.options {
            ref options if options.idempotency => RecoveryMode::IdempotencyKey,
            ref options if options.shared_account => RecoveryMode::SharedAccount,
            _ => RecoveryMode::ExecutionList,
        };
        let id = engine.platform.unique_id();
        let entry = Entry {
            idempotency_key: (mode == RecoveryMode::IdempotencyKey).then(|| id.clone()),
            id,
            skill_id,
            tag: recover.tag.clone(),
            is_delivered: recover.deliver.is_some() || recover.batch.is_some(),
            row: recover.batch.as_ref().and_then(|batch| batch.row.clone()),
            ..Entry::default()
        };
        Self::of(engine, recover, mode, entry)
    }

    /// Protects a run that an earlier page started.
    pub fn of(engine: &'a Engine<P>, recover: &'a Recover<P>, mode: RecoveryMode, entry: Entry) -> Self {
        let shared = engine.platform.shared_state();
        let skill_name = skill_lock(engine, &entry.skill_id);
        let skill = shared.skill(&skill_name);
        let evidence = if mode == RecoveryMode::SharedAccount { Rc::default() } else { Rc::clone(&skill) };
        Self {
            engine,
            recover,
            mode,
            entry,
            skill,
            skill_name,
            evidence,
            key: None,
            was_sent: false,
            was_written: false,
            is_replay: false,
            lock: None,
            entry_lock: None,
            began_ms: f64::NAN,
        }
    }

    pub fn idempotency_key(&self) -> Option<&str> {
        self.entry.idempotency_key.as_deref()
    }

    /// The ledger that decides about this run.
    pub fn ledger(&self) -> std::cell::RefMut<'_, Ledger> {
        self.evidence.ledger.borrow_mut()
    }

    pub fn execution_id(&self) -> Option<&str> {
        self.entry.execution_id.as_deref()
    }

    /// Prepares the run and makes one attempt.
    #[inline(never)]
    pub fn attempt<'b>(
        &'b mut self,
        call: &'b Call<'_, P>,
        attempt: AttemptInput<'b, P::Value>,
    ) -> Boxed<'b, Result<AttemptResult<P>, Error<P::Value>>> {
        Box::pin(async move {
            self.prepare(call).await?;
            self.claim(call, call.send_once(attempt)).await
        })
    }

    /// Sends the request, and claims its execution while the response is pending.
    async fn claim(
        &mut self,
        call: &Call<'_, P>,
        attempt: impl Future<Output = Result<AttemptResult<P>, Error<P::Value>>>,
    ) -> Result<AttemptResult<P>, Error<P::Value>> {
        self.was_sent = true;
        self.began_ms = call.now_ms();
        if self.mode == RecoveryMode::IdempotencyKey {
            return attempt.await;
        }
        let key = self.ledger().begin(self.began_ms);
        self.key = Some(key);
        self.evidence.add(&self.entry.id, key, RunState::Polling, self.began_ms);
        let result = if self.mode == RecoveryMode::SharedAccount {
            attempt.await
        } else {
            self.attempt_and_claim(call, attempt, key).await
        };
        if let Ok(AttemptResult::Response(..)) = &result {
            self.end(true);
        }
        result
    }

    async fn attempt_and_claim(
        &mut self,
        call: &Call<'_, P>,
        attempt: impl Future<Output = Result<AttemptResult<P>, Error<P::Value>>>,
        key: RunKey,
    ) -> Result<AttemptResult<P>, Error<P::Value>> {
        let mut attempt = pin!(attempt);
        match select(attempt.as_mut(), self.claim_while_pending(call, key)).await {
            Either::First(result) => result,
            Either::Second(claimed) => {
                match claimed {
                    Some(id) => self.claimed(id).await,
                    // The poll of another run may still identify it.
                    None => self.skill.set_state(key, RunState::Pending),
                }
                self.lock = None;
                let result = attempt.await;
                self.take_claim();
                result
            }
        }
    }

    /// Acquires the locks that the run needs to start.
    #[inline(never)]
    pub fn enter<'b>(&'b mut self, call: &'b Call<'_, P>) -> Boxed<'b, Result<(), Error<P::Value>>> {
        Box::pin(async move {
            if self.engine.platform.has_journal() && self.entry_lock.is_none() && !self.is_replay {
                self.entry_lock = Some(acquire(call, &entry_lock(&self.entry.id)).await?);
            }
            self.lock(call).await
        })
    }

    /// Resolves abandoned runs, takes the baseline and writes the journal. On an error, nothing was sent.
    async fn prepare(&mut self, call: &Call<'_, P>) -> Result<(), Error<P::Value>> {
        if self.is_replay {
            return Ok(());
        }
        let platform = &self.engine.platform;
        self.resolve_abandoned(call).await?;
        // An execution that was assigned to a refused attempt is not this attempt's.
        self.skill.owners.borrow_mut().retain(|(_, run)| *run != self.entry.id);
        self.entry.execution_id = None;
        self.entry.started_before = None;
        let is_stale = call.now_ms() - self.evidence.timing.borrow().baseline_ms > BASELINE_MS;
        if self.mode != RecoveryMode::IdempotencyKey && is_stale {
            let list = self.executions(call).newest(call.left_ms()).await?;
            self.apply_list(&list, true).await;
        }
        if self.mode == RecoveryMode::ExecutionList {
            self.await_listing(call).await?;
        }
        if platform.has_journal() {
            if self.mode == RecoveryMode::ExecutionList {
                let record = self.record().write(&self.entry.skill_id);
                call.journal(&Record::id(&self.entry.skill_id), &record).await?;
            }
            let listed_before = self.ledger().unaccounted();
            self.entry.listed_before = listed_before;
            let (after_ms, _) = self.ledger().server_window(call.now_ms(), f64::INFINITY);
            self.entry.started_after = Some(after_ms);
            self.entry.sent_at = platform.epoch_ms();
            self.was_written = true;
            call.journal(&self.entry.id, &self.entry.write()).await?;
        }
        Ok(())
    }

    /// Takes over the claim, if the poll of another run has identified this run's execution.
    pub fn take_claim(&mut self) {
        if let Some(ProtectedRun { execution_id: Some(id), .. }) = self.evidence.run(&self.entry.id) {
            self.entry.execution_id = Some(id);
            self.key = None;
        }
    }

    /// Records that no attempt so far has executed anything, so that other runs can start.
    #[inline(never)]
    pub fn not_executed(&mut self) -> Boxed<'_, ()> {
        Box::pin(async move {
            // A missing stored response says nothing about the run.
            if self.is_replay {
                return;
            }
            if let Some(run) = self.evidence.run(&self.entry.id) {
                self.ledger().remove(run.key);
                self.evidence.add(&run.id, run.key, RunState::Concluded, run.added_ms);
            }
            self.key = None;
            if std::mem::take(&mut self.was_written) || self.was_sent {
                self.engine.try_remove_entry(&self.entry.id).await;
            }
            self.was_sent = false;
            self.lock = None;
        })
    }

    /// Acquires the skill's lock.
    pub async fn lock(&mut self, call: &Call<'_, P>) -> Result<(), Error<P::Value>> {
        if self.mode == RecoveryMode::ExecutionList && self.lock.is_none() {
            self.lock = Some(acquire(call, &self.skill_name).await?);
        }
        Ok(())
    }

    /// Acquires the skill's lock again, if it was released, to search for the run's execution.
    pub async fn reacquire_lock(&mut self, call: &Call<'_, P>) -> Result<(), Error<P::Value>> {
        if self.lock.is_none() {
            self.lock(call).await?;
            // Other tabs may have started runs in the meantime.
            self.resolve_abandoned(call).await?;
        }
        self.take_claim();
        Ok(())
    }

    /// Releases the skill's lock.
    pub fn release(&mut self) {
        self.lock = None;
    }

    /// Leaves the run to be resolved by the next one, because its call has ended or its future was dropped before its
    /// execution was identified. Returns whether it may have been sent.
    pub fn abandon(&mut self) -> bool {
        let is_open = |key: &RunKey| self.mode == RecoveryMode::ExecutionList && self.ledger().is_open(*key);
        let Some(key) = self.key.filter(is_open) else { return false };
        if self.was_sent {
            self.end(false);
            let until_ms = self.until_ms();
            self.evidence.abandon(key, &self.entry, until_ms);
        } else {
            self.ledger().remove(key);
            self.evidence.remove(key);
        }
        self.key = None;
        self.was_sent
    }
}

impl<P: Platform> Drop for Protection<'_, P> {
    fn drop(&mut self) {
        self.abandon();
    }
}

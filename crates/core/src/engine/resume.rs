//! Resumes the runs in the journal whose page or worker has ended.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::call::{Call, CallResult, Prepared};
use super::engine::Engine;
use super::entry::{BatchRow, Entry};
use super::error::{Error, Failure};
use super::journal::{JOURNAL_MS, journal_error};
use super::locks::{entry_lock, resume_lock};
use super::options::{CallOptions, Recover};
use super::outcome::{conclusion_error, outcome_unknown, with_unknown_outcome};
use super::platform::Platform;
use super::protect::{Protection, RecoveryMode};
use super::value::{Interrupted, Value};
use crate::api::operation::Operation;
use crate::api::problem::ErrorCode;

/// Maximum time for the previous page to end on a reload, in milliseconds.
const PATIENCE_MS: f64 = 1_000.0;
/// Number of attempts to acquire a held lock within that time.
const TRIES: u32 = 4;

/// A run that an earlier page or worker started. Its lock is held until it is acknowledged, discarded or dropped.
pub struct Resumed<P: Platform> {
    engine: Rc<Engine<P>>,
    entry: RefCell<Entry>,
    options: CallOptions<P>,
    lock: RefCell<Option<P::Lock>>,
    is_settled: Cell<bool>,
}

/// Runs that an earlier page or worker started.
pub struct ResumedRuns<P: Platform> {
    /// The runs that no tab is working on.
    pub runs: Vec<Resumed<P>>,
    /// Whether these are all. Otherwise another tab is working on the others.
    pub is_complete: bool,
}

impl<P: Platform> Engine<P> {
    /// Returns the runs in the journal that no tab is working on, except those of batches. Sends no execution and costs
    /// no credits.
    ///
    /// # Errors
    /// [`ErrorCode::Journal`] if the journal cannot be read.
    pub async fn resume(
        self: &Rc<Self>,
        options: &CallOptions<P>,
    ) -> Result<Vec<Resumed<P>>, Error<P::Value>> {
        // The caller requests unacknowledged runs again.
        self.platform.shared_state().unacknowledged.borrow_mut().clear();
        Ok(self.resume_where(options, &|entry| entry.row.is_none()).await?.runs)
    }

    /// Returns the runs of a batch in the journal, or of one start of a row.
    ///
    /// # Errors
    /// [`ErrorCode::Journal`] if the journal cannot be read.
    pub async fn resume_batch(
        self: &Rc<Self>,
        batch: &str,
        start: Option<(i64, u32)>,
        options: &CallOptions<P>,
    ) -> Result<ResumedRuns<P>, Error<P::Value>> {
        let is_wanted =
            |row: &BatchRow| row.batch == batch && start.is_none_or(|start| start == (row.index, row.start));
        self.resume_where(options, &|entry| entry.row.as_ref().is_some_and(is_wanted)).await
    }

    async fn resume_where(
        self: &Rc<Self>,
        options: &CallOptions<P>,
        is_wanted: &dyn Fn(&Entry) -> bool,
    ) -> Result<ResumedRuns<P>, Error<P::Value>> {
        if !self.platform.has_journal() {
            return Ok(ResumedRuns { runs: Vec::new(), is_complete: true });
        }
        let signal = options.signal.as_ref();
        let mut locks: Vec<(String, P::Lock)> = Vec::new();
        for attempt in 0..TRIES {
            let entries = self.entries(signal).await?;
            let missing: Vec<String> = entries
                .into_iter()
                .filter(|entry| !entry.is_past && is_wanted(entry))
                .map(|entry| entry.id)
                .filter(|id| !locks.iter().any(|(locked, _)| locked == id))
                .collect();
            for id in &missing {
                let is_free = self.platform.lock(&entry_lock(id), None, 0.0).await.is_ok();
                if is_free && let Ok(lock) = self.platform.lock(&resume_lock(id), None, 0.0).await {
                    locks.push((id.clone(), lock));
                }
            }
            let is_complete = missing.iter().all(|id| locks.iter().any(|(locked, _)| locked == id));
            if is_complete || attempt.saturating_add(1) == TRIES {
                break;
            }
            let delay_ms = PATIENCE_MS / f64::from(TRIES.saturating_sub(1));
            if let Interrupted::Aborted(reason) = self.platform.pause(signal, delay_ms).await {
                return Err(Error::Aborted(reason));
            }
        }
        // Read again: a run may have finished before its lock was acquired.
        let mut runs = Vec::new();
        let mut is_complete = true;
        let entries = self.entries(signal).await?;
        for entry in &entries {
            let is_needed = entries.iter().any(|other| other.is_rival(entry.responded_at));
            if entry.is_past {
                if !is_needed && entry.has_expired(self.platform.epoch_ms()) {
                    self.try_remove_entry(&entry.id).await;
                }
                continue;
            }
            if !is_wanted(entry) {
                continue;
            }
            let Some(index) = locks.iter().position(|(id, _)| *id == entry.id) else {
                is_complete = false;
                continue;
            };
            let (_, lock) = locks.swap_remove(index);
            if entry.has_expired(self.platform.epoch_ms()) {
                self.try_remove_entry(&entry.id).await;
                continue;
            }
            runs.push(Resumed {
                engine: Rc::clone(self),
                entry: RefCell::new(entry.clone()),
                options: options.clone(),
                lock: RefCell::new(Some(lock)),
                is_settled: Cell::new(false),
            });
        }
        Ok(ResumedRuns { runs, is_complete })
    }

    /// Reads the entries of the journal, oldest first.
    async fn entries(&self, signal: Option<&P::Signal>) -> Result<Vec<Entry>, Error<P::Value>> {
        let read = self.platform.journal_entries(signal, JOURNAL_MS).await;
        let values =
            read.map_err(|interrupted| journal_error(interrupted, "The journal could not be read"))?;
        let mut entries: Vec<Entry> = Vec::new();
        for entry in values.iter().filter_map(Entry::read) {
            // Insertion sort: the standard sorts are larger than this file in the WebAssembly.
            let index = entries.iter().position(|other| other.sent_at > entry.sent_at);
            entries.insert(index.unwrap_or(entries.len()), entry);
        }
        Ok(entries)
    }
}

impl<P: Platform> Resumed<P> {
    /// Id of the journal entry.
    pub fn id(&self) -> String {
        self.entry.borrow().id.clone()
    }

    /// Id of the skill.
    pub fn skill_id(&self) -> String {
        self.entry.borrow().skill_id.clone()
    }

    /// Id of the execution, if identified.
    pub fn execution_id(&self) -> Option<String> {
        self.entry.borrow().execution_id.clone()
    }

    /// The caller's name for the run.
    pub fn tag(&self) -> Option<String> {
        self.entry.borrow().tag.clone()
    }

    /// The row, for a run of a batch.
    pub fn row(&self) -> Option<BatchRow> {
        self.entry.borrow().row.clone()
    }

    /// Whether a list that must contain the run's execution did not identify it. Another search finds nothing else.
    pub fn is_concluded(&self) -> bool {
        self.entry.borrow().concluded.is_some()
    }

    /// When the request was sent, in milliseconds since the epoch.
    pub fn sent_at_ms(&self) -> f64 {
        self.entry.borrow().sent_at
    }

    /// Returns the outcome of the run. With `deliver` in the options of `resume`, the entry is removed once that has
    /// resolved; otherwise by [`Resumed::acknowledge`].
    pub async fn result(&self) -> CallResult<P::Value> {
        let result = self.outcome().await;
        self.is_settled.set(true);
        // A batch keeps the lock itself. Otherwise, only this tab may resume the run again until it is acknowledged.
        if self.row().is_none()
            && let Some(lock) = self.lock.borrow_mut().take()
        {
            self.engine.platform.shared_state().unacknowledged.borrow_mut().push((self.id(), lock));
        }
        result
    }

    async fn outcome(&self) -> CallResult<P::Value> {
        let entry = self.entry.borrow().clone();
        let default = Recover::default();
        let recover = self.options.recover.as_ref().unwrap_or(&default);
        let spec = Operation::SkillsExecute.spec();
        let ids = vec![entry.skill_id.clone()];
        let prepared =
            Prepared { spec, url: self.engine.base_url().join(spec, &ids), body: P::Value::default(), ids };
        let call = self.engine.begin(Operation::SkillsExecute, &prepared, &self.options);
        let mode = match entry {
            Entry { idempotency_key: Some(_), .. } => RecoveryMode::IdempotencyKey,
            _ if self.engine.options.shared_account => RecoveryMode::SharedAccount,
            _ => RecoveryMode::ExecutionList,
        };
        let original =
            Failure::new(ErrorCode::Network, "The page or worker ended before the response arrived");
        let mut protection = Protection::of(&self.engine, recover, mode, entry.clone());
        protection.was_sent = true;
        let outcome = match &entry {
            Entry { execution_id: Some(_), .. } => call.recover(&mut protection, original).await,
            Entry { concluded: Some(candidates), .. } => {
                call.report_conclusion(&protection, &original, candidates, entry.is_executed).await
            }
            _ if mode == RecoveryMode::IdempotencyKey => call.replay(&mut protection).await,
            _ => call.search(&mut protection, original).await,
        };
        {
            let mut own = self.entry.borrow_mut();
            own.execution_id = protection.execution_id().map(str::to_owned);
            own.concluded.clone_from(&protection.entry.concluded);
        }
        // Without `deliver`, the entry is removed by `acknowledge`.
        let outcome = call.finish(&mut protection, outcome).await;
        call.end(outcome)
    }

    /// Removes the entry, after the caller has stored the outcome.
    ///
    /// # Errors
    /// [`ErrorCode::Journal`] if the journal cannot be written.
    pub async fn acknowledge(&self) -> Result<(), Error<P::Value>> {
        let removed = self.engine.discard_entry(&self.id(), self.row().is_some()).await;
        *self.lock.borrow_mut() = None;
        removed
    }

    /// Removes the entry of a run that executed nothing: it owns no execution that could be taken for another run's.
    pub(crate) async fn forget(&self) {
        self.engine.try_remove_entry(&self.id()).await;
        *self.lock.borrow_mut() = None;
    }
}

impl<P: Platform> Call<'_, P> {
    /// Searches for the execution of a run that an earlier page started.
    async fn search(
        &self,
        protection: &mut Protection<'_, P>,
        original: Box<Failure<P::Value>>,
    ) -> CallResult<P::Value> {
        protection.lock(self).await.map_err(with_unknown_outcome)?;
        if !protection.reload_entry().await {
            let message = "Another tab has delivered this run";
            let failure = Failure::new(ErrorCode::Journal, message);
            return Err(outcome_unknown(failure, protection.execution_id()));
        }
        if let Some(candidates) = protection.entry.concluded.clone() {
            let is_executed = protection.entry.is_executed;
            return self.report_conclusion(protection, &original, &candidates, is_executed).await;
        }
        if protection.execution_id().is_none() {
            // First, because this run may own what others could claim.
            protection.adopt();
            protection.resolve_abandoned(self).await.map_err(with_unknown_outcome)?;
        }
        self.recover(protection, original).await
    }

    /// Returns the error for an earlier conclusion.
    async fn report_conclusion(
        &self,
        protection: &Protection<'_, P>,
        original: &Failure<P::Value>,
        candidates: &[String],
        is_executed: bool,
    ) -> CallResult<P::Value> {
        if candidates.is_empty() {
            return Err(conclusion_error(original, &[], &[], is_executed));
        }
        let list = protection.executions(self).newest(self.left_ms()).await.map_err(with_unknown_outcome)?;
        Err(conclusion_error(original, candidates, &list.items, is_executed))
    }

    /// Requests the stored response of an idempotency key. Without a body, so that nothing can be executed.
    async fn replay(&self, protection: &mut Protection<'_, P>) -> CallResult<P::Value> {
        protection.is_replay = true;
        let error = match self.send(Some(protection)).await {
            Ok(response) => return Ok(response),
            Err(error) => error,
        };
        match error {
            // The proxy does not know the key and rejects it from now on: the request never arrived.
            Error::Failed(failure) if says_not_executed(&failure.body) => {
                protection.is_replay = false;
                Err(conclusion_error(&failure, &[], &[], false))
            }
            error => Err(with_unknown_outcome(error)),
        }
    }
}

fn says_not_executed<V: Value>(body: &V) -> bool {
    body.get("maybeExecuted").and_then(|said| said.as_bool()) == Some(false)
}

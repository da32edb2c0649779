//! Reads and writes the journal on behalf of calls.

use super::call::Call;
use super::engine::Engine;
use super::entry::{Entry, Record};
use super::error::{Error, Failure};
use super::platform::Platform;
use super::value::{Interrupted, Value};
use crate::api::problem::ErrorCode;

/// Maximum duration of a journal operation before a request, in milliseconds.
pub(super) const JOURNAL_MS: f64 = 10_000.0;
/// Maximum duration of a write after a request, in milliseconds. Shorter, because the run waits for it.
const LATE_WRITE_MS: f64 = 5_000.0;

impl<P: Platform> Engine<P> {
    /// Writes an entry after the request may have been sent. Errors are ignored, because they must not hide the
    /// outcome.
    pub(super) async fn try_write_entry(&self, entry: &Entry) {
        self.try_write(&entry.id, Some(&entry.write())).await;
    }

    /// Removes an entry. Errors are ignored.
    pub(super) async fn try_remove_entry(&self, id: &str) {
        self.try_write(id, None).await;
    }

    /// Removes the entry of a run whose outcome was delivered.
    pub(super) async fn delivered(&self, entry: &Entry) {
        let values = self.platform.journal_entries(None, LATE_WRITE_MS).await.unwrap_or_default();
        self.try_write(&entry.id, self.past(entry, &values).as_ref()).await;
    }

    /// Returns what other runs still need of an entry that will not be resumed: the owner of an execution that the
    /// record does not name, or of one that is not listed yet.
    fn past(&self, entry: &Entry, values: &[P::Value]) -> Option<P::Value> {
        let record = Record::find(values, &entry.skill_id).unwrap_or_default();
        let is_recorded = record.owners.iter().any(|(_, run)| *run == entry.id);
        let is_needed = entry.is_unclaimed() || entry.execution_id.is_some() && !is_recorded;
        let responded_at = entry.responded_at.or(Some(self.platform.epoch_ms()));
        let past = || Entry { is_past: true, responded_at, ..entry.clone() }.write();
        (is_needed && !self.options.shared_account).then(past)
    }

    pub(super) async fn try_write(&self, id: &str, value: Option<&P::Value>) {
        if self.platform.has_journal() {
            let _ = self.platform.journal_write(id, value, None, LATE_WRITE_MS).await;
        }
    }

    /// Removes an entry from the journal permanently. Its run cannot be recovered any more. Keeps the runs of batches,
    /// which would execute their rows again.
    ///
    /// # Errors
    /// [`ErrorCode::Journal`] if the journal cannot be written.
    pub async fn discard(&self, entry_id: &str) -> Result<(), Error<P::Value>> {
        self.discard_entry(entry_id, false).await
    }

    pub(super) async fn discard_entry(
        &self,
        entry_id: &str,
        is_of_batch: bool,
    ) -> Result<(), Error<P::Value>> {
        let failed = |interrupted| journal_error(interrupted, "The journal could not be written");
        let values = self.platform.journal_entries(None, LATE_WRITE_MS).await.map_err(failed)?;
        let entry = values.iter().filter_map(Entry::read).find(|entry| entry.id == entry_id);
        if !is_of_batch && entry.as_ref().is_some_and(|entry| entry.row.is_some()) {
            let message = "The run belongs to a batch, which removes it once its result is stored";
            return Err(Failure::new(ErrorCode::Journal, message).into());
        }
        let past = entry.and_then(|entry| self.past(&entry, &values));
        self.platform.journal_write(entry_id, past.as_ref(), None, LATE_WRITE_MS).await.map_err(failed)?;
        // Last, because another tab could resume the run otherwise.
        self.platform.shared_state().unacknowledged.borrow_mut().retain(|(id, _)| id != entry_id);
        Ok(())
    }
}

impl<P: Platform> Call<'_, P> {
    /// Writes to the journal before the request is sent.
    pub async fn journal(&self, id: &str, value: &P::Value) -> Result<(), Error<P::Value>> {
        let limit_ms = self.left_ms().min(JOURNAL_MS);
        let written = self.engine.platform.journal_write(id, Some(value), self.signal(), limit_ms).await;
        let message = "The journal could not be written; nothing was sent";
        written.map_err(|interrupted| self.journal_error(interrupted, message))
    }

    /// Reads the journal before the request is sent.
    pub async fn journal_entries(&self) -> Result<Vec<P::Value>, Error<P::Value>> {
        let limit_ms = self.left_ms().min(JOURNAL_MS);
        let read = self.engine.platform.journal_entries(self.signal(), limit_ms).await;
        let message = "The journal could not be read; nothing was sent";
        read.map_err(|interrupted| self.journal_error(interrupted, message))
    }

    fn journal_error(&self, interrupted: Interrupted<P::Value>, message: &str) -> Error<P::Value> {
        match interrupted {
            Interrupted::TimedOut if self.left_ms() <= 0.0 => {
                self.times.interrupted(&self.engine.platform, interrupted)
            }
            other => journal_error(other, message),
        }
    }
}

/// The error of a failed journal operation.
pub(super) fn journal_error<V: Value>(interrupted: Interrupted<V>, message: &str) -> Error<V> {
    match interrupted {
        Interrupted::Aborted(reason) => Error::Aborted(reason),
        Interrupted::TimedOut => Failure::new(ErrorCode::Journal, message).into(),
        Interrupted::Failed(cause) => {
            Failure::new(ErrorCode::Journal, message).with(|failure| failure.cause = cause).into()
        }
    }
}

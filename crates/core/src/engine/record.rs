//! Records the execution and the outcome of a protected run, in the ledger and the journal.

use super::call::Call;
use super::entry::Record;
use super::platform::Platform;
use super::protect::Protection;
use super::shared_state::RunState;

/// Maximum duration of the poll after a response, in milliseconds.
const LAST_POLL_MS: f64 = 2_000.0;

impl<P: Platform> Protection<'_, P> {
    /// Records the run's execution. The record is written first, because the entry may be removed later.
    pub async fn claimed(&mut self, id: String) {
        if let Some(key) = self.key.take() {
            self.evidence.claimed(key, &id);
        }
        self.entry.execution_id = Some(id);
        self.write_record().await;
        self.engine.try_write_entry(&self.entry).await;
    }

    /// Writes the record of the skill, if this run holds the lock.
    pub async fn write_record(&self) {
        if self.lock.is_some() {
            let record = self.record().write(&self.entry.skill_id);
            let id = Record::id(&self.entry.skill_id);
            self.engine.try_write(&id, Some(&record)).await;
        }
    }

    /// Records the end of the request. `is_executed` if a response proves an execution.
    pub fn end(&mut self, is_executed: bool) {
        self.entry.is_executed |= is_executed;
        let Some(key) = self.key else { return };
        let now_ms = self.engine.platform.now_ms();
        if self.began_ms.is_nan() {
            // It ended with an earlier page.
            return self.ledger().ended(key, now_ms, is_executed);
        }
        let (_, before_ms) = self.ledger().server_window(now_ms, now_ms);
        self.ledger().ended(key, now_ms, is_executed);
        self.entry.started_before.get_or_insert(before_ms);
    }

    /// Records the possible executions, once the run's own must have been listed. Later runs need not wait for it.
    pub async fn conclude(&mut self, candidates: &[String]) {
        let Some(key) = self.key.take() else { return };
        self.ledger().concluded(key);
        self.evidence.set_state(key, RunState::Concluded);
        self.entry.concluded = Some(candidates.to_vec());
        self.engine.try_write_entry(&self.entry).await;
    }

    /// Records the response. If the execution is not listed yet, polls again, and informs other tabs by the
    /// record.
    pub async fn record_response(&mut self, call: &Call<'_, P>) {
        if let Some(key) = self.key {
            self.evidence.set_state(key, RunState::Responded);
        }
        if !self.engine.platform.has_journal() {
            self.key = None;
            return;
        }
        if self.key.is_some() && self.lock.is_some() {
            if let Ok(list) = self.executions(call).newest(call.left_ms().min(LAST_POLL_MS)).await {
                self.apply_list(&list, false).await;
                self.take_claim();
            }
            self.write_record().await;
        }
        self.key = None;
        self.entry.responded_at.get_or_insert(self.engine.platform.epoch_ms());
        self.engine.try_write_entry(&self.entry).await;
    }
}

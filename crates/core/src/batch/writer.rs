//! Writes records. Those that accumulate during a write are written together, with the header.

use super::progress::PauseReason;
use super::record::{Header, Record};
use super::state::{FAILURES, State};
use super::store::{BatchStore, HEADER};
use crate::engine::Platform;

impl<P: Platform, S, T: BatchStore<P::Value>> State<P, S, T> {
    /// Requests that a record is written, with the header as it is now or later.
    pub fn request_write(&self, index: i64, record: &Record<P::Value>) -> u32 {
        let request = self.writes.add(index, record.write());
        self.touch();
        request
    }

    /// Writes a record, with the header.
    pub async fn write(&self, index: i64, record: &Record<P::Value>) {
        let request = self.request_write(index, record);
        self.until(|| self.writes.written.get() >= request).await;
    }

    /// Writes the requested records, until the batch ends.
    pub async fn write_all(&self) {
        let mut failures = 0_u32;
        loop {
            self.until(|| !self.writes.queue.borrow().is_empty()).await;
            let mut entries = std::mem::take(&mut *self.writes.queue.borrow_mut());
            let header =
                Header { skill_id: self.options.skill_id.clone(), executions: self.executions.get() };
            entries.push((HEADER, header.write()));
            let request = self.writes.requested.get();
            self.writes.is_writing.set(true);
            while self.access(self.store.write(&self.options.id, &entries)).await.is_none() {
                if self.control.is_ending.get() {
                    break;
                }
                failures = failures.saturating_add(1);
                if failures >= FAILURES {
                    self.pause(PauseReason::Store);
                }
                self.sleep(self.delay_ms(failures)).await;
            }
            self.writes.is_writing.set(false);
            if self.control.is_ending.get() {
                self.touch();
                return;
            }
            failures = 0;
            self.unpause(PauseReason::Store);
            self.writes.written.set(request);
            self.touch();
        }
    }

    /// Reads the records of some rows. Tries until the store succeeds.
    pub async fn read(&self, from: i64, to: i64) -> Vec<(i64, P::Value)> {
        let mut failures = 0_u32;
        loop {
            if let Some(entries) = self.access(self.store.read(&self.options.id, from, to)).await {
                if failures >= FAILURES {
                    self.unpause(PauseReason::Store);
                }
                return entries;
            }
            failures = failures.saturating_add(1);
            if failures >= FAILURES {
                self.pause(PauseReason::Store);
            }
            self.sleep(self.delay_ms(failures)).await;
        }
    }

    /// Reads the record of a row.
    pub async fn record(&self, index: i64) -> Option<Record<P::Value>> {
        let entries = self.read(index, index.saturating_add(1)).await;
        entries.iter().find(|(other, _)| *other == index).and_then(|(_, value)| Record::read(value))
    }
}

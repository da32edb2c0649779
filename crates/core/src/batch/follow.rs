//! Waits for the lock of the batch. Meanwhile, returns the results that another tab stores.

use super::record::Record;
use super::row::Row;
use super::scan::changed;
use super::source::RowSource;
use super::state::State;
use super::store::BatchStore;
use crate::api::text::concat;
use crate::engine::Platform;

/// Delay between two reads of the store, and two attempts to get the lock, in milliseconds.
const POLL_MS: f64 = 1_000.0;
/// Unfinished rows whose indices differ by at most this are read together.
const GAP: i64 = 16;

impl<P: Platform, S: RowSource<P::Value>, T: BatchStore<P::Value>> State<P, S, T> {
    /// Gets the lock of the batch. Returns false if another tab has finished all rows before.
    pub async fn take_over(&self) -> bool {
        let name = concat(&["batch:", self.engine.base_url().as_str(), "/", &self.options.id]);
        loop {
            if let Ok(lock) = self.engine.platform.lock(&name, None, 0.0).await {
                *self.lock.borrow_mut() = Some(lock);
                self.is_following.set(false);
                // The other tab may have written after the last read.
                self.outdate_page();
                return true;
            }
            self.is_following.set(true);
            self.touch();
            self.refresh().await;
            if self.is_source_done.get() && self.rows.borrow().is_empty() {
                return false;
            }
            self.sleep(POLL_MS).await;
        }
    }

    /// Reads the records of the unfinished rows again.
    pub async fn refresh(&self) {
        let indices: Vec<i64> = self.rows.borrow().iter().map(|row| row.index).collect();
        let mut ranges: Vec<(i64, i64)> = Vec::new();
        for index in indices {
            let end = index.saturating_add(1);
            match ranges.last_mut() {
                Some((_, to)) if index.saturating_sub(*to) <= GAP => *to = end,
                _ => ranges.push((index, end)),
            }
        }
        for (from, to) in ranges {
            for (index, value) in self.read(from, to).await {
                let Some(record) = Record::read(&value) else { continue };
                let Some(row) = self.take_row(index) else { continue };
                if record.is_bound() && record.hash != row.hash {
                    return self.fail(changed(index));
                }
                let row = Row { record: Some(record.clone()), ..row };
                self.finish(index, record, Some(row));
            }
        }
    }
}

//! Reads the rows in their order: returns the results of finished ones, and queues the others.

use std::borrow::Cow;
use std::rc::Rc;

use super::hash::hash;
use super::page::Page;
use super::record::{Record, RowState, RowStatus};
use super::row::Row;
use super::source::{RowError, RowSource};
use super::state::State;
use super::store::BatchStore;
use super::verdict::error_value;
use crate::api::issue::{Issue, Loc};
use crate::api::node::Node;
use crate::engine::{Error, Failure, Platform, Prepared, Value};

/// Number of records that are read at once.
const PAGE: i64 = 64;
/// Number of unfinished rows, beyond the concurrency, that are read.
const WINDOW: usize = 64;
/// Maximum number of results that the caller has not taken.
const READY: usize = 64;
/// Maximum number of results that wait for an earlier row.
const LATER: usize = 4_096;

impl<P: Platform, S: RowSource<P::Value>, T: BatchStore<P::Value>> State<P, S, T> {
    /// Reads all rows.
    pub async fn scan(self: Rc<Self>) {
        let mut index = 0_i64;
        loop {
            self.until(|| self.has_room()).await;
            match self.source.next_row().await {
                None => break,
                Some(Ok(request)) => self.add(index, request).await,
                Some(Err(RowError::Invalid(failure))) => self.reject(index, failure.into()).await,
                Some(Err(RowError::Failed(failure))) => return self.fail(failure.into()),
            }
            index = index.saturating_add(1);
        }
        self.is_source_done.set(true);
        self.touch();
    }

    fn has_room(&self) -> bool {
        let window = WINDOW.saturating_add(usize::try_from(self.concurrency).unwrap_or(WINDOW));
        self.rows.borrow().len() < window && self.has_room_for_results()
    }

    /// Whether the caller takes the results.
    pub fn has_room_for_results(&self) -> bool {
        let output = self.control.output.borrow();
        output.ready() < READY && output.later() < LATER
    }

    /// Returns the result of a row, or queues it.
    async fn add(&self, index: i64, request: Prepared<P::Value>) {
        let hash = hash(&request.body.as_string().unwrap_or_default());
        let mut record = self.scanned(index).await;
        if let Some(record) = record.as_mut().filter(|record| record.hash != hash) {
            if record.is_bound() {
                return self.fail(changed(index));
            }
            // It cost nothing, so the caller may correct it.
            record.state = RowState::Queued;
        }
        match record {
            Some(record) if record.finished(self.options.retry_failed).is_some() => {
                self.finish(index, record, None);
            }
            record => self.add_row(Row { index, request, hash, record, refusals: 0 }),
        }
    }

    /// Returns an invalid row as rejected.
    async fn reject(&self, index: i64, error: Error<P::Value>) {
        let record = self.scanned(index).await;
        if record.is_some_and(|record| record.is_bound()) {
            return self.fail(changed(index));
        }
        let mut record = Record::new(RowState::Finished(RowStatus::Rejected), 0, 0, "");
        record.error = error_value(&error);
        self.emit(index, RowStatus::Rejected, record);
    }

    /// The record of the row that is being scanned. What is read while a record changes is read again.
    async fn scanned(&self, index: i64) -> Option<Record<P::Value>> {
        loop {
            {
                let page = self.page.borrow();
                if (page.from..page.to).contains(&index) {
                    return page.records.get(&index).cloned();
                }
            }
            let generation = self.generation.get();
            let to = index.saturating_add(PAGE);
            let entries = self.read(index, to).await;
            if generation == self.generation.get() {
                let records = entries
                    .iter()
                    .filter_map(|(index, value)| Some((*index, Record::read(value)?)))
                    .collect();
                *self.page.borrow_mut() = Page { from: index, to, records };
            }
        }
    }

    /// Returns the result of a row that is finished, or queues it for another attempt. `row` is absent if the row was not
    /// scanned or is queued.
    pub fn finish(&self, index: i64, record: Record<P::Value>, row: Option<Row<P::Value>>) {
        if let Some(status) = record.finished(self.options.retry_failed) {
            self.emit(index, status, record);
        } else if let Some(row) = row {
            self.add_row(Row { record: Some(record), ..row });
        }
    }
}

/// The error of a row whose parameters are not those that it was started with.
pub(super) fn changed<V: Value>(index: i64) -> Error<V> {
    let loc = vec![
        Loc::Key(Cow::Borrowed("options")),
        Loc::Key(Cow::Borrowed("rows")),
        Loc::Index(u32::try_from(index).unwrap_or(u32::MAX)),
        Loc::Key(Cow::Borrowed("parameters")),
    ];
    let message = "differ from those that this batch id was started with: use another id for other rows";
    Failure::invalid(vec![Issue::new(loc, "value_error", message)]).into()
}

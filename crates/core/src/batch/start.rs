//! Starts a row: reserves it in the store, and calls the engine.

use std::rc::Rc;

use super::record::{Record, RowState, RowStatus};
use super::row::Row;
use super::source::RowSource;
use super::state::{Slot, State};
use super::store::BatchStore;
use crate::api::node::Node;
use crate::api::operation::Operation;
use crate::engine::{BatchRow, BatchRun, CallOptions, Platform, Recover, Value};

impl<P: Platform, S: RowSource<P::Value>, T: BatchStore<P::Value>> State<P, S, T> {
    /// Starts a row.
    pub fn start(self: &Rc<Self>, row: Row<P::Value>) {
        // At once, because it decides whether the next row may start.
        if !row.is_reserved() {
            self.executions.set(self.executions.get().saturating_add(1));
        }
        let slot = Slot::new(self);
        let state = Rc::clone(self);
        self.spawn(async move {
            state.start_row(row).await;
            drop(slot);
        });
    }

    async fn start_row(self: &Rc<Self>, row: Row<P::Value>) {
        let start = BatchRow {
            batch: self.options.id.clone(),
            index: row.index,
            start: row.start().saturating_add(1),
            attempt: row.attempts().saturating_add(1),
            hash: row.hash.clone(),
        };
        let record = Record::new(RowState::Running, start.start, start.attempt, &start.hash);
        // Before anything is sent: a record without a journal entry proves that nothing was.
        self.write(row.index, &record).await;
        let options = self.call_options(Some(start.clone()));
        let result = self.engine.call(Operation::SkillsExecute, &row.request, &options).await;
        self.conclude(start, Some(row), result, None).await;
    }

    /// The options of a run. Without `row`, of a resumed one.
    pub fn call_options(self: &Rc<Self>, row: Option<BatchRow>) -> CallOptions<P> {
        let state = Rc::clone(self);
        let store = Box::new(move |row, data, execution_id: Option<&str>| {
            let (state, execution_id) = (Rc::clone(&state), execution_id.map(str::to_owned));
            Box::pin(async move { state.store_result(row, data, execution_id).await }) as _
        });
        let given = self.options.call.recover.clone().unwrap_or_default();
        let recover = Recover { deliver: None, batch: Some(Rc::new(BatchRun { row, store })), ..given };
        // The signal ends the batch as a whole.
        CallOptions { signal: None, recover: Some(recover), begun_at: None, ..self.options.call.clone() }
    }

    /// Stores the result of a row. Afterwards, the engine removes its journal entry.
    async fn store_result(&self, row: BatchRow, data: P::Value, execution_id: Option<String>) {
        let status = match data.get("success").and_then(|success| success.as_bool()) {
            Some(true) => RowStatus::Done,
            Some(false) => RowStatus::Failed,
            // A recovered execution whose item in the list does not say so. Another attempt could be paid twice.
            None => RowStatus::Unknown,
        };
        let mut record = Record::new(RowState::Finished(status), row.start, row.attempt, &row.hash);
        if let Some(id) = execution_id.as_deref().filter(|_| status == RowStatus::Unknown) {
            let candidate = P::Value::object(&[("id", P::Value::from_string(id))]);
            record.candidates = P::Value::array(vec![candidate]);
        }
        record.output = data;
        record.execution_id = execution_id;
        self.write(row.index, &record).await;
        self.stored.borrow_mut().push((row.index, record));
    }

    /// Returns the record that [`State::store_result`] has written.
    pub fn take_stored(&self, index: i64) -> Option<Record<P::Value>> {
        let mut stored = self.stored.borrow_mut();
        let place = stored.iter().position(|(other, _)| *other == index)?;
        Some(stored.swap_remove(place).1)
    }
}

//! A row that is not finished.

use super::record::{Record, RowState};
use crate::engine::{Prepared, Value};

/// A row that was read and is not finished.
#[derive(Debug)]
pub(super) struct Row<V> {
    pub index: i64,
    pub request: Prepared<V>,
    /// Hash of the parameters.
    pub hash: String,
    /// Its record in the store.
    pub record: Option<Record<V>>,
    /// Number of starts that the server refused although a later one may succeed.
    pub refusals: u32,
}

impl<V: Value> Row<V> {
    /// Whether it is reserved: a new start needs no budget.
    pub fn is_reserved(&self) -> bool {
        self.record.as_ref().is_some_and(|record| record.state == RowState::Running)
    }

    /// The number of its last start.
    pub fn start(&self) -> u32 {
        self.record.as_ref().map_or(0, |record| record.start)
    }

    /// The number of its executions, without a reserved one.
    pub fn attempts(&self) -> u32 {
        let attempts = self.record.as_ref().map_or(0, |record| record.attempts);
        attempts.saturating_sub(u32::from(self.is_reserved()))
    }
}

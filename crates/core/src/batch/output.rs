//! The results that were not taken yet.

use std::collections::{BTreeMap, VecDeque};

use super::record::{Record, RowStatus};
use crate::engine::Value;

/// Result of a row.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RowResult<V> {
    /// Index of the row.
    pub index: i64,
    /// Its final state.
    pub status: RowStatus,
    /// The response of the execution, for a row that is done or failed; otherwise undefined.
    pub output: V,
    /// Id of the execution, if it is identified.
    pub execution_id: Option<String>,
    /// Number of executions. For an unknown row, including the one that is uncertain.
    pub attempts: u32,
    /// For an unknown row: an array of the executions that may be its own; empty if none is listed.
    pub candidates: V,
    /// For an unknown or rejected row: an object with `code` and `message`.
    pub error: V,
}

impl<V: Value> RowResult<V> {
    pub(super) fn new(index: i64, status: RowStatus, record: Record<V>) -> Self {
        let Record { output, execution_id, attempts, candidates, error, .. } = record;
        Self { index, status, output, execution_id, attempts, candidates, error }
    }
}

/// Results that were not taken yet.
#[derive(Debug)]
pub(super) struct Output<V> {
    is_ordered: bool,
    next: i64,
    ready: VecDeque<RowResult<V>>,
    /// Results that wait for those of earlier rows.
    later: BTreeMap<i64, RowResult<V>>,
}

impl<V> Output<V> {
    pub const fn new(is_ordered: bool) -> Self {
        Self { is_ordered, next: 0, ready: VecDeque::new(), later: BTreeMap::new() }
    }

    pub fn add(&mut self, result: RowResult<V>) {
        if !self.is_ordered {
            self.ready.push_back(result);
            return;
        }
        self.later.insert(result.index, result);
        while let Some(result) = self.later.remove(&self.next) {
            self.next = self.next.saturating_add(1);
            self.ready.push_back(result);
        }
    }

    pub fn take(&mut self) -> Option<RowResult<V>> {
        self.ready.pop_front()
    }

    /// The number of results that the caller could take.
    pub fn ready(&self) -> usize {
        self.ready.len()
    }

    /// The number of results that wait for an earlier row.
    pub fn later(&self) -> usize {
        self.later.len()
    }
}

//! The queue of writes to the store.

use std::cell::{Cell, RefCell};

/// The records that are not written yet.
#[derive(Debug, Default)]
pub(super) struct Writes<V> {
    pub queue: RefCell<Vec<(i64, V)>>,
    /// Number of writes that were requested, and of those that have ended.
    pub requested: Cell<u32>,
    pub written: Cell<u32>,
    /// Whether the store is writing.
    pub is_writing: Cell<bool>,
}

impl<V> Writes<V> {
    pub fn is_idle(&self) -> bool {
        self.queue.borrow().is_empty() && !self.is_writing.get()
    }

    /// Adds a record, in place of an older one of the row. Returns the number of the request.
    pub fn add(&self, index: i64, value: V) -> u32 {
        let mut queue = self.queue.borrow_mut();
        queue.retain(|(other, _)| *other != index);
        queue.push((index, value));
        self.requested.set(self.requested.get().saturating_add(1));
        self.requested.get()
    }
}

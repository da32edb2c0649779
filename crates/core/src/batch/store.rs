//! The store of a batch.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::future::Future;

use crate::engine::Value;

/// Index of the header.
pub const HEADER: i64 = -1;

/// Stores the records of batches.
///
/// Accesses take effect in the order in which they begin, also those of other tabs: a write that fails, is dropped, or
/// whose page is closed may take effect before the next access, and never after it.
pub trait BatchStore<V: Value>: 'static {
    /// Returns the entries with an index of at least `from` and less than `to`, in any order. The header has the index
    /// −1.
    fn read(&self, batch: &str, from: i64, to: i64) -> impl Future<Output = Result<Vec<(i64, V)>, V>>;
    /// Writes entries: all of them, or none.
    fn write(&self, batch: &str, entries: &[(i64, V)]) -> impl Future<Output = Result<(), V>>;
    /// Whether the entries survive the page. Then the client needs a journal that also does.
    fn is_durable(&self) -> bool {
        true
    }
}

/// A store in memory. A batch ends with its page.
#[derive(Debug, Default)]
pub struct MemoryStore<V>(RefCell<BTreeMap<(String, i64), V>>);

impl<V: Value> BatchStore<V> for MemoryStore<V> {
    async fn read(&self, batch: &str, from: i64, to: i64) -> Result<Vec<(i64, V)>, V> {
        let range = (batch.to_owned(), from)..(batch.to_owned(), to.max(from));
        Ok(self.0.borrow().range(range).map(|((_, index), value)| (*index, value.clone())).collect())
    }

    async fn write(&self, batch: &str, entries: &[(i64, V)]) -> Result<(), V> {
        let owned = |(index, value): &(i64, V)| ((batch.to_owned(), *index), value.clone());
        self.0.borrow_mut().extend(entries.iter().map(owned));
        Ok(())
    }

    fn is_durable(&self) -> bool {
        false
    }
}

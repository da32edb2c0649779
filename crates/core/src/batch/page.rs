//! Records that were read from the store together.

use std::collections::BTreeMap;

use super::record::Record;

/// Records that were read.
#[derive(Debug)]
pub(super) struct Page<V> {
    pub from: i64,
    pub to: i64,
    pub records: BTreeMap<i64, Record<V>>,
}

impl<V> Default for Page<V> {
    fn default() -> Self {
        Self { from: 0, to: 0, records: BTreeMap::new() }
    }
}

//! What the simulator knows about the batch: its store, and the results that its tabs received.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::executor::Time;
use crate::value::Value;

#[derive(Default)]
pub struct BatchState {
    pub store: RefCell<BTreeMap<i64, Value>>,
    /// When the last access to the store that began takes effect.
    pub busy_until: Cell<Time>,
    pub sessions: RefCell<Vec<Rc<Session>>>,
    /// The results of rows, as a text. All tabs must get the same.
    pub results: RefCell<BTreeMap<usize, String>>,
    pub unknown: RefCell<BTreeSet<usize>>,
    /// The row of the last error about changed parameters.
    last_changed: Cell<usize>,
    /// The rows that were executed, and whether with the changed parameters.
    pub executed: RefCell<Vec<(usize, bool)>>,
}

/// One iteration of a batch in a tab.
pub struct Session {
    pub tab: usize,
    /// The rows with other parameters.
    pub changed: BTreeSet<usize>,
    pub returned: RefCell<BTreeSet<usize>>,
    /// Whether the batch returned that there are no more results.
    pub has_ended: Cell<bool>,
    pub is_cancelled: Cell<bool>,
    pub has_failed: Cell<bool>,
    pub is_budget_spent: Cell<bool>,
    pub was_following: Cell<bool>,
    /// How often the caller has continued it after a pause.
    pub proceeded: Cell<u32>,
}

impl Session {
    pub fn new(tab: usize, changed: BTreeSet<usize>) -> Rc<Self> {
        Rc::new(Self {
            tab,
            changed,
            returned: RefCell::default(),
            has_ended: Cell::default(),
            is_cancelled: Cell::default(),
            has_failed: Cell::default(),
            is_budget_spent: Cell::default(),
            was_following: Cell::default(),
            proceeded: Cell::default(),
        })
    }
}

impl BatchState {
    /// Records the row whose parameters have changed, for the last page.
    pub fn note_changed(&self, row: usize) {
        self.last_changed.set(row);
    }

    pub fn changed_row(&self) -> usize {
        self.last_changed.get()
    }
}

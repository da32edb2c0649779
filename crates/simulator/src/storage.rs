//! The storage of the journal, which all tabs share.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::executor::Time;
use crate::value::Value;

/// The maximum duration of a write to a slow journal.
pub const SLOWEST_WRITE: Time = 8_000_000;

#[derive(Default)]
pub struct Storage {
    entries: RefCell<Vec<(Rc<str>, Value)>>,
    /// When the pending writes to each entry take effect. A later write does not overtake them.
    pub busy_until: RefCell<Vec<(Rc<str>, Time)>>,
    /// The executions that a write removed from a record's `seen`, which are new to all later readers.
    pub forgotten: RefCell<Vec<Rc<str>>>,
    /// Whether a write took effect after the engine had stopped waiting for it.
    pub was_too_slow: Cell<bool>,
}

impl Storage {
    pub fn entries(&self) -> Vec<Value> {
        self.entries.borrow().iter().map(|(_, value)| value.clone()).collect()
    }

    /// Whether there is an entry with a tag.
    pub fn has_tag(&self, tag: &str) -> bool {
        self.entries.borrow().iter().any(|(_, value)| value.text_field("tag") == Some(tag))
    }

    /// Whether there is an entry with a tag that `resume()` returns.
    pub fn is_open(&self, tag: &str) -> bool {
        let entries = self.entries.borrow();
        let mut tagged = entries.iter().filter(|(_, value)| value.text_field("tag") == Some(tag));
        tagged.any(|(_, value)| value.field("past").is_none())
    }

    pub fn entry(&self, id: &str) -> Option<Value> {
        let entries = self.entries.borrow();
        entries.iter().find(|(known, _)| &**known == id).map(|(_, value)| value.clone())
    }

    pub fn put(&self, id: &Rc<str>, value: Option<Value>) {
        let mut entries = self.entries.borrow_mut();
        let index = entries.iter().position(|(known, _)| known == id);
        match (index, value) {
            (Some(index), Some(value)) => entries[index].1 = value,
            (Some(index), None) => {
                entries.remove(index);
            }
            (None, Some(value)) => entries.push((Rc::clone(id), value)),
            (None, None) => {}
        }
    }
}

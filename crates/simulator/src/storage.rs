//! What the journal is stored in: all tabs share it, and it outlives them.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::executor::Time;
use crate::value::Value;

/// How long a write to a slow journal takes at most.
pub const SLOWEST_WRITE: Time = 8_000_000;

#[derive(Default)]
pub struct Storage {
    entries: RefCell<Vec<(Rc<str>, Value)>>,
    /// Until when the writes that are under way take: a later one does not overtake them.
    pub busy_until: RefCell<Vec<(Rc<str>, Time)>>,
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

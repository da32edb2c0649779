//! The storage of the journal, which all tabs share.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::executor::Time;
use crate::value::Value;

/// The maximum duration of a write to a slow journal.
pub const SLOWEST_WRITE: Time = 8_000_000;

/// How long the record of a skill without entries is kept.
const RECORD_RETENTION: Time = 600_000_000;

#[derive(Default)]
pub struct Storage {
    entries: RefCell<Vec<(Rc<str>, Value)>>,
    /// When the pending writes to each entry take effect. A later write does not overtake them.
    pub busy_until: RefCell<Vec<(Rc<str>, Time)>>,
    /// The executions that a write removed from a record's `seen`, which are new to all later readers.
    pub forgotten: RefCell<Vec<Rc<str>>>,
    /// The records of skills without entries, and since when.
    unused_since: RefCell<Vec<(Rc<str>, Time)>>,
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
        self.unused_since.borrow_mut().retain(|(known, _)| known != id);
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

    /// Removes the records that no entry has needed for some time, as the journal of JavaScript does.
    pub fn remove_unused_records(&self, now: Time) {
        let mut entries = self.entries.borrow_mut();
        let skills = entries.iter().filter_map(|(_, value)| value.text_field("skillId"));
        let used: Vec<String> = skills.map(|id| format!("skill:{id}")).collect();
        let mut unused = self.unused_since.borrow_mut();
        unused.retain(|(id, _)| !used.iter().any(|used| **used == **id));
        for (id, _) in entries.iter().filter(|(id, _)| id.starts_with("skill:")) {
            if !used.iter().any(|used| **used == **id) && !unused.iter().any(|(known, _)| known == id) {
                unused.push((Rc::clone(id), now));
            }
        }
        let is_old = |since: Time| now - since > RECORD_RETENTION;
        entries.retain(|(id, _)| !unused.iter().any(|(known, since)| known == id && is_old(*since)));
        unused.retain(|(_, since)| !is_old(*since));
    }
}

//! What the journal is stored in: all tabs share it, and it outlives them.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::executor::{Sleep, Time, millis};
use crate::faults::Fault;
use crate::tab::SLOWEST_WRITE;
use crate::value::Value;
use crate::world::World;

#[derive(Default)]
pub struct Storage {
    entries: RefCell<Vec<(Rc<str>, Value)>>,
    /// Until when the writes that are under way take: a later one does not overtake them.
    busy_until: RefCell<Vec<(Rc<str>, Time)>>,
    /// Whether a write took effect after the engine had stopped waiting for it.
    pub was_too_slow: Cell<bool>,
}

/// How long the engine waits for a write after the request.
const PATIENCE: Time = 5_000_000;

/// What was wrong with an access.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    Done,
    Failed,
}

impl Storage {
    pub fn entries(&self) -> Vec<Value> {
        self.entries.borrow().iter().map(|(_, value)| value.clone()).collect()
    }

    /// Whether there is an entry with a tag.
    pub fn has_tag(&self, tag: &str) -> bool {
        self.entries.borrow().iter().any(|(_, value)| value.text_field("tag") == Some(tag))
    }

    fn entry(&self, id: &str) -> Option<Value> {
        let entries = self.entries.borrow();
        entries.iter().find(|(known, _)| &**known == id).map(|(_, value)| value.clone())
    }

    fn put(&self, id: &Rc<str>, value: Option<Value>) {
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

impl World {
    /// Writes an entry, sooner or later or never.
    pub async fn write(self: &Rc<Self>, tab: usize, id: &str, value: Option<&Value>) -> Access {
        let plan = &self.plan.journal;
        let duration = if self.happens(plan.slow) {
            self.some_time(200.0, millis(SLOWEST_WRITE))
        } else {
            *self.rng.pick(&[0, 0, 500, 5_000])
        };
        let fails = self.happens(plan.fails);
        let hangs = !fails && self.happens(plan.hangs);
        let is_written = !(fails || hangs) || self.rng.chance(0.3);
        let id: Rc<str> = Rc::from(id);
        self.note(Some(tab), "journal", duration ^ u64::from(value.is_some()), || {
            let fault = if fails {
                ", fails"
            } else if hangs {
                ", hangs"
            } else {
                ""
            };
            let entry = value.map_or_else(|| "nothing".to_owned(), |value| format!("{value:?}"));
            format!("writes {id} in {duration} µs{fault}, is written: {is_written}: {entry}")
        });
        if fails {
            self.fire(Fault::JournalFails);
        }
        if hangs {
            self.fire(Fault::JournalHangs);
        }
        if duration > 1_000_000 {
            self.fire(Fault::JournalSlow);
        }
        let mut done = self.now() + duration;
        {
            let mut busy = self.storage.busy_until.borrow_mut();
            busy.retain(|(_, until)| *until > self.now());
            let last = busy.iter().filter(|(known, _)| *known == id).map(|(_, until)| *until).max();
            done = done.max(last.unwrap_or_default());
            if is_written && done > self.now() {
                busy.push((Rc::clone(&id), done));
            }
        }
        if done - self.now() > PATIENCE {
            self.storage.was_too_slow.set(true);
        }
        if is_written {
            if done == self.now() {
                self.apply(tab, &id, value.cloned());
            } else {
                // Whatever becomes of the tab: the write has left it.
                let (world, id, value) = (Rc::clone(self), Rc::clone(&id), value.cloned());
                self.executor.at(done, move || world.apply(tab, &id, value));
            }
        }
        Sleep::until(&self.executor, Some(done)).await;
        if hangs {
            Sleep::until(&self.executor, None).await;
        }
        if fails { Access::Failed } else { Access::Done }
    }

    fn apply(&self, tab: usize, id: &Rc<str>, value: Option<Value>) {
        let is_removal = value.is_none();
        let before = self.storage.entry(id);
        let tag = value.as_ref().or(before.as_ref()).and_then(|entry| entry.text_field("tag"));
        if let Some(run) = tag.and_then(|tag| self.run_of(tag)).filter(|_| !self.tab(tab).is_alive.get()) {
            self.runs[run].was_written_late.set(true);
        }
        if let Some(value) = &value {
            self.check_entry(tab, value);
        }
        self.storage.put(id, value);
        self.note(Some(tab), "stored", u64::from(is_removal), || format!("{id} (removed: {is_removal})"));
        let Some(before) = before.filter(|_| is_removal) else { return };
        if let Some(run) = before.text_field("tag").and_then(|tag| self.run_of(tag)) {
            self.check_removal(run, &before);
        }
    }

    /// Reads all entries.
    pub async fn read(self: &Rc<Self>) -> Option<Vec<Value>> {
        let plan = &self.plan.journal;
        if self.happens(plan.slow) {
            self.sleep(self.some_time(200.0, 3_000.0)).await;
        }
        if self.happens(plan.unreadable) {
            self.fire(Fault::JournalUnreadable);
            return None;
        }
        Some(self.storage.entries())
    }
}

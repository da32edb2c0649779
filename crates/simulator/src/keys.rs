//! The state of the proxy for each `Idempotency-Key`.

use std::cell::RefCell;
use std::rc::Rc;

use crate::connection::{Connection, Reply};

#[derive(Default)]
pub struct IdempotencyKeys(pub RefCell<Vec<KeyRecord>>);

pub struct KeyRecord {
    pub key: Rc<str>,
    pub run: usize,
    pub state: KeyState,
}

pub enum KeyState {
    /// The requests that wait for the response.
    Running(Vec<Rc<Connection>>),
    Done(Reply),
    /// The proxy was terminated before the response arrived.
    Lost,
}

impl IdempotencyKeys {
    pub fn run_of(&self, key: &str) -> Option<usize> {
        self.0.borrow().iter().find(|kept| &*kept.key == key).map(|kept| kept.run)
    }

    pub fn clear(&self) {
        self.0.take();
    }
}

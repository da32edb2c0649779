//! What the proxy keeps of each `Idempotency-Key`.

use std::cell::RefCell;
use std::rc::Rc;

use crate::connection::{Connection, Reply};

#[derive(Default)]
pub struct Keys(pub RefCell<Vec<Kept>>);

pub struct Kept {
    pub key: Rc<str>,
    pub run: usize,
    pub state: State,
}

pub enum State {
    /// These wait for the response.
    Running(Vec<Rc<Connection>>),
    Done(Reply),
    /// The proxy ended before the response came.
    Lost,
}

impl Keys {
    pub fn run_of(&self, key: &str) -> Option<usize> {
        self.0.borrow().iter().find(|kept| &*kept.key == key).map(|kept| kept.run)
    }

    pub fn clear(&self) {
        self.0.take();
    }
}

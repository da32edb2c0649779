//! The history of a world: always a hash, and on request a text. It is printed immediately, so that it also shows a world that hangs.

use std::cell::Cell;

use crate::executor::Time;

#[derive(Default)]
pub struct Trace {
    hash: Cell<u64>,
    length: Cell<u32>,
    is_readable: bool,
}

impl Trace {
    pub fn new(is_readable: bool) -> Self {
        Self { hash: Cell::new(0xcbf2_9ce4_8422_2325), length: Cell::default(), is_readable }
    }

    /// Records an event. The text is created only if it is printed.
    pub fn record(&self, time: Time, what: &'static str, number: u64, text: impl FnOnce() -> String) {
        let mut hash = self.hash.get();
        for word in [time, what.len() as u64, u64::from(what.as_bytes()[0]), number] {
            hash = (hash ^ word).wrapping_mul(0x0100_0000_01b3).rotate_left(29);
        }
        self.hash.set(hash);
        self.length.set(self.length.get() + 1);
        if self.is_readable {
            println!("{}", text());
        }
    }

    pub fn hash(&self) -> u64 {
        self.hash.get()
    }

    /// The number of events.
    pub fn length(&self) -> u32 {
        self.length.get()
    }
}

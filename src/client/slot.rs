//! Drives the gate: who must wait is woken when somebody leaves.

use std::cell::RefCell;

use wasm_bindgen::JsValue;

use super::settings::CallOptions;
use super::times::Times;
use crate::call::gate::{Gate, Ticket};
use crate::error::Error;
use crate::transport::clock;
use crate::transport::engine;

/// The gate of a client and those who wait at it. Never borrowed across an await.
pub(crate) struct Slots {
    gate: RefCell<Gate>,
    waiters: RefCell<Vec<(Ticket, JsValue)>>,
}

/// A place at the gate, in the queue or within. Dropping it leaves.
pub(super) struct Slot<'a> {
    slots: &'a Slots,
    ticket: Ticket,
}

impl Slots {
    /// Room for so many at once; infinite for no limit.
    pub fn new(most: f64) -> Self {
        Self { gate: RefCell::new(Gate::new(most)), waiters: RefCell::default() }
    }

    /// How many wait and how many run.
    #[cfg(feature = "js")]
    pub fn pending(&self) -> (usize, u32) {
        let gate = self.gate.borrow();
        (gate.waiting(), gate.running())
    }

    /// Waits for room, unless the caller's signal or its time ends it.
    pub(super) async fn enter(&self, options: &CallOptions, times: &Times) -> Result<Slot<'_>, Error> {
        let slot = Slot { slots: self, ticket: self.gate.borrow_mut().enter() };
        let admitted = self.gate.borrow_mut().admit();
        if admitted == Some(slot.ticket) {
            return Ok(slot);
        }
        let deferred = engine::deferred();
        let woken = engine::promise_of(&deferred);
        self.waiters.borrow_mut().push((slot.ticket, deferred));
        if let Some(other) = admitted {
            self.wake(other);
        }
        times.wait_for(&woken, options).await?;
        Ok(slot)
    }

    pub(super) fn succeeded(&self) {
        self.gate.borrow_mut().succeeded();
    }

    pub(super) fn refused(&self) {
        self.gate.borrow_mut().refused(clock::now_ms());
    }

    fn wake(&self, ticket: Ticket) {
        let mut waiters = self.waiters.borrow_mut();
        if let Some(index) = waiters.iter().position(|(waiting, _)| *waiting == ticket) {
            engine::settle(&waiters.remove(index).1, true, &JsValue::UNDEFINED);
        }
    }
}

impl Drop for Slot<'_> {
    fn drop(&mut self) {
        self.slots.gate.borrow_mut().leave(self.ticket);
        self.slots.waiters.borrow_mut().retain(|(ticket, _)| *ticket != self.ticket);
        loop {
            let admitted = self.slots.gate.borrow_mut().admit();
            let Some(ticket) = admitted else { return };
            self.slots.wake(ticket);
        }
    }
}

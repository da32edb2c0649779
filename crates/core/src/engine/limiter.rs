//! The limiter with wake-ups: a slot that is released wakes the next call in the queue.

use std::cell::RefCell;

use super::select::{Either, Notice, select};
use crate::policy::gate::{Gate, Ticket};

/// Limits how many executions and creations run at once. Never borrowed across an await.
pub(super) struct Limiter {
    gate: RefCell<Gate>,
    waiters: RefCell<Vec<(Ticket, Notice)>>,
}

/// A place in the queue or among the running. Dropping it leaves.
pub(super) struct Slot<'a> {
    limiter: &'a Limiter,
    ticket: Ticket,
}

impl Limiter {
    pub fn new(most: f64) -> Self {
        Self { gate: RefCell::new(Gate::new(most)), waiters: RefCell::default() }
    }

    /// How many wait and how many run.
    pub fn pending(&self) -> (usize, u32) {
        let gate = self.gate.borrow();
        (gate.waiting(), gate.running())
    }

    /// Whether the number of running calls is limited.
    pub fn is_limited(&self) -> bool {
        self.gate.borrow().is_limited()
    }

    /// Waits for a slot until the `limit` ends the wait. A call that was `refused` before goes to the front of the queue.
    pub async fn acquire<Limit: Future>(
        &self,
        refused: bool,
        limit: Limit,
    ) -> Result<Slot<'_>, Limit::Output> {
        let slot = Slot { limiter: self, ticket: self.gate.borrow_mut().enter(refused) };
        let notice = Notice::default();
        self.waiters.borrow_mut().push((slot.ticket, notice.clone()));
        self.admit();
        match select(notice.wait(), limit).await {
            Either::First(()) => Ok(slot),
            Either::Second(end) => Err(end),
        }
    }

    pub fn succeeded(&self, now_ms: f64) {
        self.gate.borrow_mut().succeeded(now_ms);
        self.admit();
    }

    /// A call was refused because too many sessions are active.
    pub fn refused(&self, now_ms: f64) {
        self.gate.borrow_mut().refused(now_ms);
    }

    fn admit(&self) {
        loop {
            let admitted = self.gate.borrow_mut().admit();
            let Some(ticket) = admitted else { return };
            let mut waiters = self.waiters.borrow_mut();
            let index = waiters.iter().position(|(waiting, _)| *waiting == ticket);
            let notice = index.map(|index| waiters.remove(index).1);
            drop(waiters);
            if let Some(notice) = notice {
                notice.notify();
            }
        }
    }
}

impl Drop for Slot<'_> {
    fn drop(&mut self) {
        self.limiter.gate.borrow_mut().leave(self.ticket);
        self.limiter.waiters.borrow_mut().retain(|(ticket, _)| *ticket != self.ticket);
        self.limiter.admit();
    }
}

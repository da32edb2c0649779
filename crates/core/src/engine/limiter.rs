//! The limiter with wake-ups: a slot that is released wakes the next call in the queue.

use std::cell::{Cell, RefCell};

use super::event::Listener;
use super::select::{Either, Notice, select};
use crate::policy::gate::{Gate, Ticket};

/// Limits how many executions and creations run at once. Never borrowed across an await.
pub(super) struct Limiter {
    gate: RefCell<Gate>,
    waiters: RefCell<Vec<(Ticket, Notice)>>,
    last: Cell<ConcurrencyStats>,
    on_change: Option<Listener<ConcurrencyStats>>,
}

/// Number of queued and running executions and creations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ConcurrencyStats {
    /// Calls queued because of `max_concurrent` or a 429 for too many sessions.
    pub waiting: u32,
    /// Calls in progress, including those waiting for a retry.
    pub running: u32,
}

/// A place in the queue or among the running. Dropping it leaves.
pub(super) struct Slot<'a> {
    limiter: &'a Limiter,
    ticket: Ticket,
}

impl Limiter {
    pub fn new(most: f64, on_change: Option<Listener<ConcurrencyStats>>) -> Self {
        let gate = RefCell::new(Gate::new(most));
        Self { gate, waiters: RefCell::default(), last: Cell::default(), on_change }
    }

    /// The number of queued and running calls.
    pub fn pending(&self) -> ConcurrencyStats {
        let gate = self.gate.borrow();
        ConcurrencyStats {
            waiting: u32::try_from(gate.waiting()).unwrap_or(u32::MAX),
            running: gate.running(),
        }
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
            let Some(ticket) = admitted else { break };
            let mut waiters = self.waiters.borrow_mut();
            let index = waiters.iter().position(|(waiting, _)| *waiting == ticket);
            let notice = index.map(|index| waiters.remove(index).1);
            drop(waiters);
            if let Some(notice) = notice {
                notice.notify();
            }
        }
        self.report_change();
    }

    /// Without a borrow: the listener may make calls.
    fn report_change(&self) {
        let Some(listener) = &self.on_change else { return };
        let pending = self.pending();
        if self.last.replace(pending) != pending {
            listener.call(&pending);
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

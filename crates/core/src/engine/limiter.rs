//! The concurrency limiter with wake-ups: releasing a slot starts the next queued call.

use std::cell::{Cell, RefCell};

use super::event::Listener;
use super::select::Notice;
use crate::policy::limiter::{ConcurrencyLimiter, Ticket};

/// Limits the number of concurrent executions and creations. Never borrowed across an await.
pub(super) struct AsyncLimiter {
    policy: RefCell<ConcurrencyLimiter>,
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

/// A position in the queue, or a running call. Dropping it releases the slot.
pub(super) struct Slot<'a> {
    limiter: &'a AsyncLimiter,
    ticket: Ticket,
    /// Notified once the call may start.
    pub admitted: Notice,
}

impl AsyncLimiter {
    pub fn new(max: f64, on_change: Option<Listener<ConcurrencyStats>>) -> Self {
        let policy = RefCell::new(ConcurrencyLimiter::new(max));
        Self { policy, waiters: RefCell::default(), last: Cell::default(), on_change }
    }

    /// Number of queued and running calls.
    pub fn pending(&self) -> ConcurrencyStats {
        let policy = self.policy.borrow();
        ConcurrencyStats {
            waiting: u32::try_from(policy.waiting()).unwrap_or(u32::MAX),
            running: policy.running(),
        }
    }

    /// Whether a limit is configured.
    pub fn is_limited(&self) -> bool {
        self.policy.borrow().is_limited()
    }

    /// Changes the limit.
    pub fn set_max(&self, max: f64) {
        self.policy.borrow_mut().set_max(max);
        self.admit();
    }

    /// Joins the queue. A call that was `refused` before goes to its front.
    pub fn enter(&self, refused: bool) -> Slot<'_> {
        let ticket = self.policy.borrow_mut().enter(refused);
        let slot = Slot { limiter: self, ticket, admitted: Notice::default() };
        self.waiters.borrow_mut().push((ticket, slot.admitted.clone()));
        self.admit();
        slot
    }

    pub fn succeeded(&self, now_ms: f64) {
        self.policy.borrow_mut().succeeded(now_ms);
        self.admit();
    }

    /// Records a refusal because of too many active sessions.
    pub fn refused(&self, now_ms: f64) {
        self.policy.borrow_mut().refused(now_ms);
    }

    fn admit(&self) {
        loop {
            let admitted = self.policy.borrow_mut().admit();
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

    /// Calls the listener without a borrow: it may make calls.
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
        self.limiter.policy.borrow_mut().leave(self.ticket);
        self.limiter.waiters.borrow_mut().retain(|(ticket, _)| *ticket != self.ticket);
        self.limiter.admit();
    }
}

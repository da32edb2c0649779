//! State shared by the calls of one client.

use std::cell::{Cell, RefCell};

use super::event::{Event, Listener};
use super::limiter::{AsyncLimiter, ConcurrencyStats};
use super::options::EngineOptions;
use super::platform::Platform;
use crate::policy::budget::RetryBudget;
use crate::policy::url::BaseUrl;

/// Makes the calls of one client.
pub struct Engine<P: Platform> {
    /// Access to network, timers, locks and journal.
    pub platform: P,
    pub(super) options: EngineOptions,
    /// Shared by all calls. Never borrowed across an await.
    pub(super) budget: RefCell<RetryBudget>,
    pub(super) limiter: AsyncLimiter,
    calls: Cell<u32>,
}

impl<P: Platform> Engine<P> {
    /// Creates an engine.
    pub fn new(platform: P, options: EngineOptions) -> Self {
        let limiter = AsyncLimiter::new(options.max_concurrent, options.on_pending.clone());
        Self { platform, options, budget: RefCell::default(), limiter, calls: Cell::default() }
    }

    /// Base URL of the API.
    pub const fn base_url(&self) -> &BaseUrl {
        &self.options.base_url
    }

    /// Maximum number of concurrent executions and creations; infinite for no limit.
    pub(crate) const fn max_concurrent(&self) -> f64 {
        self.options.max_concurrent
    }

    /// Whether the server supports `Idempotency-Key`.
    pub(crate) const fn is_idempotent(&self) -> bool {
        self.options.idempotency
    }

    /// Number of queued and running executions and creations.
    pub fn pending(&self) -> ConcurrencyStats {
        self.limiter.pending()
    }

    /// Changes the maximum number of concurrent executions and creations. Ignores numbers below 1.
    pub fn set_max_concurrent(&self, max: f64) {
        self.limiter.set_max(max);
    }

    /// Returns the id of the next call.
    pub(super) fn next_call_id(&self) -> u32 {
        self.calls.set(self.calls.get().wrapping_add(1));
        self.calls.get()
    }

    /// Emits an event to the listeners of the client and of the call.
    pub(super) fn emit(&self, listener: Option<&Listener<Event>>, event: Event) {
        for listener in [self.options.on_event.as_ref(), listener].into_iter().flatten() {
            listener.call(&event);
        }
    }
}

// Never shows the key.
impl<P: Platform> std::fmt::Debug for Engine<P> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Engine").field("options", &self.options).finish_non_exhaustive()
    }
}

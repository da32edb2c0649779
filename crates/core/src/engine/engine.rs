//! The state that the calls of one client share.

use std::cell::{Cell, RefCell};

use super::event::{Event, Listener};
use super::limiter::{AsyncLimiter, ConcurrencyStats};
use super::options::EngineOptions;
use super::platform::Platform;
use crate::policy::budget::RetryBudget;
use crate::policy::url::BaseUrl;

/// Drives the calls of one client.
pub struct Engine<P: Platform> {
    /// The surroundings.
    pub platform: P,
    pub(super) options: EngineOptions,
    /// Shared by all calls. Never borrowed across an await.
    pub(super) budget: RefCell<RetryBudget>,
    pub(super) limiter: AsyncLimiter,
    calls: Cell<u32>,
}

impl<P: Platform> Engine<P> {
    /// An engine without calls.
    pub fn new(platform: P, options: EngineOptions) -> Self {
        let limiter = AsyncLimiter::new(options.max_concurrent, options.on_pending.clone());
        Self { platform, options, budget: RefCell::default(), limiter, calls: Cell::default() }
    }

    /// Where the API is.
    pub const fn base_url(&self) -> &BaseUrl {
        &self.options.base_url
    }

    /// The number of queued and running executions and creations.
    pub fn pending(&self) -> ConcurrencyStats {
        self.limiter.pending()
    }

    /// The id of the next call.
    pub(super) fn next_call_id(&self) -> u32 {
        self.calls.set(self.calls.get().wrapping_add(1));
        self.calls.get()
    }

    /// Emits an event to the client's listener and to that of the call.
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

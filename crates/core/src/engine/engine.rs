//! The state that the calls of one client share.

use std::cell::{Cell, RefCell};

use super::limiter::Limiter;
use super::options::EngineOptions;
use super::platform::Platform;
use crate::policy::budget::Budget;
use crate::policy::url::BaseUrl;

/// Drives the calls of one client.
pub struct Engine<P: Platform> {
    /// The surroundings.
    pub platform: P,
    pub(super) options: EngineOptions,
    /// Shared by all calls. Never borrowed across an await.
    pub(super) budget: RefCell<Budget>,
    pub(super) limiter: Limiter,
    calls: Cell<u32>,
}

impl<P: Platform> Engine<P> {
    /// An engine without calls.
    pub fn new(platform: P, options: EngineOptions) -> Self {
        let limiter = Limiter::new(options.max_concurrent);
        Self { platform, options, budget: RefCell::default(), limiter, calls: Cell::default() }
    }

    /// Where the API is.
    pub const fn base_url(&self) -> &BaseUrl {
        &self.options.base_url
    }

    /// How many executions and creations wait and how many run.
    pub fn pending(&self) -> (usize, u32) {
        self.limiter.pending()
    }

    /// The number of the next call, by which a listener tells calls apart.
    pub(super) fn next_call(&self) -> u32 {
        self.calls.set(self.calls.get().wrapping_add(1));
        self.calls.get()
    }
}

// Never shows the key.
impl<P: Platform> std::fmt::Debug for Engine<P> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Engine").field("options", &self.options).finish_non_exhaustive()
    }
}

//! Network, timers, locks and signals.
//!
//! Must never panic, whatever a page, a mock or another realm passes: a response is any value with `status` and
//! `text()`, a signal any event target, an error any value.

pub mod clock;
#[cfg(feature = "js")]
pub mod event;
pub mod fetch;
pub mod id;
pub mod inspect;
pub mod json;
pub mod lock;
pub mod object;
#[cfg(feature = "js")]
mod promise;
pub mod response;
#[cfg(feature = "js")]
pub mod task;
pub mod url;
pub mod wait;

//! What touches the network, timers, locks and signals.
//!
//! Nothing here may panic, whatever a page, a mock or another realm hands over: a response is whatever has a `status`
//! and a `text()`, a signal whatever can be listened to, an error anything at all.

pub mod clock;
pub mod engine;
pub mod json;
#[cfg(feature = "js")]
pub mod task;

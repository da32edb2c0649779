//! The only room that touches the network: `fetch`, timers, `AbortSignal`.
//!
//! Nothing here may panic, whatever a page, a mock or another realm hands over: a response is whatever has a `status`
//! and a `text()`, a signal whatever can be listened to, an error anything at all.

pub mod clock;
pub mod engine;
pub mod fetch;
pub mod json;
#[cfg(feature = "js")]
pub mod task;

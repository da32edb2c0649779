//! What touches the network, timers, locks and signals.
//!
//! Nothing here may panic, whatever a page, a mock or another realm supplies: a response is anything with a `status` and a
//! `text()`, a signal anything that can be listened to, an error any value.

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

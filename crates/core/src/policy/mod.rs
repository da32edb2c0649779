//! What happens around one call, as pure functions and state machines: no input or output, no clock and no randomness
//! of their own. Time and chance come in as arguments, so that tests can choose them.

pub mod backoff;
pub mod budget;
pub mod claim;
pub mod header;
pub mod limiter;
pub mod retry;
pub mod retry_delay;
pub mod url;
pub mod wait;

#[cfg(test)]
mod tests;

//! Decisions about calls, as pure functions and state machines without I/O. Time and randomness are arguments.

pub mod backoff;
pub mod budget;
pub mod claim;
pub mod clock_offset;
pub mod header;
pub mod ledger;
pub mod limiter;
pub mod retry;
pub mod retry_delay;
pub mod url;
pub mod wait;

#[cfg(test)]
mod tests;

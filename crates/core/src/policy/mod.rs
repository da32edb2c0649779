//! What happens around one call, as pure functions and state machines: no input or output, no clock and no randomness
//! of their own. Time and chance come in as arguments, so that tests can choose them.

pub mod attempt;
pub mod backoff;
pub mod budget;
pub mod claim;
pub mod gate;
pub mod header;
pub mod retry;
pub mod url;
pub mod wait;

#[cfg(test)]
mod tests;

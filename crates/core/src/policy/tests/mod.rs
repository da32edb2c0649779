//! One file for each policy.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

mod backoff;
mod budget;
mod claim;
mod header;
mod limiter;
mod retry;
mod retry_delay;
mod url;
mod wait;

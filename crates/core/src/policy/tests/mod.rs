//! One file for each file of the policies.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

mod attempt;
mod backoff;
mod budget;
mod claim;
mod gate;
mod header;
mod retry;
mod url;
mod wait;

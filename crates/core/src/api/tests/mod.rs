//! One file for each file of the contract that has logic.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod check;

//! One file for each file of the contract that has logic.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod check;
mod date_time;
mod node;
mod operation;
mod parameter;
mod problem;
mod text;
mod value;

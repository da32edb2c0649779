//! The contract, and nothing else: no input or output, no clock, no wasm-bindgen. Compiles on every target.

pub mod check;
pub mod date_time;
pub mod error_code;
pub mod execution;
pub mod marketplace;
pub mod node;
pub mod operation;
pub mod page;
pub mod parameter;
pub mod problem;
pub mod shape;
pub mod skill;
pub mod text;
pub mod value;

#[cfg(test)]
mod tests;

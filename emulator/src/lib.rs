//! Emulates the skills of Browser Use Cloud: a pure state machine, [`Emulator`], with a WebAssembly API.
//!
//! The state machine maps a request and the time to a response. It reads no clock, opens no socket and has no source
//! of randomness other than its seed, so every test is reproducible. Routes, limits and models are those of the client.

mod accepts;
mod account;
mod admin;
mod catalogue;
mod execution;
mod executions;
mod fake;
pub mod fault;
mod generation;
mod input;
mod list;
mod log;
mod marketplace;
pub mod message;
mod output;
mod rejection;
mod rng;
mod route;
mod run;
mod session;
mod sessions;
pub mod settings;
mod skill;
mod skills;
mod snapshot;
mod state;
mod timestamp;
#[cfg(target_arch = "wasm32")]
mod wasm;

pub use rejection::detail_of;
pub use state::Emulator;

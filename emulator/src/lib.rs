//! A stand-in for the skills of Browser Use Cloud: one pure state machine, [`Emulator`], and two shells around it.
//!
//! The state machine takes a request and the time, and gives an answer. It reads no clock, opens no socket and makes
//! no random numbers of its own, so that a test decides everything. Routes, limits and models are those of the client.

mod admin;
mod catalogue;
mod execution;
pub mod fault;
#[cfg(all(not(target_arch = "wasm32"), feature = "http"))]
pub mod http;
mod input;
mod invent;
mod list;
mod log;
mod marketplace;
pub mod message;
mod moment;
mod output;
mod refusal;
mod route;
mod run;
mod sample;
mod seed;
pub mod settings;
mod skill;
mod skills;
mod state;
#[cfg(target_arch = "wasm32")]
mod wasm;
mod words;

pub use refusal::detail_of;
pub use route::methods_of;
pub use state::Emulator;

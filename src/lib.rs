#![doc = include_str!("../README.md")]

// The derive macro names this crate's items by their path in it.
extern crate self as browser_use_skills;

pub mod api;
pub mod call;
#[cfg(target_arch = "wasm32")]
pub mod client;
#[cfg(target_arch = "wasm32")]
pub mod error;
#[cfg(all(target_arch = "wasm32", feature = "js"))]
mod js;
#[cfg(target_arch = "wasm32")]
mod transport;

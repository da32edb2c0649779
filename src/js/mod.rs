//! The wasm-bindgen boundary: plain JavaScript values in, plain JavaScript values out. No logic.

mod client;
mod error;
mod options;
mod watch;

#[cfg(test)]
mod tests;

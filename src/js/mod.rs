//! The wasm-bindgen boundary: plain JavaScript values in, plain JavaScript values out. No logic.

mod client;
mod error;
mod event;
mod options;
mod reader;
mod response;
mod resumed;
mod watch;

/// Smaller than the standard one by some two thousand bytes, compressed.
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

#[cfg(test)]
mod tests;

//! The wasm-bindgen boundary: converts plain JavaScript values. No logic.

mod batch;
mod client;
mod error;
mod event;
mod options;
mod reader;
mod response;
mod resumed;
mod watch;

/// About 2,000 compressed bytes smaller than the standard allocator.
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

#[cfg(test)]
mod tests;

//! The client, with functions that make its WebAssembly panic.

#![cfg(target_arch = "wasm32")]

// Links the classes that JavaScript uses.
use browser_use_skills as _;
use wasm_bindgen::prelude::wasm_bindgen;

/// Panics before it returns.
#[wasm_bindgen]
pub fn panic() {
    panic!("on purpose");
}

/// Panics in a callback, after it has returned.
#[wasm_bindgen(js_name = panicLater)]
pub fn panic_later() {
    wasm_bindgen_futures::spawn_local(async { panic!("on purpose, later") });
}

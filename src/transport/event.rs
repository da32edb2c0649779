//! The functions of `event.js`.

use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/transport/event.js")]
extern "C" {
    /// Tells a listener. What it throws, at once or later, is ignored.
    pub fn emit(
        listeners: &JsValue,
        hook: &str,
        call: u32,
        operation: &str,
        attempt: u32,
        status: Option<u32>,
        code: &str,
        milliseconds: f64,
    );
}

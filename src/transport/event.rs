//! Bindings of `event.js`.

use js_sys::Function;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/transport/event.js")]
extern "C" {
    /// Calls a listener with an event, by the index of its kind. Ignores errors of the listener.
    pub fn emit(
        listener: &Function,
        event: usize,
        call_id: u32,
        operation: &str,
        first: f64,
        second: f64,
        third: f64,
        code: &str,
    );
}

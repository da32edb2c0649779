//! The functions of `event.js`.

use js_sys::Function;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/transport/event.js")]
extern "C" {
    /// Calls a listener with an event, by its index. Its errors are ignored.
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

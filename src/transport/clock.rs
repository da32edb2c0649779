//! Clocks of the engine.

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = performance)]
    fn now() -> f64;
}

#[wasm_bindgen]
extern "C" {
    /// Parses a date: milliseconds since the epoch; NaN if it is invalid.
    #[wasm_bindgen(js_namespace = Date, js_name = parse)]
    pub fn parse_date(text: &JsValue) -> f64;
}

/// Monotonic clock in milliseconds, for delays and limits.
pub fn now_ms() -> f64 {
    now()
}

/// Milliseconds since the epoch, for dates in headers and the journal.
pub fn since_epoch_ms() -> f64 {
    js_sys::Date::now()
}

//! Bindings of `response.js`.

use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/transport/response.js")]
extern "C" {
    /// A header of a response.
    pub fn header(headers: &JsValue, name: &str) -> Option<String>;
    /// All headers of a response as an object. The secret is redacted.
    #[wasm_bindgen(js_name = headersOf)]
    pub fn headers_of(headers: &JsValue, secret: &JsValue) -> JsValue;
    /// Redacts a secret in a string.
    pub fn without(text: &JsValue, secret: &JsValue) -> JsValue;
    /// The result of a call.
    #[cfg(feature = "js")]
    pub fn result(
        data: &JsValue,
        call_id: u32,
        status: u16,
        headers: &JsValue,
        secret: &JsValue,
        attempts: u32,
        total_delay: f64,
    ) -> JsValue;
}

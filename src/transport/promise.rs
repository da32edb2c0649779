//! Bindings of `promise.js`.

use js_sys::Promise;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/transport/promise.js")]
extern "C" {
    /// A promise with its resolving functions.
    pub fn deferred() -> JsValue;
    /// The promise.
    #[wasm_bindgen(js_name = promiseOf)]
    pub fn promise_of(deferred: &JsValue) -> Promise;
    /// Settles the promise.
    pub fn settle(deferred: &JsValue, is_ok: bool, value: &JsValue);
}

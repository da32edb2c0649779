//! Bindings of `inspect.js`.

use js_sys::Array;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/transport/inspect.js")]
extern "C" {
    #[wasm_bindgen(js_name = kindOf)]
    pub(super) fn kind_of(value: &JsValue) -> u32;
    pub(super) fn learn(model: usize, name: &str);
    #[wasm_bindgen(js_name = kindsOf)]
    pub(super) fn kinds_of(object: &JsValue, model: usize, from: usize) -> f64;
    #[wasm_bindgen(js_name = unknownKeysOf)]
    pub(super) fn unknown_keys_of(object: &JsValue, model: usize) -> Array;
    #[wasm_bindgen(js_name = keysOf)]
    pub(super) fn keys_of(object: &JsValue) -> Array;
    /// The items of an array; none if reading them throws.
    #[wasm_bindgen(js_name = itemsOf)]
    pub fn items_of(array: &JsValue) -> Array;
    #[wasm_bindgen(js_name = propertyOf)]
    pub(super) fn property_of(value: &JsValue, name: &str) -> JsValue;
}

//! Bindings of `object.js`.

use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/transport/object.js")]
extern "C" {
    /// Calls a method.
    #[wasm_bindgen(catch)]
    pub fn invoke(
        object: &JsValue,
        method: &str,
        first: &JsValue,
        second: &JsValue,
    ) -> Result<JsValue, JsValue>;
    /// Merges the fields of two objects; the second has precedence. Reading them may throw.
    #[wasm_bindgen(catch)]
    pub fn assigned(one: &JsValue, other: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = toJson)]
    pub(super) fn to_json(value: &JsValue) -> Result<JsValue, JsValue>;
}

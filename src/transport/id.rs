//! Bindings of `id.js`.

use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/transport/id.js")]
extern "C" {
    /// A new UUID.
    #[wasm_bindgen(js_name = uniqueId)]
    pub fn unique_id() -> String;
}

//! Bindings of `url.js`.

use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/transport/url.js")]
extern "C" {
    /// Resolves a URL to a normalized absolute one; undefined if it is invalid.
    pub fn resolved(url: &str) -> Option<String>;
}

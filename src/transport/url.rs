//! The functions of `url.js`.

use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/transport/url.js")]
extern "C" {
    /// A URL as an absolute one, with its parts in one notation; undefined if it is none.
    pub fn resolved(url: &str) -> Option<String>;
}

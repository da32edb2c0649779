//! Locks: bindings of `lock.js`.

use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

use super::wait::Waiting;

#[wasm_bindgen(module = "/src/transport/lock.js")]
extern "C" {
    #[wasm_bindgen(js_name = lock)]
    fn begin_to_lock(done: &JsValue, id: usize, name: &str, signal: Option<&AbortSignal>, milliseconds: f64);
    /// Releases a lock.
    pub fn release(lock: &JsValue);
    /// Releases the locks of an instance that has trapped.
    #[cfg(feature = "js")]
    #[wasm_bindgen(js_name = releaseAll)]
    pub fn release_all();
}

/// Waits for a lock; the resulting value releases it. With a limit of 0 ms, fails if the lock is held.
pub fn lock(name: &str, signal: Option<&AbortSignal>, milliseconds: f64) -> Waiting {
    Waiting::begin(|done, id| begin_to_lock(done, id, name, signal, milliseconds)).or_release(release)
}

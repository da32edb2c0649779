//! What `engine.js` does for Rust, and how a wait ends.

use js_sys::{Array, Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortSignal;

#[wasm_bindgen(module = "/src/transport/engine.js")]
extern "C" {
    #[wasm_bindgen(js_name = wait)]
    fn begin_to_wait(value: &JsValue, signal: Option<&AbortSignal>, milliseconds: f64) -> Promise;
    pub(super) fn send(
        fetch: Option<&Function>,
        address: &str,
        method: &str,
        headers: &JsValue,
        extra: &JsValue,
        body: &JsValue,
        credentials: &JsValue,
        signal: Option<&AbortSignal>,
        milliseconds: f64,
    ) -> Promise;
    #[wasm_bindgen(js_name = headersOf)]
    pub(super) fn headers_of(headers: &JsValue, secret: &JsValue) -> JsValue;
    pub(super) fn without(text: &JsValue, secret: &JsValue) -> JsValue;
    #[wasm_bindgen(js_name = kindOf)]
    pub(super) fn kind_of(value: &JsValue) -> u32;
    pub(super) fn learn(model: usize, names: &str);
    #[wasm_bindgen(js_name = kindsOf)]
    pub(super) fn kinds_of(object: &JsValue, model: usize, from: usize) -> f64;
    #[wasm_bindgen(js_name = strangersOf)]
    pub(super) fn strangers_of(object: &JsValue, model: usize) -> Array;
    #[wasm_bindgen(js_name = propertyOf)]
    pub(super) fn property_of(value: &JsValue, name: &str) -> JsValue;
    /// Whether the engine knows that there is no network.
    #[wasm_bindgen(js_name = isOffline)]
    pub fn is_offline() -> bool;
    /// Tells a listener. What it throws, at once or later, is its own affair.
    pub fn tell(listener: &Function, event: &JsValue);
    /// What a promise of JavaScript resolves to: the data, and what is known of the way it came.
    #[cfg(feature = "js")]
    pub fn answered(
        data: &JsValue,
        status: u16,
        headers: &JsValue,
        attempts: u32,
        total_delay: f64,
    ) -> JsValue;
    #[wasm_bindgen(js_name = deferred)]
    fn begin_to_defer() -> Array;
}

/// Why a wait ended without its value.
#[derive(Debug)]
pub enum Stop {
    /// The caller's signal was aborted; this is its reason.
    Aborted(JsValue),
    /// The time was up.
    TimedOut,
    /// What was waited for failed with this.
    Failed(JsValue),
}

/// Waits for a value, or a promise of any realm, or the signal, or the time limit, which may be infinite.
pub async fn wait(value: &JsValue, signal: Option<&AbortSignal>, milliseconds: f64) -> Result<JsValue, Stop> {
    let (_, what) = ended(begin_to_wait(value, signal, milliseconds)).await?;
    Ok(what.get(1))
}

/// Waits until the time is up.
pub async fn sleep(signal: Option<&AbortSignal>, milliseconds: f64) -> Result<(), Stop> {
    match wait(&JsValue::UNDEFINED, signal, milliseconds).await {
        Err(Stop::TimedOut) | Ok(_) => Ok(()),
        Err(stop) => Err(stop),
    }
}

/// A promise and what resolves it.
pub fn deferred() -> (JsValue, Function) {
    let pair = begin_to_defer();
    (pair.get(0), pair.get(1).unchecked_into())
}

/// How a wait of `engine.js` ended, and with what.
pub(super) async fn ended(waiting: Promise) -> Result<(f64, Array), Stop> {
    // It never rejects.
    let outcome: Array = JsFuture::from(waiting).await.unwrap_or_default().unchecked_into();
    let how = outcome.get(0).as_f64().unwrap_or_default();
    match how {
        1.0 => Err(Stop::Aborted(outcome.get(1))),
        2.0 => Err(Stop::TimedOut),
        3.0 => Err(Stop::Failed(outcome.get(1))),
        how => Ok((how, outcome)),
    }
}

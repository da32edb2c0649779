//! What `engine.js` does for Rust, and how a wait ends.

use std::future::Future;
use std::pin::Pin;

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
    pub(super) fn learn(model: usize, name: &str);
    #[wasm_bindgen(js_name = kindsOf)]
    pub(super) fn kinds_of(object: &JsValue, model: usize, from: usize) -> f64;
    #[wasm_bindgen(js_name = strangersOf)]
    pub(super) fn strangers_of(object: &JsValue, model: usize) -> Array;
    #[wasm_bindgen(js_name = keysOf)]
    pub(super) fn keys_of(object: &JsValue) -> Array;
    #[wasm_bindgen(js_name = itemsOf)]
    pub(super) fn items_of(array: &JsValue) -> Array;
    /// An object with the fields of two, those of the second in the place of others. Reading them may throw.
    #[wasm_bindgen(catch)]
    pub fn assigned(one: &JsValue, other: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_name = propertyOf)]
    pub(super) fn property_of(value: &JsValue, name: &str) -> JsValue;
    /// Whether the engine knows that there is no network.
    #[wasm_bindgen(js_name = isOffline)]
    pub fn is_offline() -> bool;
    /// Tells a listener. What it throws, at once or later, is its own affair.
    pub fn tell(
        listeners: &JsValue,
        hook: &str,
        call: u32,
        operation: &str,
        attempt: u32,
        status: Option<u32>,
        code: &str,
        milliseconds: f64,
    );
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

/// A wait. Boxed, so that the wasm holds its machinery once and not wherever something is awaited.
pub type Waiting<Value> = Pin<Box<dyn Future<Output = Result<Value, Stop>>>>;

/// Waits for a value, or a promise of any realm, or the signal, or the time limit, which may be infinite. For undefined,
/// until the time is up.
pub fn wait(value: &JsValue, signal: Option<&AbortSignal>, milliseconds: f64) -> Waiting<Outcome> {
    ended(begin_to_wait(value, signal, milliseconds))
}

/// A promise and what resolves it.
pub fn deferred() -> (JsValue, Function) {
    let pair = begin_to_defer();
    (pair.get(0), pair.get(1).unchecked_into())
}

/// What a wait of `engine.js` ended with.
pub struct Outcome {
    /// Whether it is a response, for a request.
    pub is_response: bool,
    parts: Array,
}

impl Outcome {
    /// One of the values.
    pub fn part(&self, index: u32) -> JsValue {
        self.parts.get(index.saturating_add(1))
    }
}

pub(super) fn ended(waiting: Promise) -> Waiting<Outcome> {
    let waiting = JsFuture::from(waiting);
    Box::pin(async {
        // It rejects only where a signal that somebody made up throws.
        let outcome: Array = waiting.await.map_err(Stop::Failed)?.unchecked_into();
        match outcome.get(0).as_f64() {
            Some(1.0) => Err(Stop::Aborted(outcome.get(1))),
            Some(2.0) => Err(Stop::TimedOut),
            Some(3.0) => Err(Stop::Failed(outcome.get(1))),
            how => Ok(Outcome { is_response: how == Some(0.0), parts: outcome }),
        }
    })
}

//! The functions of `engine.js`.

use js_sys::{Array, Function, Promise};
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

#[wasm_bindgen(module = "/src/transport/engine.js")]
extern "C" {
    #[wasm_bindgen(js_name = pause)]
    pub(super) fn begin_to_pause(done: &JsValue, id: usize, signal: Option<&AbortSignal>, milliseconds: f64);
    #[wasm_bindgen(js_name = wait)]
    pub(super) fn begin_to_wait(
        done: &JsValue,
        id: usize,
        value: &JsValue,
        signal: Option<&AbortSignal>,
        milliseconds: f64,
    );
    #[wasm_bindgen(js_name = send)]
    pub(super) fn begin_to_send(
        done: &JsValue,
        id: usize,
        fetch: Option<&Function>,
        url: &str,
        method: &str,
        headers: &JsValue,
        extra: &JsValue,
        body: &JsValue,
        credentials: &JsValue,
        signal: Option<&AbortSignal>,
        milliseconds: f64,
    );
    #[wasm_bindgen(js_name = lock)]
    pub(super) fn begin_to_lock(
        done: &JsValue,
        id: usize,
        name: &str,
        signal: Option<&AbortSignal>,
        milliseconds: f64,
    );
    pub(super) fn cancel(id: usize);
    /// Releases a lock.
    pub fn release(lock: &JsValue);
    /// Releases the locks of an instance that has trapped.
    #[cfg(feature = "js")]
    #[wasm_bindgen(js_name = releaseAll)]
    pub fn release_all();
    /// A UUID.
    #[wasm_bindgen(js_name = uniqueId)]
    pub fn unique_id() -> String;
    /// A URL as an absolute one, with its parts in one notation; undefined if it is none.
    pub fn resolved(url: &str) -> Option<String>;
    /// Calls a method.
    #[wasm_bindgen(catch)]
    pub fn invoke(
        object: &JsValue,
        method: &str,
        first: &JsValue,
        second: &JsValue,
    ) -> Result<JsValue, JsValue>;
    /// A header of a response.
    pub fn header(headers: &JsValue, name: &str) -> Option<String>;
    /// All headers of a response as an object, without a secret.
    #[wasm_bindgen(js_name = headersOf)]
    pub fn headers_of(headers: &JsValue, secret: &JsValue) -> JsValue;
    /// A string without a secret.
    pub fn without(text: &JsValue, secret: &JsValue) -> JsValue;
    #[wasm_bindgen(js_name = kindOf)]
    pub(super) fn kind_of(value: &JsValue) -> u32;
    pub(super) fn learn(model: usize, name: &str);
    #[wasm_bindgen(js_name = kindsOf)]
    pub(super) fn kinds_of(object: &JsValue, model: usize, from: usize) -> f64;
    #[wasm_bindgen(js_name = unknownKeysOf)]
    pub(super) fn unknown_keys_of(object: &JsValue, model: usize) -> Array;
    #[wasm_bindgen(js_name = keysOf)]
    pub(super) fn keys_of(object: &JsValue) -> Array;
    /// The items of an array, none where reading them throws.
    #[wasm_bindgen(js_name = itemsOf)]
    pub fn items_of(array: &JsValue) -> Array;
    /// An object with the fields of two, those of the second in the place of others. Reading them may throw.
    #[wasm_bindgen(catch)]
    pub fn assigned(one: &JsValue, other: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_name = propertyOf)]
    pub(super) fn property_of(value: &JsValue, name: &str) -> JsValue;
    /// Whether a request to another machine cannot leave: there is no network.
    #[wasm_bindgen(js_name = isOffline)]
    pub fn is_offline(method: &str) -> bool;
    /// Whether what `fetch` threw proves that there was no connection.
    #[wasm_bindgen(js_name = neverConnected)]
    pub fn never_connected(thrown: &JsValue) -> bool;
    /// Calls a listener with an event, by its index. Its errors are ignored.
    #[cfg(feature = "js")]
    pub fn emit(
        listener: &Function,
        event: usize,
        call_id: u32,
        operation: &str,
        first: f64,
        second: f64,
        third: f64,
        code: &str,
    );
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
    #[wasm_bindgen(catch, js_name = toJson)]
    pub(super) fn to_json(value: &JsValue) -> Result<JsValue, JsValue>;
    /// A promise with the functions that settle it.
    pub fn deferred() -> JsValue;
    /// The promise.
    #[wasm_bindgen(js_name = promiseOf)]
    pub fn promise_of(deferred: &JsValue) -> Promise;
    /// Settles the promise.
    pub fn settle(deferred: &JsValue, is_ok: bool, value: &JsValue);
}

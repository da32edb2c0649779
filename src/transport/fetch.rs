//! Requests: bindings of `fetch.js`.

use browser_use_skills_core::engine::Request;
use js_sys::Function;
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

use super::json::Json;
use super::wait::Waiting;

#[wasm_bindgen(module = "/src/transport/fetch.js")]
extern "C" {
    #[wasm_bindgen(js_name = send)]
    fn begin_to_send(
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
        must_be_fresh: bool,
    );
    /// Whether no request to another machine can be sent, because the device is offline.
    #[wasm_bindgen(js_name = isOffline)]
    pub fn is_offline(method: &str) -> bool;
    /// Whether an exception of `fetch` proves that there was no connection.
    #[wasm_bindgen(js_name = neverConnected)]
    pub fn never_connected(thrown: &JsValue) -> bool;
}

/// Sends a request and waits for the whole response: status, headers and text.
pub fn send(
    request: &Request<'_, Json>,
    headers: &JsValue,
    credentials: &JsValue,
    fetch: Option<&Function>,
    signal: Option<&AbortSignal>,
    milliseconds: f64,
) -> Waiting {
    let Request { spec, url, headers: extra, body, must_be_fresh, .. } = request;
    Waiting::begin(|done, id| {
        begin_to_send(
            done,
            id,
            fetch,
            url,
            spec.method.as_str(),
            headers,
            &extra.0,
            &body.0,
            credentials,
            signal,
            milliseconds,
            *must_be_fresh,
        );
    })
}

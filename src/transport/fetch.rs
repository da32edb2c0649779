//! One request and its answer.
//!
//! gloo-net's own `send` panics on ordinary inputs (an abort with a reason that is no `Error`, a response of another
//! realm), and its `Request` objects are foreign to a `fetch` of another realm. So `fetch` is called by `engine.js`, with
//! an address and a plain object, which every implementation takes.

use js_sys::{Function, Object, Reflect};
use wasm_bindgen::JsValue;
use web_sys::AbortSignal;

use super::engine::{self, Outcome, Stop};

/// What is sent.
pub struct Request<'a> {
    /// Where to.
    pub address: &'a str,
    /// The method's name.
    pub method: &'static str,
    /// Names and values, checked before: an object, or undefined.
    pub headers: &'a JsValue,
    /// Others, in the place of those of the same name.
    pub extra: &'a JsValue,
    /// The body as a JavaScript string, or undefined.
    pub body: &'a JsValue,
    /// The mode of credentials, or undefined for fetch's own default.
    pub credentials: &'a JsValue,
}

/// What came back.
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// Its headers, as `fetch` gave them or as a plain object.
    pub headers: JsValue,
    /// Its text, a JavaScript string.
    pub text: JsValue,
}

impl Answer {
    /// The same for the eyes of a caller: its headers a plain object, and nothing of a secret that has come back.
    pub fn without(self, secret: &JsValue) -> Self {
        Self {
            status: self.status,
            headers: engine::headers_of(&self.headers, secret),
            text: engine::without(&self.text, secret),
        }
    }
}

/// Why there is no answer.
pub enum Fault {
    /// Stopped, or failed on the way.
    Stopped(Stop),
    /// What `fetch` gave back is no response.
    NoResponse(JsValue),
}

/// Sends a request and reads the whole answer.
pub async fn send(
    request: &Request<'_>,
    custom: Option<&Function>,
    signal: Option<&AbortSignal>,
    milliseconds: f64,
) -> Result<Answer, Fault> {
    let outcome = engine::send(request, custom, signal, milliseconds).await.map_err(Fault::Stopped)?;
    let Outcome { is_response, parts: [first, headers, text] } = outcome;
    if !is_response {
        return Err(Fault::NoResponse(first));
    }
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float cast saturates")]
    let status = first.as_f64().unwrap_or_default() as u16;
    Ok(Answer { status, headers, text })
}

/// Sets a property of a plain object of our own, which cannot fail.
pub fn set(object: &Object, key: &str, value: &JsValue) {
    let _ = Reflect::set(object, &key.into(), value);
}

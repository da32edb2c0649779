//! One request and its answer.
//!
//! gloo-net's own `send` panics on ordinary inputs (an abort with a reason that is no `Error`, a response of another
//! realm), and its `Request` objects are foreign to a `fetch` of another realm. So `fetch` is called here, with an
//! address and a plain object, which every implementation takes.

use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;

use super::interrupt::{Interrupt, Stop};
use super::json::{self, method, property};

#[wasm_bindgen]
extern "C" {
    // Looked up at each call, so that what a page or a test puts in its place is used.
    #[wasm_bindgen(catch, js_name = fetch)]
    fn global_fetch(address: &str, init: &Object) -> Result<JsValue, JsValue>;
}

/// What is sent.
pub struct Request<'a> {
    /// Where to.
    pub address: &'a str,
    /// The method's name.
    pub method: &'static str,
    /// Names and values, checked before.
    pub headers: &'a [(String, String)],
    /// The body as a JavaScript string, or undefined.
    pub body: &'a JsValue,
    /// The mode of credentials, if not fetch's own default.
    pub credentials: Option<&'a str>,
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
    pub fn without(self, secret: Option<&str>) -> Self {
        Self {
            status: self.status,
            headers: all_headers(&self.headers, secret),
            text: json::without(&self.text, secret),
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

impl From<Stop> for Fault {
    fn from(stop: Stop) -> Self {
        Self::Stopped(stop)
    }
}

/// Sends a request and reads the whole answer.
pub async fn send(
    request: &Request<'_>,
    custom: Option<&Function>,
    interrupt: &Interrupt,
) -> Result<Answer, Fault> {
    let init = init(request, interrupt);
    let sent = match custom {
        Some(fetch) => fetch.call2(&JsValue::UNDEFINED, &request.address.into(), &init),
        None => global_fetch(request.address, &init),
    };
    let response = interrupt.wait_for(&sent.map_err(Stop::Failed)?).await?;
    let (Some(status), Some(text)) = (property(&response, "status").as_f64(), method(&response, "text"))
    else {
        return Err(Fault::NoResponse(response));
    };
    let reading = text.call0(&response).unwrap_or_else(|error| Promise::reject(&error).into());
    let text = interrupt.wait_for(&reading).await?;
    interrupt.complete();
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float cast saturates")]
    let status = status as u16;
    Ok(Answer { status, headers: property(&response, "headers"), text })
}

fn init(request: &Request<'_>, interrupt: &Interrupt) -> Object {
    let init = Object::new();
    let headers = Object::new();
    for (name, value) in request.headers {
        set(&headers, name, &value.into());
    }
    set(&init, "method", &request.method.into());
    set(&init, "headers", &headers);
    if !request.body.is_undefined() {
        set(&init, "body", request.body);
    }
    set(&init, "signal", &interrupt.signal());
    // A header of one's own follows a redirect to whatever host it names: the key must not.
    set(&init, "redirect", &"error".into());
    set(&init, "cache", &"no-store".into());
    set(&init, "referrerPolicy", &"no-referrer".into());
    if let Some(credentials) = request.credentials {
        set(&init, "credentials", &credentials.into());
    }
    init
}

/// Sets a property of a plain object of our own, which cannot fail.
pub fn set(object: &Object, key: &str, value: &JsValue) {
    let _ = Reflect::set(object, &key.into(), value);
}

/// Whether the engine knows that there is no network. It may be wrong about there being one, not about there being none.
pub fn is_offline() -> bool {
    property(&property(&js_sys::global(), "navigator"), "onLine").as_bool() == Some(false)
}

/// All headers that a page may see, as a plain object with names in lower case, without a secret.
fn all_headers(headers: &JsValue, secret: Option<&str>) -> JsValue {
    let all = Object::new();
    if let Some(for_each) = method(headers, "forEach") {
        let collect = Closure::<dyn FnMut(JsValue, JsValue)>::new({
            let all = all.clone();
            let secret = secret.map(str::to_owned);
            move |value: JsValue, name: JsValue| {
                if let Some(name) = name.as_string() {
                    set(&all, &name.to_ascii_lowercase(), &json::without(&value, secret.as_deref()));
                }
            }
        });
        let _ = for_each.call1(headers, collect.as_ref());
    }
    all.into()
}

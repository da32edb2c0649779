//! What a client is made of, and what one call may ask for.

use std::cell::RefCell;

use js_sys::{Function, Object};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::AbortSignal;

use super::hooks::Hooks;
use super::key::KeySource;
use super::recovery::Recover;
use super::slot::Slots;
use crate::call::address::BaseUrl;
use crate::call::budget::Budget;
use crate::call::header;
use crate::transport::fetch::set;

/// What a client is made of.
pub(crate) struct Settings {
    pub key: KeySource,
    pub base_url: BaseUrl,
    /// Those of the user, as an object, and with a key that is always the same.
    pub headers: Headers,
    /// As `fetch` takes it; undefined for its own default.
    pub credentials: JsValue,
    pub fetch: Option<Function>,
    pub limits: Limits,
    /// Shared by all calls. Never borrowed across an await.
    pub budget: RefCell<Budget>,
    pub slots: Slots,
    pub hooks: Hooks,
}

/// The headers of every request: objects of names and values, checked.
pub(crate) struct Headers {
    plain: JsValue,
    keyed: JsValue,
}

impl Headers {
    /// `plain` is an object or undefined.
    pub fn new(plain: JsValue, key: &KeySource) -> Self {
        let keyed = match key {
            KeySource::Fixed(key) => with_key(&plain, key),
            KeySource::None | KeySource::Provider(_) => JsValue::UNDEFINED,
        };
        Self { plain, keyed }
    }

    /// Those to send along with a key, which may be undefined.
    pub fn with(&self, key: &JsValue) -> JsValue {
        if key.is_undefined() {
            self.plain.clone()
        } else if self.keyed.is_undefined() {
            with_key(&self.plain, key)
        } else {
            self.keyed.clone()
        }
    }
}

fn with_key(plain: &JsValue, key: &JsValue) -> JsValue {
    let headers = Object::assign(&Object::new(), plain.unchecked_ref());
    set(&headers, header::KEY, key);
    headers.into()
}

/// What one call asks for besides its input.
#[derive(Clone, Debug, Default)]
pub(crate) struct CallOptions {
    pub signal: Option<AbortSignal>,
    /// An object of names and values, checked; or undefined.
    pub headers: JsValue,
    pub limits: Limits,
    /// The caller knows that doing it twice does no harm.
    pub always_resend: bool,
    /// Whether the answer must not be lost.
    pub recover: Option<Recover>,
    pub extra_body: Option<JsValue>,
    /// When the call began, on the clock of `transport::clock`; by default when it reaches the client.
    pub begun_at: Option<f64>,
}

/// How long, and how often. What is not said is left to the client, and then to the operation.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Limits {
    pub timeout_ms: Option<f64>,
    pub total_timeout_ms: Option<f64>,
    pub max_retries: Option<u32>,
    pub max_retry_after_ms: Option<f64>,
}

impl Limits {
    /// These, and where they say nothing, others.
    pub fn or(self, others: Self) -> Self {
        Self {
            timeout_ms: self.timeout_ms.or(others.timeout_ms),
            total_timeout_ms: self.total_timeout_ms.or(others.total_timeout_ms),
            max_retries: self.max_retries.or(others.max_retries),
            max_retry_after_ms: self.max_retry_after_ms.or(others.max_retry_after_ms),
        }
    }
}

// Never shows the key.
impl std::fmt::Debug for Settings {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Settings").field("base_url", &self.base_url).finish_non_exhaustive()
    }
}

//! What a client is made of, and what one call may ask for.

use std::future::Future;
use std::pin::Pin;

use js_sys::Function;
use wasm_bindgen::JsValue;
use web_sys::AbortSignal;

use crate::call::address::BaseUrl;

/// A key that is still on its way.
pub type KeyFuture = Pin<Box<dyn Future<Output = Result<String, JsValue>>>>;

/// Where the key comes from.
pub(crate) enum KeySource {
    /// There is none: a proxy adds it, or it is not needed.
    None,
    /// Always the same.
    Fixed(String),
    /// Asked for before every attempt.
    Provider(Box<dyn Fn() -> KeyFuture>),
}

/// What a client is made of.
pub(crate) struct Settings {
    pub key: KeySource,
    pub base_url: BaseUrl,
    pub headers: Vec<(String, String)>,
    pub credentials: Option<String>,
    pub fetch: Option<Function>,
    pub timeout_ms: Option<f64>,
    pub max_retries: Option<u32>,
}

/// What one call asks for besides its input.
#[derive(Debug, Default)]
pub(crate) struct CallOptions {
    pub signal: Option<AbortSignal>,
    pub headers: Vec<(String, String)>,
    pub timeout_ms: Option<f64>,
    pub max_retries: Option<u32>,
    pub extra_body: Option<JsValue>,
}

// Never shows the key.
impl std::fmt::Debug for Settings {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Settings").field("base_url", &self.base_url).finish_non_exhaustive()
    }
}

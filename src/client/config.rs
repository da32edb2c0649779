//! Client configuration for Rust callers.

use std::borrow::Cow;
use std::fmt;
use std::future::Future;

use js_sys::Function;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::future_to_promise;

use browser_use_skills_core::engine::{
    ConcurrencyStats, Engine, EngineOptions, Event, KeyReason, Limits, Listener,
};

use super::Core;
use super::browser::{Browser, Headers, shared};
use super::faults::Faults;
use super::journal::{Journal, object_of as journal_object};
use super::key::KeySource;
use super::options::shared_settings;
use crate::api::text::concat;
use crate::policy::header;
use crate::policy::url::{BaseUrl, DEFAULT_BASE_URL};
use crate::transport::json::Json;
use crate::transport::url;

/// Configuration of a [`Client`](super::Client). [`Config::default`] is the cloud, without a key.
///
/// ```
/// # #[cfg(target_arch = "wasm32")] {
/// use browser_use_skills::Config;
///
/// let config = Config::default().api_key("bu_…").timeout(std::time::Duration::from_secs(30));
/// # }
/// ```
#[must_use]
pub struct Config {
    pub(crate) key: KeySource,
    pub(crate) base_url: String,
    pub(crate) headers: Json,
    pub(crate) limits: Limits,
    pub(crate) max_concurrent: Option<u32>,
    pub(crate) shared_account: Option<bool>,
    pub(crate) idempotency: bool,
    pub(crate) journal: JsValue,
    pub(crate) credentials: JsValue,
    pub(crate) fetch: Option<Function>,
    pub(crate) on_event: Option<Listener<Event>>,
    pub(crate) on_pending: Option<Listener<ConcurrencyStats>>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            key: KeySource::None,
            base_url: DEFAULT_BASE_URL.to_owned(),
            headers: Json::default(),
            limits: Limits::default(),
            max_concurrent: None,
            shared_account: None,
            idempotency: false,
            journal: JsValue::UNDEFINED,
            credentials: JsValue::UNDEFINED,
            fetch: None,
            on_event: None,
            on_pending: None,
        }
    }
}

// Never shows the key.
impl fmt::Debug for Config {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Config").field("base_url", &self.base_url).finish_non_exhaustive()
    }
}

impl Config {
    /// API key of your project, `bu_…`. Every user of a page can read a key in it.
    pub fn api_key(mut self, key: impl Into<String>) -> Self {
        self.key = KeySource::Fixed(key.into().into());
        self
    }

    /// Function that returns the API key. Called for every attempt.
    pub fn api_key_with<Provide, Key>(mut self, provide: Provide) -> Self
    where
        Provide: Fn(KeyReason) -> Key + 'static,
        Key: Future<Output = Result<String, JsValue>> + 'static,
    {
        self.key = KeySource::Provider(Box::new(move |reason| {
            let key = provide(reason);
            Ok(future_to_promise(async { key.await.map(JsValue::from) }).into())
        }));
        self
    }

    /// Base URL of the API. May be relative to the page. Default: the cloud.
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.base_url = base_url.into();
        self
    }

    /// Maximum number of concurrent executions and creations, from 1 to 1000. Further calls are queued. Default: no limit.
    pub fn max_concurrent(mut self, most: u32) -> Self {
        self.max_concurrent = Some(most);
        self
    }

    /// Storage for executions with [`RequestOptions::recover`](super::RequestOptions::recover).
    /// [`Client::resume`](super::Client::resume) of a later page reads it. Default: none.
    pub fn journal(mut self, journal: impl Journal + 'static) -> Self {
        self.journal = journal_object(journal);
        self
    }

    /// Whether other users or programs run the same skills in the same account. If so, a lost execution is returned only if it
    /// is recognised by [`Recover::accept`](super::Recover::accept). Default: true without a key, since the
    /// account is then the proxy's.
    pub const fn shared_account(mut self, shared: bool) -> Self {
        self.shared_account = Some(shared);
        self
    }

    /// Sends an `Idempotency-Key` with paid requests, so that they can be retried safely. Requires a server that supports the
    /// header, such as the proxy of this package.
    pub const fn idempotency(mut self, honoured: bool) -> Self {
        self.idempotency = honoured;
        self
    }

    /// Receives the events of all calls. Events never contain the key or request data.
    pub fn on_event(mut self, listener: impl Fn(&Event) + 'static) -> Self {
        self.on_event = Some(Listener::new(listener));
        self
    }

    /// Called whenever [`Client::pending`](super::Client::pending) has changed.
    pub fn on_pending(mut self, listener: impl Fn(&ConcurrencyStats) + 'static) -> Self {
        self.on_pending = Some(Listener::new(listener));
        self
    }

    /// Validates the configuration and creates the engine, which must not be used if there are faults.
    pub(crate) fn into_core(self, faults: &mut Faults) -> Core {
        if let KeySource::Fixed(key) = &self.key
            && let Some(fault) = header::key_fault(&key.as_string().unwrap_or_default())
        {
            faults.report(Cow::Borrowed("apiKey"), concat(&["the key ", fault]));
        }
        let base_url = base_url(&self.base_url).unwrap_or_else(|fault| {
            faults.report(Cow::Borrowed("baseUrl"), fault);
            BaseUrl::default()
        });
        faults.limits(&self.limits);
        faults.headers(&self.headers);
        faults.max_concurrent(self.max_concurrent);
        let is_without_key = matches!(self.key, KeySource::None);
        let browser = Browser {
            headers: Headers::new(self.headers.0, &self.key),
            key: self.key,
            is_private: base_url.is_private(),
            is_loopback: base_url.is_loopback(),
            credentials: self.credentials,
            local: shared(self.fetch.as_ref()),
            fetch: self.fetch,
            journal: self.journal,
        };
        let options = EngineOptions {
            base_url,
            limits: self.limits,
            max_concurrent: self.max_concurrent.map_or(f64::INFINITY, f64::from),
            shared_account: self.shared_account.unwrap_or(is_without_key),
            idempotency: self.idempotency,
            on_event: self.on_event,
            on_pending: self.on_pending,
        };
        Engine::new(browser, options)
    }
}

/// Parses a base URL. A relative one is resolved against the document's.
fn base_url(text: &str) -> Result<BaseUrl, &'static str> {
    BaseUrl::parse(text)?;
    let resolved = url::resolved(text).ok_or("is relative, and there is no page for it to be relative to")?;
    BaseUrl::parse(&resolved)
}

shared_settings!(Config);

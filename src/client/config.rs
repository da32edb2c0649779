//! How a Rust program says what its client is to be like.

use std::cell::RefCell;
use std::fmt;
use std::future::Future;
use std::time::Duration;

use js_sys::Object;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::future_to_promise;
use web_sys::AbortSignal;

use super::hooks::Hooks;
use super::key::{KeyReason, KeySource};
use super::recovery::Recover;
use super::request::place;
use super::settings::{CallOptions, Headers, Limits, Settings};
use super::slot::Slots;
use crate::api::check::Issue;
use crate::api::text::joined;
use crate::call::address::{BaseUrl, DEFAULT_BASE_URL};
use crate::call::header;
use crate::error::Failure;
use crate::transport::fetch::set;

/// What a [`Client`](super::Client) is made of. Starts from [`Config::default`]: the cloud, without a key.
///
/// ```
/// # #[cfg(target_arch = "wasm32")] {
/// use browser_use_skills::client::Config;
///
/// let config = Config::default().api_key("bu_…").timeout(std::time::Duration::from_secs(30));
/// # }
/// ```
#[must_use]
pub struct Config {
    key: KeySource,
    base_url: String,
    headers: Vec<(String, String)>,
    limits: Limits,
    max_concurrent: Option<u32>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            key: KeySource::None,
            base_url: DEFAULT_BASE_URL.to_owned(),
            headers: Vec::new(),
            limits: Limits::default(),
            max_concurrent: None,
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
    /// The key of one's project, `bu_…`. Whoever can read a page can read the key in it.
    pub fn api_key(mut self, key: impl Into<String>) -> Self {
        self.key = KeySource::Fixed(key.into().into());
        self
    }

    /// A function that gives the key; asked again for every attempt.
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

    /// Where the API is, if not at Browser Use. May be relative to the page.
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.base_url = base_url.into();
        self
    }

    /// Executions and creations at once, at most; others wait in a queue. No limit by default.
    pub fn max_concurrent(mut self, most: u32) -> Self {
        self.max_concurrent = Some(most);
        self
    }

    pub(super) fn into_settings(self) -> Result<Settings, Box<Failure>> {
        let mut issues = header_issues(&self.headers);
        let option = |name, msg| place("options", name, "value_error", msg);
        if let KeySource::Fixed(key) = &self.key {
            let fault = header::key_fault(&key.as_string().unwrap_or_default());
            issues.extend(fault.map(|fault| option("api_key", joined(&["the key ", fault]))));
        }
        let base_url = BaseUrl::parse(&self.base_url).unwrap_or_else(|fault| {
            issues.push(option("base_url", fault.to_owned()));
            BaseUrl::default()
        });
        if !issues.is_empty() {
            return Err(Failure::invalid(issues));
        }
        Ok(Settings {
            headers: Headers::new(object_of(&self.headers), &self.key),
            key: self.key,
            base_url,
            credentials: JsValue::UNDEFINED,
            fetch: None,
            limits: self.limits,
            budget: RefCell::default(),
            slots: Slots::new(self.max_concurrent.map_or(f64::INFINITY, f64::from)),
            hooks: Hooks::default(),
        })
    }
}

/// What the calls of [`Client::with`](super::Client::with) ask for.
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct RequestOptions {
    signal: Option<AbortSignal>,
    headers: Vec<(String, String)>,
    limits: Limits,
    always_resend: bool,
    recover: bool,
}

impl RequestOptions {
    /// Ends the call when this signal is aborted.
    pub fn signal(mut self, signal: AbortSignal) -> Self {
        self.signal = Some(signal);
        self
    }

    /// Sends again whatever the operation is, after any loss: it may be carried out, and paid for, more than once.
    pub const fn always_resend(mut self) -> Self {
        self.always_resend = true;
        self
    }

    /// Finds the execution again, should its answer be lost, and hands over its output. For `execute` of one's own
    /// skills. Two such calls of one skill at once can be told apart by nobody: make one after the other.
    pub const fn recover(mut self) -> Self {
        self.recover = true;
        self
    }

    pub(super) fn into_call_options(self) -> Result<CallOptions, Box<Failure>> {
        let issues = header_issues(&self.headers);
        if !issues.is_empty() {
            return Err(Failure::invalid(issues));
        }
        Ok(CallOptions {
            signal: self.signal,
            headers: object_of(&self.headers),
            limits: self.limits,
            always_resend: self.always_resend,
            recover: self.recover.then(Recover::default),
            extra_body: None,
            begun_at: None,
        })
    }
}

/// The setters that a client and a single call have in common.
macro_rules! shared_settings {
    ($owner:ty) => {
        impl $owner {
            /// Longest that one attempt may take. 60 seconds by default, 5 minutes for executions.
            pub fn timeout(mut self, timeout: Duration) -> Self {
                self.limits.timeout_ms = Some(milliseconds(timeout));
                self
            }

            /// Longest that a call may take with all its attempts and the delays between them. No limit by default.
            pub fn total_timeout(mut self, timeout: Duration) -> Self {
                self.limits.total_timeout_ms = Some(milliseconds(timeout));
                self
            }

            /// Longest delay that a server is believed to mean. 60 seconds by default.
            pub fn max_retry_after(mut self, delay: Duration) -> Self {
                self.limits.max_retry_after_ms = Some(milliseconds(delay));
                self
            }

            /// Attempts after the first one, at most. 2 by default.
            pub fn max_retries(mut self, max_retries: u32) -> Self {
                self.limits.max_retries = Some(max_retries);
                self
            }

            /// A header of every request. What a call says goes before what its client says.
            pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
                self.headers.push((name.into(), value.into()));
                self
            }
        }
    };
}

shared_settings!(Config);
shared_settings!(RequestOptions);

/// Headers as `fetch` takes them; undefined if there are none.
fn object_of(headers: &[(String, String)]) -> JsValue {
    if headers.is_empty() {
        return JsValue::UNDEFINED;
    }
    let object = Object::new();
    for (name, value) in headers {
        set(&object, name, &value.into());
    }
    object.into()
}

fn header_issues(headers: &[(String, String)]) -> Vec<Issue> {
    let faults = headers.iter().filter_map(|(name, value)| header::fault(name, value));
    faults.map(|fault| place("options", "headers", "value_error", fault)).collect()
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

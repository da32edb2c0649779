//! How a Rust program says what its client is to be like.

use std::fmt;
use std::future::Future;
use std::time::Duration;

use js_sys::{Function, Object};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;
use web_sys::AbortSignal;

use browser_use_skills_core::engine::{
    self, ConcurrencyStats, Engine, EngineOptions, Event, KeyReason, Limits, Listener,
};

use super::browser::{Browser, Headers, shared};
use super::journal::{Journal, object_of as journal_object};
use super::key::KeySource;
use super::{CallOptions, Core};
use crate::api::check::Issue;
use crate::api::text::joined;
use crate::error::Failure;
use crate::policy::header;
use crate::policy::url::{BaseUrl, DEFAULT_BASE_URL};
use crate::transport::engine as js;
use crate::transport::json::{Json, set};

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
    shared_account: Option<bool>,
    idempotency: bool,
    journal: JsValue,
    on_event: Option<Listener<Event>>,
    on_pending: Option<Listener<ConcurrencyStats>>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            key: KeySource::None,
            base_url: DEFAULT_BASE_URL.to_owned(),
            headers: Vec::new(),
            limits: Limits::default(),
            max_concurrent: None,
            shared_account: None,
            idempotency: false,
            journal: JsValue::UNDEFINED,
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
    /// The key of the project, `bu_…`. Everyone who can read a page can read the key in it.
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

    /// Where runs with [`RequestOptions::recover`] are written down, so that [`Client::resume`](super::Client::resume) of a
    /// later page finds them.
    pub fn journal(mut self, journal: impl Journal + 'static) -> Self {
        self.journal = journal_object(journal);
        self
    }

    /// Whether others run the same skills in the same account. Then a lost execution is handed over only if it is recognised
    /// by [`Recover::accept`]. By default true without a key: the account is then the proxy's.
    pub const fn shared_account(mut self, shared: bool) -> Self {
        self.shared_account = Some(shared);
        self
    }

    /// Sends `Idempotency-Key` with what must not be done twice. Only for a server that honours it, such as the proxy of this
    /// package: such requests are then repeated after a loss.
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

    pub(super) fn into_core(self) -> Result<Core, Box<Failure>> {
        let mut issues = header_issues(&self.headers);
        let option = |name, msg: String| Issue::at("options", name, msg);
        if let KeySource::Fixed(key) = &self.key {
            let fault = header::key_fault(&key.as_string().unwrap_or_default());
            issues.extend(fault.map(|fault| option("api_key", joined(&["the key ", fault]))));
        }
        let base_url = base_url(&self.base_url).unwrap_or_else(|fault| {
            issues.push(option("base_url", fault.to_owned()));
            BaseUrl::default()
        });
        if !issues.is_empty() {
            return Err(Failure::invalid(issues));
        }
        let is_without_key = matches!(self.key, KeySource::None);
        let browser = Browser {
            headers: Headers::new(object_of(&self.headers), &self.key),
            key: self.key,
            is_private: base_url.is_private(),
            is_loopback: base_url.is_loopback(),
            credentials: JsValue::UNDEFINED,
            fetch: None,
            local: shared(None),
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
        Ok(Engine::new(browser, options))
    }
}

/// What the calls of [`Client::with`](super::Client::with) ask for.
#[derive(Clone, Default)]
#[must_use]
pub struct RequestOptions {
    signal: Option<AbortSignal>,
    headers: Vec<(String, String)>,
    limits: Limits,
    always_resend: bool,
    recover: Option<engine::Recover<Browser>>,
    on_event: Option<Listener<Event>>,
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

    /// Finds the execution again if its response is lost, and hands over its output. For `execute` of skills of the project.
    pub fn recover(mut self, recover: Recover) -> Self {
        self.recover = Some(recover.0);
        self
    }

    /// Receives the events of the calls, besides [`Config::on_event`].
    pub fn on_event(mut self, listener: impl Fn(&Event) + 'static) -> Self {
        self.on_event = Some(Listener::new(listener));
        self
    }

    pub(super) fn into_call_options(self) -> Result<CallOptions, Box<Failure>> {
        let issues = header_issues(&self.headers);
        if !issues.is_empty() {
            return Err(Failure::invalid(issues));
        }
        Ok(CallOptions {
            signal: self.signal,
            headers: Json(object_of(&self.headers)),
            limits: self.limits,
            always_resend: self.always_resend,
            recover: self.recover,
            on_event: self.on_event,
            begun_at: None,
        })
    }
}

/// How an execution is found again whose response was lost.
#[derive(Clone, Default)]
#[must_use]
pub struct Recover(engine::Recover<Browser>);

impl fmt::Debug for Recover {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Recover").field("tag", &self.0.tag).finish_non_exhaustive()
    }
}

impl Recover {
    /// How long an execution may take to be listed: 20 seconds by default. If it is not listed by then, the request never
    /// arrived.
    pub fn grace(mut self, grace: Duration) -> Self {
        self.0.grace_ms = milliseconds(grace);
        self
    }

    /// A name for the run, kept in the journal.
    pub fn tag(mut self, tag: impl Into<String>) -> Self {
        self.0.tag = Some(tag.into());
        self
    }

    /// Stores the execution: the run stays in the journal until this has resolved.
    pub fn deliver<Deliver, Done>(mut self, deliver: Deliver) -> Self
    where
        Deliver: Fn(JsValue) -> Done + 'static,
        Done: Future<Output = Result<(), JsValue>> + 'static,
    {
        let call = move |execution| {
            let done = deliver(execution);
            JsValue::from(future_to_promise(async { done.await.map(|()| JsValue::UNDEFINED) }))
        };
        self.0.deliver = Some(function_of(call));
        self
    }

    /// Recognises the result of this run, in an account that others use too.
    pub fn accept(mut self, accept: impl Fn(JsValue) -> bool + 'static) -> Self {
        self.0.accept = Some(function_of(move |result| accept(result).into()));
        self
    }
}

fn function_of(call: impl Fn(JsValue) -> JsValue + 'static) -> Function {
    Closure::<dyn Fn(JsValue) -> JsValue>::new(call).into_js_value().unchecked_into()
}

/// What a wait for a generation may ask for.
#[derive(Clone, Copy, Debug, Default)]
#[must_use]
pub struct WaitOptions {
    timeout: Option<Duration>,
}

impl WaitOptions {
    /// Longest that the whole wait may take: 15 minutes by default.
    pub const fn wait_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    pub(super) fn timeout_ms(self) -> Option<f64> {
        self.timeout.map(milliseconds)
    }
}

/// A base URL as an absolute one: a relative one is of the document's.
pub(crate) fn base_url(text: &str) -> Result<BaseUrl, &'static str> {
    BaseUrl::parse(text)?;
    let resolved = js::resolved(text).ok_or("is relative, and there is no page for it to be relative to")?;
    BaseUrl::parse(&resolved)
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
    faults.map(|fault| Issue::at("options", "headers", fault)).collect()
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

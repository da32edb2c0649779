//! Reads the options that JavaScript gives. Their types and words are in `npm/src/options.ts`.

use std::borrow::Cow;

use browser_use_skills_core::engine::{
    CallOptions as CoreOptions, Engine, EngineOptions, Event, KeyReason, Limits, Listener, Recover,
    WatchOptions,
};

use js_sys::{Function, Object};
use wasm_bindgen::{JsCast, JsValue};

use super::event::{event_listener, pending_listener};
use super::reader::Reader;
use crate::api::node::{Kind, Node};
use crate::api::text::joined;
use crate::client::browser::{Browser, Headers, shared};
use crate::client::key::KeySource;
use crate::client::{CallOptions, Core, base_url};
use crate::error::Failure;
use crate::policy::header;
use crate::policy::url::{BaseUrl, DEFAULT_BASE_URL};
use crate::transport::json::{Json, property, set};

const OF_CLIENT: &[&str] = &[
    "apiKey",
    "baseUrl",
    "timeout",
    "totalTimeout",
    "maxRetries",
    "maxRetryAfter",
    "headers",
    "credentials",
    "fetch",
    "maxConcurrent",
    "onEvent",
    "journal",
    "sharedAccount",
    "idempotency",
];
const OF_CALL: &[&str] = &[
    "signal",
    "timeout",
    "totalTimeout",
    "maxRetries",
    "maxRetryAfter",
    "retry",
    "recover",
    "headers",
    "extraBody",
    "onEvent",
];
const OF_WAIT: &[&str] = &[
    "signal",
    "timeout",
    "totalTimeout",
    "maxRetries",
    "maxRetryAfter",
    "headers",
    "waitTimeout",
    "onStatus",
    "onCreated",
    "onEvent",
];
const OF_RECOVERY: &[&str] = &["grace", "tag", "deliver", "accept"];

/// The options of a client, and the object that keeps its journal.
pub fn core(given: &JsValue, journal: JsValue, on_pending: Option<Function>) -> Result<Core, Box<Failure>> {
    let mut reader = Reader::new(given, OF_CLIENT);
    let key = reader.key();
    let is_without_key = matches!(key, KeySource::None);
    let base_url = reader.base_url();
    let fetch = reader.function("fetch");
    let browser = Browser {
        headers: Headers::new(reader.headers(), &key),
        key,
        is_private: base_url.is_private(),
        is_loopback: base_url.is_loopback(),
        credentials: reader
            .option("credentials", Kind::Text, "should be a string")
            .map_or(JsValue::UNDEFINED, |text| text.0),
        local: shared(fetch.as_ref()),
        fetch,
        journal,
    };
    let options = EngineOptions {
        base_url,
        limits: reader.limits(),
        max_concurrent: reader.max_concurrent().map_or(f64::INFINITY, f64::from),
        shared_account: reader.truth("sharedAccount").unwrap_or(is_without_key),
        idempotency: reader.truth("idempotency").unwrap_or_default(),
        on_event: reader.listener(),
        on_pending: on_pending.map(pending_listener),
    };
    reader.finish(Engine::new(browser, options))
}

/// The options of one call, and what is added to its body.
pub fn call_options(given: &JsValue, begun_at: f64) -> Result<(CallOptions, Option<JsValue>), Box<Failure>> {
    let begun_at = Some(begun_at);
    if given.is_undefined() {
        return Ok((CoreOptions { begun_at, ..CoreOptions::default() }, None));
    }
    let mut reader = Reader::new(given, OF_CALL);
    let options = CoreOptions {
        signal: reader.signal(),
        headers: Json(reader.headers()),
        limits: reader.limits(),
        always_resend: reader.always_resend(),
        recover: reader.recover(),
        on_event: reader.listener(),
        begun_at,
    };
    let extra = reader.object("extraBody");
    reader.finish((options, extra))
}

/// The listener of a call, whose other options may be invalid.
pub fn listener(given: &JsValue) -> Option<Listener<Event>> {
    if given.is_undefined() {
        return None;
    }
    property(given, "onEvent").dyn_into().ok().map(event_listener)
}

/// The options of a wait, which are those of each of its requests besides.
pub fn watch_options(
    given: &JsValue,
    newer_than: Option<u32>,
    must_finish: bool,
    begun_at: f64,
) -> Result<WatchOptions<Browser>, Box<Failure>> {
    let mut reader = Reader::new(given, OF_WAIT);
    let call = CoreOptions {
        signal: reader.signal(),
        headers: Json(reader.headers()),
        limits: reader.limits(),
        on_event: reader.listener(),
        begun_at: Some(begun_at),
        ..CoreOptions::default()
    };
    let timeout_ms = reader.milliseconds("waitTimeout");
    // Called by the JavaScript in front, which hands the skills on.
    reader.function("onStatus");
    reader.function("onCreated");
    reader.finish(WatchOptions { call, newer_than, timeout_ms, must_finish })
}

/// The options of `resume`.
pub fn resume_options(given: &JsValue) -> Result<CallOptions, Box<Failure>> {
    let mut reader = Reader::new(given, &["signal", "totalTimeout", "grace", "deliver", "accept", "onEvent"]);
    let mut recover = Recover::default();
    if let Some(grace_ms) = reader.grace() {
        recover.grace_ms = grace_ms;
    }
    recover.deliver = reader.function("deliver");
    recover.accept = reader.function("accept");
    let (signal, on_event) = (reader.signal(), reader.listener());
    let mut options = CoreOptions { signal, on_event, ..CoreOptions::default() };
    options.limits.total_timeout_ms = reader.milliseconds("totalTimeout");
    options.recover = Some(recover);
    reader.finish(options)
}

impl Reader {
    fn limits(&mut self) -> Limits {
        Limits {
            timeout_ms: self.milliseconds("timeout"),
            total_timeout_ms: self.milliseconds("totalTimeout"),
            max_retries: self.count("maxRetries", 0.0..=100.0, "should be a whole number from 0 to 100"),
            max_retry_after_ms: self.milliseconds("maxRetryAfter"),
        }
    }

    fn always_resend(&mut self) -> bool {
        match self.text("retry").as_deref() {
            None => false,
            Some("always") => true,
            Some(_) => {
                self.report(Cow::Borrowed("retry"), "should be \"always\", or left out");
                false
            }
        }
    }

    fn max_concurrent(&mut self) -> Option<u32> {
        self.count("maxConcurrent", 1.0..=1000.0, "should be a whole number from 1 to 1000")
    }

    fn listener(&mut self) -> Option<Listener<Event>> {
        self.function("onEvent").map(event_listener)
    }

    fn truth(&mut self, key: &'static str) -> Option<bool> {
        self.option(key, Kind::Boolean, "should be true or false")?.truth()
    }

    fn grace(&mut self) -> Option<f64> {
        self.number("grace", "should be milliseconds, not negative", |number| number >= 0.0)
    }

    /// `true`, or an object.
    fn recover(&mut self) -> Option<Recover<Browser>> {
        let value = Json(self.read("recover"));
        match value.kind() {
            Kind::Absent | Kind::Null => None,
            Kind::Boolean => value.truth().unwrap_or_default().then(Recover::default),
            Kind::Object => {
                let mut inner = Reader::new(&value.0, OF_RECOVERY);
                let mut recover = Recover::default();
                if let Some(grace_ms) = inner.grace() {
                    recover.grace_ms = grace_ms;
                }
                recover.tag = inner.text("tag");
                recover.deliver = inner.function("deliver");
                recover.accept = inner.function("accept");
                if let Err(failure) = inner.finish(()) {
                    for issue in failure.issues {
                        let path = joined(&["its ", &issue.path(), " ", &issue.msg]);
                        self.report(Cow::Borrowed("recover"), path);
                    }
                }
                Some(recover)
            }
            _ => {
                self.report(Cow::Borrowed("recover"), "should be true, or an object");
                None
            }
        }
    }

    fn base_url(&mut self) -> BaseUrl {
        let given = self.text("baseUrl");
        base_url(given.as_deref().unwrap_or(DEFAULT_BASE_URL)).unwrap_or_else(|fault| {
            self.report(Cow::Borrowed("baseUrl"), fault);
            BaseUrl::default()
        })
    }

    fn key(&mut self) -> KeySource {
        let value = property(&self.given.0, "apiKey");
        if value.is_undefined() || value.is_null() {
            return KeySource::None;
        }
        if let Some(key) = value.as_string() {
            if let Some(fault) = header::key_fault(&key) {
                self.report(Cow::Borrowed("apiKey"), joined(&["the key ", fault]));
            }
            return KeySource::Fixed(value);
        }
        match value.dyn_into::<Function>() {
            Ok(provider) => KeySource::Provider(Box::new(move |reason| ask(&provider, reason))),
            Err(_) => {
                self.report(Cow::Borrowed("apiKey"), "should be a string or a function that returns one");
                KeySource::None
            }
        }
    }
}

/// Calls a key function, which may return the key or a promise of it.
fn ask(provider: &Function, reason: KeyReason) -> Result<JsValue, JsValue> {
    let why = Object::new();
    let reason = match reason {
        KeyReason::Needed => "needed",
        KeyReason::Rejected => "rejected",
    };
    set(&why, "reason", &reason.into());
    provider.call1(&JsValue::UNDEFINED, &why)
}

//! Reads the options that JavaScript gives. Their types and words are in `npm/src/options.ts`.

use std::borrow::Cow;
use std::cell::RefCell;

use js_sys::{Function, Object};
use wasm_bindgen::{JsCast, JsValue};

use super::reader::{Reader, method};
use crate::api::node::{Kind, Node};
use crate::api::text::joined;
use crate::call::address::{BaseUrl, DEFAULT_BASE_URL};
use crate::call::header;
use crate::client::hooks::Hooks;
use crate::client::key::{KeyReason, KeySource};
use crate::client::recovery::Recover;
use crate::client::settings::{CallOptions, Headers, Limits, Settings};
use crate::client::slot::Slots;
use crate::error::Failure;
use crate::transport::engine;
use crate::transport::fetch::set;
use crate::transport::json::{Json, property};

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
    "onRequest",
    "onResponse",
    "onRetry",
    "onError",
    "journal",
];
const HOOKS: &[&str] = &["onRequest", "onResponse", "onRetry", "onError"];
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
];
const OF_WAIT: &[&str] = &["signal", "timeout", "onStatus", "headers"];

/// The options of a client.
pub fn settings(given: &JsValue) -> Result<Settings, Box<Failure>> {
    let mut reader = Reader::new(given, OF_CLIENT);
    let key = reader.key();
    let settings = Settings {
        headers: Headers::new(reader.headers(), &key),
        key,
        base_url: reader.base_url(),
        credentials: reader
            .option("credentials", Kind::Text, "should be a string")
            .map_or(JsValue::UNDEFINED, |text| text.0),
        fetch: reader.function("fetch"),
        limits: reader.limits(),
        budget: RefCell::default(),
        slots: Slots::new(reader.max_concurrent().map_or(f64::INFINITY, f64::from)),
        hooks: reader.hooks(),
    };
    reader.finish(settings)
}

/// The options of one call.
pub fn call_options(given: &JsValue, begun_at: f64) -> Result<CallOptions, Box<Failure>> {
    let begun_at = Some(begun_at);
    if given.is_undefined() {
        return Ok(CallOptions { begun_at, ..CallOptions::default() });
    }
    let mut reader = Reader::new(given, OF_CALL);
    let options = CallOptions {
        signal: reader.signal(),
        headers: reader.headers(),
        limits: reader.limits(),
        always_resend: reader.always_resend(),
        recover: reader.recover(),
        extra_body: reader.object("extraBody"),
        begun_at,
    };
    reader.finish(options)
}

/// The options of a wait.
pub struct WaitOptions {
    /// Of each look.
    pub call: CallOptions,
    /// Of the whole.
    pub timeout_ms: f64,
}

/// The options of a wait. `timeout` bounds the whole of it.
pub fn wait_options(given: &JsValue) -> Result<WaitOptions, Box<Failure>> {
    let mut reader = Reader::new(given, OF_WAIT);
    let call = CallOptions { signal: reader.signal(), headers: reader.headers(), ..CallOptions::default() };
    let timeout_ms = reader.milliseconds("timeout").unwrap_or(f64::INFINITY);
    // Called by the JavaScript in front, which hands the skills on.
    reader.function("onStatus");
    let options = WaitOptions { call, timeout_ms };
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

    fn hooks(&mut self) -> Hooks {
        let given: usize = HOOKS.iter().filter_map(|hook| self.function(hook)).count();
        Hooks::new(if given == 0 { JsValue::UNDEFINED } else { self.given.0.clone() })
    }

    /// `true`, or an object that the JavaScript in front completes with `turn` and `note`.
    fn recover(&mut self) -> Option<Recover> {
        let value = Json(property(&self.given.0, "recover"));
        match value.kind() {
            Kind::Absent | Kind::Null => None,
            Kind::Boolean => value.truth().unwrap_or_default().then(Recover::default),
            Kind::Object => {
                let mut recover = Recover { turn: property(&value.0, "turn"), ..Recover::default() };
                recover.note = method(&value.0, "note");
                recover.known =
                    value.get("known").map(|known| known.items().iter().filter_map(|id| id.text()).collect());
                match property(&value.0, "grace").as_f64() {
                    Some(grace_ms) if grace_ms >= 0.0 => recover.grace_ms = grace_ms,
                    None if property(&value.0, "grace").is_undefined() => {}
                    _ => self
                        .report(Cow::Borrowed("recover"), "its grace should be milliseconds, not negative"),
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
        let parsed = BaseUrl::parse(given.as_deref().unwrap_or(DEFAULT_BASE_URL));
        match parsed {
            Ok(base) if base.is_relative() && !engine::has_location() => {
                self.report(
                    Cow::Borrowed("baseUrl"),
                    "is relative, and there is no page for it to be relative to",
                );
                base
            }
            Ok(base) => base,
            Err(fault) => {
                self.report(Cow::Borrowed("baseUrl"), fault);
                BaseUrl::default()
            }
        }
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

/// Asks a key function, which may answer at once or with a promise.
fn ask(provider: &Function, reason: KeyReason) -> Result<JsValue, JsValue> {
    let why = Object::new();
    let reason = match reason {
        KeyReason::Needed => "needed",
        KeyReason::Rejected => "rejected",
    };
    set(&why, "reason", &reason.into());
    provider.call1(&JsValue::UNDEFINED, &why)
}

//! Reads JavaScript options. Their types and documentation are in `npm/src/options.ts`.

use std::borrow::Cow;

use browser_use_skills_core::engine::{
    CallOptions as CoreOptions, Event, KeyReason, Limits, Listener, Recover, WatchOptions,
};
use js_sys::{Function, Object};
use wasm_bindgen::{JsCast, JsValue};

use super::event::{event_listener, pending_listener};
use super::reader::Reader;
use crate::api::node::{Kind, Node};
use crate::client::browser::Browser;
use crate::client::key::KeySource;
use crate::client::{CallOptions, Config, Core};
use crate::error::Failure;
use crate::policy::url::DEFAULT_BASE_URL;
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
    "preload",
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
    "retry",
    "headers",
    "extraBody",
    "waitTimeout",
    "onStatus",
    "onCreated",
    "onEvent",
];
const OF_RECOVERY: &[&str] = &["grace", "tag", "deliver", "accept"];

/// Maximum number of concurrent calls while the plan is not known: that of the smallest plan.
const UNKNOWN_PLAN: u32 = 3;

/// Reads the options of a client. `journal` is the object that stores its journal.
pub fn core(given: &JsValue, journal: JsValue, on_pending: Option<Function>) -> Result<Core, Box<Failure>> {
    let mut reader = Reader::new(given, OF_CLIENT);
    let max_concurrent = "maxConcurrent";
    let follows_plan = reader.read(max_concurrent) == "plan";
    let config = Config {
        key: reader.key(),
        base_url: reader.text("baseUrl").unwrap_or_else(|| DEFAULT_BASE_URL.to_owned()),
        fetch: reader.function("fetch"),
        headers: reader.headers(),
        credentials: reader
            .option("credentials", Kind::String, "should be a string")
            .map_or(JsValue::UNDEFINED, |text| text.0),
        journal,
        limits: reader.limits(),
        max_concurrent: if follows_plan { Some(UNKNOWN_PLAN) } else { reader.count(max_concurrent) },
        shared_account: reader.bool("sharedAccount"),
        idempotency: reader.bool("idempotency").unwrap_or_default(),
        on_event: reader.listener(),
        on_pending: on_pending.map(pending_listener),
    };
    // Read by the constructor in npm/src/bridge.ts.
    reader.bool("preload");
    let core = config.into_core(&mut reader.faults);
    reader.finish(core)
}

/// Reads the options of a call, and its `extraBody`.
pub fn call_options(given: &JsValue, begun_at: f64) -> Result<(CallOptions, Option<JsValue>), Box<Failure>> {
    let begun_at = Some(begun_at);
    if given.is_undefined() {
        return Ok((CoreOptions { begun_at, ..CoreOptions::default() }, None));
    }
    let mut reader = Reader::new(given, OF_CALL);
    let options = CoreOptions { recover: reader.recover(), ..reader.call(begun_at) };
    let extra = reader.object("extraBody");
    reader.finish((options, extra))
}

/// Reads the listener of a call, even if other options are invalid.
pub fn listener(given: &JsValue) -> Option<Listener<Event>> {
    if given.is_undefined() {
        return None;
    }
    property(given, "onEvent").dyn_into().ok().map(event_listener)
}

/// Reads the options of a wait, which include those of each request.
pub fn watch_options(
    given: &JsValue,
    newer_than: Option<u32>,
    must_finish: bool,
    begun_at: f64,
) -> Result<WatchOptions<Browser>, Box<Failure>> {
    let mut reader = Reader::new(given, OF_WAIT);
    let call = reader.call(Some(begun_at));
    let timeout_ms = reader.number("waitTimeout");
    reader.faults.milliseconds("waitTimeout", timeout_ms);
    // The requests of a watch have no body.
    reader.object("extraBody");
    // Called by the JavaScript in `npm/`.
    reader.function("onStatus");
    reader.function("onCreated");
    reader.finish(WatchOptions { call, newer_than, timeout_ms, must_finish })
}

/// Reads the options of `resume`.
pub fn resume_options(given: &JsValue) -> Result<CallOptions, Box<Failure>> {
    let mut reader = Reader::new(given, &["signal", "totalTimeout", "grace", "deliver", "accept", "onEvent"]);
    let recover = Some(reader.recovery());
    let mut options = CoreOptions {
        signal: reader.signal(),
        recover,
        on_event: reader.listener(),
        ..CoreOptions::default()
    };
    options.limits.total_timeout_ms = reader.number("totalTimeout");
    reader.faults.limits(&options.limits);
    reader.finish(options)
}

impl Reader {
    fn call(&mut self, begun_at: Option<f64>) -> CallOptions {
        let options = CoreOptions {
            signal: self.signal(),
            headers: self.headers(),
            limits: self.limits(),
            always_resend: self.always_resend(),
            recover: None,
            on_event: self.listener(),
            must_be_fresh: false,
            begun_at,
        };
        self.faults.call(&options);
        options
    }

    fn limits(&mut self) -> Limits {
        Limits {
            timeout_ms: self.number("timeout"),
            total_timeout_ms: self.number("totalTimeout"),
            max_retries: self.count("maxRetries"),
            max_retry_after_ms: self.number("maxRetryAfter"),
        }
    }

    fn always_resend(&mut self) -> bool {
        match self.text("retry").as_deref() {
            None => false,
            Some("always") => true,
            Some(_) => {
                self.faults.report(Cow::Borrowed("retry"), "should be \"always\", or left out");
                false
            }
        }
    }

    fn listener(&mut self) -> Option<Listener<Event>> {
        self.function("onEvent").map(event_listener)
    }

    fn bool(&mut self, key: &'static str) -> Option<bool> {
        self.option(key, Kind::Boolean, "should be true or false")?.as_bool()
    }

    /// `true`, or an object.
    fn recover(&mut self) -> Option<Recover<Browser>> {
        let value = Json(self.read("recover"));
        match value.kind() {
            Kind::Absent | Kind::Null => None,
            Kind::Boolean => value.as_bool().unwrap_or_default().then(Recover::default),
            Kind::Object => {
                let mut inner = Reader::within("recover", &value.0, OF_RECOVERY);
                let recover = inner.recovery();
                self.faults.issues.append(&mut inner.faults.issues);
                Some(recover)
            }
            _ => {
                self.faults.report(Cow::Borrowed("recover"), "should be true, or an object");
                None
            }
        }
    }

    fn recovery(&mut self) -> Recover<Browser> {
        let default = Recover::<Browser>::default();
        let grace_ms = self.number("grace").unwrap_or(default.grace_ms);
        self.faults.grace(grace_ms);
        Recover {
            grace_ms,
            tag: self.text("tag"),
            deliver: self.function("deliver"),
            accept: self.function("accept"),
            batch: None,
        }
    }

    fn key(&mut self) -> KeySource {
        let value = property(&self.given.0, "apiKey");
        if value.is_undefined() || value.is_null() {
            return KeySource::None;
        }
        if value.is_string() {
            return KeySource::Fixed(value);
        }
        match value.dyn_into::<Function>() {
            Ok(provider) => KeySource::Provider(Box::new(move |reason| ask(&provider, reason))),
            Err(_) => {
                self.faults
                    .report(Cow::Borrowed("apiKey"), "should be a string or a function that returns one");
                KeySource::None
            }
        }
    }
}

/// Calls a key provider, which returns the key or a promise of it.
fn ask(provider: &Function, reason: KeyReason) -> Result<JsValue, JsValue> {
    let why = Object::new();
    let reason = match reason {
        KeyReason::Needed => "needed",
        KeyReason::Rejected => "rejected",
    };
    set(&why, "reason", &reason.into());
    provider.call1(&JsValue::UNDEFINED, &why)
}

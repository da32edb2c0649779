//! The engine's platform in a browser: `fetch`, timers, Web Locks, the caller's journal and callbacks.

use std::cell::RefCell;
use std::rc::Rc;

use browser_use_skills_core::engine::{
    Interrupted, KeyError, KeyReason, Platform, Request, Response, SendError, SharedState,
    UnacknowledgedLocks,
};
use js_sys::{Function, Object};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::AbortSignal;

use super::key::KeySource;
use crate::api::operation_spec::OperationSpec;
use crate::api::text::concat;
use crate::policy::header;
use crate::transport::json::{self, Json, set};
use crate::transport::{clock, fetch, id, inspect, lock, object, response, wait};

thread_local! {
    /// State shared by the clients of this script that use the same `fetch`. Another `fetch` may reach another server.
    static SHARED: RefCell<Vec<(JsValue, Rc<SharedState<Lock>>)>> = const { RefCell::new(Vec::new()) };
    static UNACKNOWLEDGED: UnacknowledgedLocks<Lock> = Rc::default();
}

/// Returns the state that the clients with this `fetch` share.
pub(crate) fn shared(fetch: Option<&Function>) -> Rc<SharedState<Lock>> {
    let fetch = fetch.map_or(JsValue::UNDEFINED, JsValue::from);
    SHARED.with_borrow_mut(|shared| {
        if let Some((_, local)) = shared.iter().find(|(known, _)| Object::is(known, &fetch)) {
            return Rc::clone(local);
        }
        shared.retain(|(_, local)| Rc::strong_count(local) > 1);
        let local = Rc::new(SharedState::new(UNACKNOWLEDGED.with(Rc::clone)));
        shared.push((fetch, Rc::clone(&local)));
        local
    })
}

/// The platform of one client.
pub(crate) struct Browser {
    pub key: KeySource,
    /// Whether the base URL is https or loopback, so that the key may be sent.
    pub is_private: bool,
    /// Whether the base URL is loopback, which needs no network.
    pub is_loopback: bool,
    /// Headers of every request, with the key if it is constant.
    pub headers: Headers,
    /// The `credentials` option of `fetch`; undefined for its default.
    pub credentials: JsValue,
    pub fetch: Option<Function>,
    /// State shared with other clients.
    pub local: Rc<SharedState<Lock>>,
    /// An object with `write(id, entry)` and `entries()`, or undefined.
    pub journal: JsValue,
}

/// The headers of every request: objects of names and values, validated.
pub(crate) struct Headers {
    plain: JsValue,
    keyed: JsValue,
}

impl Headers {
    /// `plain` is an object or undefined.
    pub fn new(plain: JsValue, key: &KeySource) -> Self {
        let keyed = match key {
            KeySource::Fixed(key) => with(&plain, header::KEY, key),
            KeySource::None | KeySource::Provider(_) => JsValue::UNDEFINED,
        };
        Self { plain, keyed }
    }

    /// Returns the headers with the key, which may be undefined.
    fn with_key(&self, key: &JsValue) -> JsValue {
        if key.is_undefined() {
            self.plain.clone()
        } else if self.keyed.is_undefined() {
            with(&self.plain, header::KEY, key)
        } else {
            self.keyed.clone()
        }
    }
}

fn with(headers: &JsValue, name: &str, value: &JsValue) -> JsValue {
    let all = Object::assign(&Object::new(), headers.unchecked_ref());
    set(&all, name, value);
    all.into()
}

/// A lock that is released when it is dropped.
pub(crate) struct Lock(JsValue);

impl Drop for Lock {
    fn drop(&mut self) {
        lock::release(&self.0);
    }
}

impl Browser {
    /// Calls a method of the journal and awaits its result.
    async fn journal(
        &self,
        method: &str,
        arguments: [&JsValue; 2],
        signal: Option<&AbortSignal>,
        milliseconds: f64,
    ) -> Result<JsValue, Interrupted<Json>> {
        let called = object::invoke(&self.journal, method, arguments[0], arguments[1]);
        let called = called.map_err(|thrown| Interrupted::Failed(Json(thrown)))?;
        let [value, ..] = wait::wait(&called, signal, milliseconds).await?.parts;
        Ok(value)
    }
}

impl Browser {
    /// Whether a request cannot succeed while the device is offline.
    const fn needs_network(&self) -> bool {
        self.fetch.is_none() && !self.is_loopback
    }
}

impl Platform for Browser {
    type Value = Json;
    type Signal = AbortSignal;
    type Lock = Lock;
    type Callback = Function;

    fn now_ms(&self) -> f64 {
        clock::now_ms()
    }

    fn epoch_ms(&self) -> f64 {
        clock::since_epoch_ms()
    }

    fn random(&self) -> f64 {
        js_sys::Math::random()
    }

    fn unique_id(&self) -> String {
        id::unique_id()
    }

    fn shared_state(&self) -> Rc<SharedState<Lock>> {
        Rc::clone(&self.local)
    }

    async fn pause(&self, signal: Option<&AbortSignal>, milliseconds: f64) -> Interrupted<Json> {
        wait::pause(signal, milliseconds).await.err().unwrap_or(Interrupted::TimedOut)
    }

    async fn pause_before_poll(
        &self,
        signal: Option<&AbortSignal>,
        milliseconds: f64,
        limit_ms: f64,
    ) -> Interrupted<Json> {
        let pause = wait::pause_before_poll(signal, milliseconds, limit_ms, self.needs_network());
        pause.await.err().unwrap_or(Interrupted::TimedOut)
    }

    fn key_may_change(&self) -> bool {
        matches!(self.key, KeySource::Provider(_))
    }

    async fn key(
        &self,
        spec: &'static OperationSpec,
        reason: KeyReason,
        signal: Option<&AbortSignal>,
        milliseconds: f64,
    ) -> Result<Json, KeyError<Json>> {
        if spec.needs_key {
            self.key.ask(self.is_private, reason, signal, milliseconds).await.map(Json)
        } else {
            Ok(Json(JsValue::UNDEFINED))
        }
    }

    fn is_offline(&self, spec: &'static OperationSpec) -> bool {
        self.needs_network() && fetch::is_offline(spec.method.as_str())
    }

    async fn send(
        &self,
        request: &Request<'_, Json>,
        signal: Option<&AbortSignal>,
        milliseconds: f64,
    ) -> Result<Response<Json>, SendError<Json>> {
        let is_download = request.spec.is_download();
        let mut headers =
            if is_download { JsValue::UNDEFINED } else { self.headers.with_key(&request.key.0) };
        if let Some(key) = request.idempotency_key {
            headers = with(&headers, header::IDEMPOTENCY_KEY, &key.into());
            if request.replay_only {
                headers = with(&headers, header::REPLAY_ONLY, &"?1".into());
            }
        }
        let credentials = if is_download { &JsValue::UNDEFINED } else { &self.credentials };
        let sent = fetch::send(request, &headers, credentials, self.fetch.as_ref(), signal, milliseconds);
        match sent.await {
            Ok(wait::Ended { is_response: true, parts: [status, headers, text] }) => {
                #[allow(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "a float cast saturates"
                )]
                let status = status.as_f64().unwrap_or_default() as u16;
                Ok(Response { status, headers: Json(headers), text: Json(text) })
            }
            Ok(wait::Ended { parts: [value, ..], .. }) => Err(SendError::NotAResponse(Json(value))),
            // A custom `fetch` may have sent the request before, and tell of its last attempt only.
            Err(Interrupted::Failed(cause)) if self.fetch.is_none() && fetch::never_connected(&cause.0) => {
                Err(SendError::NotSent(cause))
            }
            Err(interrupted) => Err(SendError::Interrupted(interrupted)),
        }
    }

    fn header(&self, response: &Response<Json>, name: &str) -> Option<String> {
        response::header(&response.headers.0, name)
    }

    fn redacted(&self, response: Response<Json>, key: &Json) -> Response<Json> {
        Response {
            status: response.status,
            headers: Json(response::headers_of(&response.headers.0, &key.0)),
            text: Json(response::without(&response.text.0, &key.0)),
        }
    }

    fn date_ms(&self, headers: &Json) -> Option<f64> {
        let date = clock::parse_date(&response::header(&headers.0, "date")?.into());
        Some(date).filter(|date| date.is_finite())
    }

    fn parse(&self, text: &Json) -> Result<Json, Json> {
        json::from_string(&text.0).map(Json).map_err(Json)
    }

    fn date_time_ms(&self, text: &Json) -> f64 {
        if text.0.is_string() { clock::parse_date(&text.0) } else { f64::NAN }
    }

    async fn invoke(&self, callback: &Function, argument: &Json) -> Result<Json, Json> {
        let called = callback.call1(&JsValue::UNDEFINED, &argument.0).map_err(Json)?;
        match wait::wait(&called, None, f64::INFINITY).await {
            Ok(wait::Ended { parts: [value, ..], .. }) => Ok(Json(value)),
            Err(Interrupted::Aborted(cause) | Interrupted::Failed(cause)) => Err(cause),
            Err(Interrupted::TimedOut) => Err(Json(JsValue::UNDEFINED)),
        }
    }

    async fn lock(
        &self,
        name: &str,
        signal: Option<&AbortSignal>,
        milliseconds: f64,
    ) -> Result<Lock, Interrupted<Json>> {
        let acquired = lock::lock(&concat(&["browser-use-skills/", name]), signal, milliseconds).await?;
        let [release, ..] = acquired.parts;
        Ok(Lock(release))
    }

    fn has_journal(&self) -> bool {
        !self.journal.is_undefined()
    }

    async fn journal_write(
        &self,
        id: &str,
        entry: Option<&Json>,
        signal: Option<&AbortSignal>,
        milliseconds: f64,
    ) -> Result<(), Interrupted<Json>> {
        let entry = entry.map_or(JsValue::UNDEFINED, |entry| entry.0.clone());
        self.journal("write", [&id.into(), &entry], signal, milliseconds).await.map(|_| ())
    }

    async fn journal_entries(
        &self,
        signal: Option<&AbortSignal>,
        milliseconds: f64,
    ) -> Result<Vec<Json>, Interrupted<Json>> {
        let nothing = [&JsValue::UNDEFINED, &JsValue::UNDEFINED];
        let entries = self.journal("entries", nothing, signal, milliseconds).await?;
        Ok(inspect::items_of(&entries).iter().map(Json).collect())
    }
}

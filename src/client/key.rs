//! Where the key comes from, and where it may go.

use wasm_bindgen::JsValue;
use web_sys::AbortSignal;

use super::request::place;
use super::settings::Settings;
use crate::api::operation::Row;
use crate::api::problem::ErrorCode;
use crate::api::text::joined;
use crate::call::header;
use crate::error::Failure;
use crate::transport::engine::{self, Stop};

/// Why the key is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyReason {
    /// A request is about to be sent.
    Needed,
    /// The server answered 401 to the last one: a key that was kept should be renewed.
    Rejected,
}

/// Where the key comes from.
pub(crate) enum KeySource {
    /// There is none: a proxy adds it, or it is not needed.
    None,
    /// Always the same, and checked.
    Fixed(JsValue),
    /// Asked for before every attempt: gives a string or the promise of one, or throws.
    Provider(Box<dyn Fn(KeyReason) -> Result<JsValue, JsValue>>),
}

/// Why there is no key to send.
pub(super) enum KeyFault {
    /// The wait for it was ended.
    Stopped(Stop),
    /// The source failed; it may work the next time.
    Unavailable(Box<Failure>),
    /// It cannot be sent, now or later.
    Unfit(Box<Failure>),
}

impl Settings {
    /// The key for an attempt; undefined if the operation needs none or there is none.
    pub(super) async fn key_for(
        &self,
        row: &Row,
        reason: KeyReason,
        signal: Option<&AbortSignal>,
        milliseconds: f64,
    ) -> Result<JsValue, KeyFault> {
        if !row.needs_key || matches!(self.key, KeySource::None) {
            return Ok(JsValue::UNDEFINED);
        }
        if !self.base_url.is_private() {
            return Err(unfit("baseUrl", "a key goes out over https or to this machine only"));
        }
        match &self.key {
            KeySource::None => Ok(JsValue::UNDEFINED),
            KeySource::Fixed(key) => Ok(key.clone()),
            KeySource::Provider(provide) => {
                let asked = match provide(reason) {
                    Ok(asked) => engine::wait(&asked, signal, milliseconds).await,
                    Err(thrown) => Err(Stop::Failed(thrown)),
                };
                let [key, ..] = asked
                    .map_err(|stop| match stop {
                        Stop::Failed(cause) => {
                            let failure =
                                Failure::new(ErrorCode::Authentication, "The apiKey function failed");
                            KeyFault::Unavailable(failure.with(|failure| failure.cause = cause))
                        }
                        stop => KeyFault::Stopped(stop),
                    })?
                    .parts;
                match header::key_fault(&key.as_string().unwrap_or_default()) {
                    Some(fault) => Err(unfit("apiKey", &joined(&["the key ", fault]))),
                    None => Ok(key),
                }
            }
        }
    }
}

fn unfit(name: &'static str, fault: &str) -> KeyFault {
    KeyFault::Unfit(Failure::invalid(vec![place("options", name, "value_error", fault.to_owned())]))
}

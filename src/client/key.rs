//! The API key: its source, and the rule where it may be sent.

use browser_use_skills_core::engine::{Interrupted, KeyError, KeyReason};
use wasm_bindgen::JsValue;
use web_sys::AbortSignal;

use crate::api::issue::Issue;
use crate::api::problem::ErrorCode;
use crate::api::text::concat;
use crate::error::{Failure, Json};
use crate::policy::header;
use crate::transport::wait;

/// Source of the key.
pub(crate) enum KeySource {
    /// None: a proxy adds the key, or none is needed.
    None,
    /// A constant key, validated.
    Fixed(JsValue),
    /// Called before every attempt. Returns a string or a promise of one, or throws.
    Provider(Box<dyn Fn(KeyReason) -> Result<JsValue, JsValue>>),
}

impl KeySource {
    /// Returns the key for an attempt; undefined if there is none.
    pub(super) async fn ask(
        &self,
        is_private: bool,
        reason: KeyReason,
        signal: Option<&AbortSignal>,
        milliseconds: f64,
    ) -> Result<JsValue, KeyError<Json>> {
        if !is_private && !matches!(self, Self::None) {
            return Err(invalid("baseUrl", "a key is sent over https or to this machine only"));
        }
        let provide = match self {
            Self::None => return Ok(JsValue::UNDEFINED),
            Self::Fixed(key) => return Ok(key.clone()),
            Self::Provider(provide) => provide,
        };
        let asked = match provide(reason) {
            Ok(asked) => wait::wait(&asked, signal, milliseconds).await,
            Err(thrown) => Err(Interrupted::Failed(Json(thrown))),
        };
        let [key, ..] = asked
            .map_err(|interrupted| match interrupted {
                Interrupted::Failed(cause) => {
                    let failure = Failure::new(ErrorCode::Authentication, "The apiKey function failed");
                    KeyError::Unavailable(failure.with(|failure| failure.cause = cause))
                }
                other => KeyError::Interrupted(other),
            })?
            .parts;
        match header::key_fault(&key.as_string().unwrap_or_default()) {
            Some(fault) => Err(invalid("apiKey", &concat(&["the key ", fault]))),
            None => Ok(key),
        }
    }
}

fn invalid(name: &'static str, fault: &str) -> KeyError<Json> {
    KeyError::Invalid(Failure::invalid(vec![Issue::at("options", name, fault.to_owned())]))
}

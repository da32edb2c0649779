//! Where the key comes from, and where it may go.

use std::future::Future;
use std::pin::Pin;

use wasm_bindgen::JsValue;

use super::request::place;
use super::settings::Settings;
use crate::api::operation::Row;
use crate::api::problem::ErrorCode;
use crate::call::header;
use crate::error::Failure;
use crate::transport::interrupt::{Interrupt, Stop};
use crate::transport::promise::promise;

/// A key that is still on its way.
pub type KeyFuture = Pin<Box<dyn Future<Output = Result<String, JsValue>>>>;

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
    /// Always the same.
    Fixed(String),
    /// Asked for before every attempt.
    Provider(Box<dyn Fn(KeyReason) -> KeyFuture>),
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
    /// The key for an attempt, if the operation needs one and there is one.
    pub(super) async fn key_for(
        &self,
        row: &Row,
        reason: KeyReason,
        interrupt: &Interrupt,
    ) -> Result<Option<String>, KeyFault> {
        if !row.needs_key {
            return Ok(None);
        }
        let key = match &self.key {
            KeySource::None => return Ok(None),
            KeySource::Fixed(key) => key.clone(),
            KeySource::Provider(provide) => {
                let provided = provide(reason);
                let promise = promise(async { provided.await.map(JsValue::from) });
                let key = interrupt.wait_for(&promise).await.map_err(|stop| match stop {
                    Stop::Failed(cause) => {
                        let failure = Failure::new(ErrorCode::Authentication, "The apiKey function failed");
                        KeyFault::Unavailable(failure.with(|failure| failure.cause = cause))
                    }
                    stop => KeyFault::Stopped(stop),
                })?;
                key.as_string().unwrap_or_default()
            }
        };
        let unfit = |name, fault: String| {
            Err(KeyFault::Unfit(Failure::invalid(vec![place("options", name, "value_error", fault)])))
        };
        if let Some(fault) = header::key_fault(&key) {
            return unfit("apiKey", ["the key ", fault].concat());
        }
        if !self.base_url.is_private() {
            return unfit("baseUrl", "a key goes out over https or to this machine only".to_owned());
        }
        Ok(Some(key))
    }
}

//! Errors of Rust callers.

use std::fmt;
use std::time::Duration;

use browser_use_skills_core::engine;
use uuid::Uuid;
use wasm_bindgen::JsValue;

use crate::api::error_code::ErrorCode;
use crate::api::execution::SkillExecutionView;
use crate::api::issue::Issue;
use crate::transport::json::property;

pub use browser_use_skills_core::engine::TimeLimit;

pub(crate) use crate::transport::json::Json;

/// The engine's error, with values of JavaScript.
pub(crate) type EngineError = engine::Error<Json>;
/// The engine's failure, with values of JavaScript.
pub(crate) type Failure = engine::Failure<Json>;

/// The error of a call. Never contains the key.
///
/// [`Error::code`] identifies the kind of error, as `code` does in JavaScript.
///
/// ```
/// use browser_use_skills::{Error, ErrorCode};
///
/// fn advice(error: &Error) -> String {
///     match error.code() {
///         None => "Cancelled.".to_owned(),
///         Some(ErrorCode::InsufficientCredits) => "Buy credits.".to_owned(),
///         Some(_) if error.is_retryable() => "Try again later.".to_owned(),
///         Some(_) => error.to_string(),
///     }
/// }
/// ```
pub struct Error(Box<Inner>);

struct Inner {
    error: EngineError,
    cause: Option<Cause>,
}

impl Error {
    pub(crate) fn new(error: impl Into<EngineError>) -> Self {
        let error = error.into();
        let cause = match &error {
            EngineError::Failed(failure) => defined(&failure.cause).cloned().map(Cause),
            EngineError::Aborted(_) => None,
        };
        Self(Box::new(Inner { error, cause }))
    }

    /// Marks the error of a call whose first request succeeded and must not be repeated.
    pub(crate) fn after_start(self, skill_id: Uuid) -> Self {
        Self::new(self.0.error.after_start(&skill_id.to_string()))
    }

    fn failure(&self) -> Option<&Failure> {
        self.0.error.failure()
    }

    /// The kind of error; `None` if the call was aborted.
    #[must_use]
    pub fn code(&self) -> Option<ErrorCode> {
        self.0.error.code()
    }

    /// Whether the signal of the call was aborted.
    #[must_use]
    pub fn is_aborted(&self) -> bool {
        self.abort_reason().is_some()
    }

    /// The reason of the signal, if the call was aborted.
    #[must_use]
    pub fn abort_reason(&self) -> Option<&JsValue> {
        match &self.0.error {
            EngineError::Aborted(reason) => Some(&reason.0),
            EngineError::Failed(_) => None,
        }
    }

    /// Whether a time limit ended the call: [`Error::time_limit`].
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.code() == Some(ErrorCode::Timeout)
    }

    /// The limit that a timeout exceeded.
    #[must_use]
    pub fn time_limit(&self) -> Option<TimeLimit> {
        self.failure()?.limit
    }

    /// The duration of a call that timed out.
    #[must_use]
    pub fn elapsed(&self) -> Option<Duration> {
        self.failure()?.elapsed_ms.map(duration)
    }

    /// Whether the same call may succeed later. False for an abort, if it would fail in the same way, and if it might be
    /// executed twice.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        self.0.error.is_retryable()
    }

    /// Whether the operation may have been executed although the call failed.
    #[must_use]
    pub fn maybe_executed(&self) -> bool {
        self.failure().is_some_and(|failure| failure.maybe_executed)
    }

    /// Identifies the call in events.
    #[must_use]
    pub fn call_id(&self) -> Option<u32> {
        self.failure()?.call_id
    }

    /// The operation of the call, such as `skills.execute`.
    #[must_use]
    pub fn operation(&self) -> Option<&'static str> {
        Some(self.failure()?.operation?.spec().name)
    }

    /// The HTTP status of the response, if one arrived.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.failure()?.status
    }

    /// The server's message, if it has one.
    #[must_use]
    pub fn detail(&self) -> Option<&str> {
        self.failure()?.detail.as_deref()
    }

    /// All violations of the request or the options.
    #[must_use]
    pub fn issues(&self) -> &[Issue] {
        self.failure().map_or(&[], |failure| &failure.issues)
    }

    /// The delay that the server asked for.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.failure()?.retry_after_ms.map(duration)
    }

    /// The path of the invalid part of a response body: `items[0].id`.
    #[must_use]
    pub fn path(&self) -> Option<&str> {
        self.failure()?.path.as_deref()
    }

    /// The number of requests sent.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.failure().map_or(0, |failure| failure.attempts)
    }

    /// The sum of the delays between the requests.
    #[must_use]
    pub fn total_delay(&self) -> Duration {
        self.failure().map_or(Duration::ZERO, |failure| duration(failure.total_delay_ms))
    }

    /// The skill whose generation was started before the call failed.
    #[must_use]
    pub fn skill_id(&self) -> Option<Uuid> {
        Uuid::parse_str(self.failure()?.skill_id.as_deref()?).ok()
    }

    /// The id of the execution, if known.
    #[must_use]
    pub fn execution_id(&self) -> Option<Uuid> {
        Uuid::parse_str(self.failure()?.execution_id.as_deref()?).ok()
    }

    /// The executions that may be the call's own, for [`ErrorCode::AmbiguousExecution`].
    #[must_use]
    pub fn candidates(&self) -> Vec<SkillExecutionView> {
        let candidates = self.failure().and_then(|failure| defined(&failure.candidates));
        candidates.and_then(|value| serde_wasm_bindgen::from_value(value.clone()).ok()).unwrap_or_default()
    }

    /// The body of the response: parsed if it is JSON. May repeat what was sent.
    #[must_use]
    pub fn body(&self) -> Option<&JsValue> {
        defined(&self.failure()?.body)
    }

    /// The body of the response as text. May repeat what was sent.
    #[must_use]
    pub fn text(&self) -> Option<String> {
        self.failure()?.text.0.as_string()
    }

    /// A header of the response that CORS exposes.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<String> {
        property(&self.failure()?.headers.0, &name.to_ascii_lowercase()).as_string()
    }

    /// The value that JavaScript threw, for example in `fetch`. [`std::error::Error::source`] has its message.
    #[must_use]
    pub fn cause(&self) -> Option<&JsValue> {
        self.0.cause.as_ref().map(|cause| &cause.0)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.error.fmt(formatter)
    }
}

// Without bodies, which may repeat what was sent.
impl fmt::Debug for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Error")
            .field("code", &self.code())
            .field("message", &self.to_string())
            .field("operation", &self.operation())
            .field("status", &self.status())
            .field("maybe_executed", &self.maybe_executed())
            .finish_non_exhaustive()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.cause.as_ref().map(|cause| cause as _)
    }
}

/// A value that JavaScript threw, as an error.
struct Cause(JsValue);

impl fmt::Display for Cause {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let message = property(&self.0, "message").as_string().or_else(|| self.0.as_string());
        formatter.write_str(message.as_deref().unwrap_or("JavaScript threw a value that is no error"))
    }
}

impl fmt::Debug for Cause {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl std::error::Error for Cause {}

fn defined(value: &Json) -> Option<&JsValue> {
    Some(&value.0).filter(|value| !value.is_undefined())
}

/// Converts milliseconds to a duration; infinity to the longest one.
pub(crate) fn duration(milliseconds: f64) -> Duration {
    Duration::try_from_secs_f64(milliseconds.max(0.0) / 1000.0).unwrap_or(Duration::MAX)
}

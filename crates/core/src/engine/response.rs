//! Decodes responses: to a value, or to an error.

use super::error::Failure;
use super::platform::{Platform, Response};
use super::value::Value;
use crate::api::node::{Kind, Node};
use crate::api::operation_spec::OperationSpec;
use crate::api::problem::{self, ErrorCode, Hints};
use crate::api::text::{concat, format_integer};
use crate::policy::retry::AttemptFailure;
use crate::policy::retry_delay;

/// Validates and returns the body of a successful response.
pub(super) fn decode<P: Platform>(
    platform: &P,
    spec: &OperationSpec,
    response: &Response<P::Value>,
) -> Result<P::Value, Box<Failure<P::Value>>> {
    if spec.is_download() {
        // The contract does not define the format of outputs. If one is not JSON, its text is returned.
        return Ok(platform.parse(&response.text).unwrap_or_else(|_| response.text.clone()));
    }
    let Some((field, kind)) = spec.reads else { return Ok(P::Value::default()) };
    let invalid = |message: &str, path: Option<String>, body: P::Value, cause: P::Value| {
        Failure::new(ErrorCode::Response, message).with(|failure| {
            failure.path = path;
            failure.body = body;
            failure.cause = cause;
            failure.set_response(response);
        })
    };
    let body = platform.parse(&response.text).map_err(|cause| {
        let message = "The response is not JSON";
        invalid(message, None, P::Value::default(), cause)
    })?;
    if body.kind() == Kind::Object && body.get(field).is_some_and(|value| value.kind() == kind) {
        return Ok(body);
    }
    let is_object = body.kind() == Kind::Object;
    let path = if is_object { field } else { "" };
    let message = concat(&[
        "Unexpected response: ",
        if is_object { field } else { "its body" },
        if is_object { " is missing or has the wrong type" } else { " is not an object" },
    ]);
    Err(invalid(&message, Some(path.to_owned()), body, P::Value::default()))
}

/// Maps an unsuccessful response to its error, and to whether a retry may help. The response must be redacted;
/// `headers` are those of the original.
pub(super) fn error_response<P: Platform>(
    platform: &P,
    spec: &OperationSpec,
    response: &Response<P::Value>,
    headers: &Headers,
) -> (AttemptFailure, Box<Failure<P::Value>>) {
    let body = platform.parse(&response.text).unwrap_or_default();
    let date_ms = |text: &str| platform.date_time_ms(&P::Value::from_string(text));
    let in_header = headers.retry_after.as_deref();
    let in_header =
        in_header.and_then(|text| retry_delay::retry_after_ms(text, platform.epoch_ms(), date_ms));
    let retry_after_ms = in_header.or_else(|| problem::retry_after_ms(&body));
    let hints = Hints { rate_limit_headers: headers.has_rate_limit };
    let code = problem::classify(spec, response.status, &body, hints);
    let detail = problem::detail(&body);
    let summary = detail.clone().unwrap_or_else(|| "The request failed".to_owned());
    let mut message = concat(&[summary.as_str(), " (HTTP ", &format_integer(response.status.into()), ")"]);
    let issues = if code == ErrorCode::Validation { problem::server_issues(&body) } else { Vec::new() };
    for issue in issues.iter().take(problem::ISSUES_IN_MESSAGE) {
        message = concat(&[message.as_str(), "; ", &issue.path(), ": ", &issue.msg]);
    }
    // A 409 with `Retry-After` means that the first request with the key is still running: a repeat gets its response.
    let is_running = response.status == 409 && in_header.is_some();
    if problem::says_maybe_executed(&body) && !is_running {
        let failure = Failure::new(code, &message).with(|failure| {
            failure.detail = detail;
            failure.body = body;
            failure.set_response(response);
        });
        return (AttemptFailure::NotRetryable, failure);
    }
    let outcome = AttemptFailure::ErrorResponse {
        status: response.status,
        retry_after_ms,
        sessions: code == ErrorCode::TooManyConcurrentActiveSessions,
    };
    let failure = Failure::new(code, &message).with(|failure| {
        failure.detail = detail;
        failure.issues = issues;
        failure.retry_after_ms = retry_after_ms;
        failure.body = body;
        failure.set_response(response);
    });
    (outcome, failure)
}

/// The evaluated headers of an unsuccessful response.
pub(super) struct Headers {
    retry_after: Option<String>,
    has_rate_limit: bool,
}

impl Headers {
    /// Reads the headers before the response is redacted.
    pub fn of<P: Platform>(platform: &P, response: &Response<P::Value>) -> Self {
        let retry_after = platform.header(response, "retry-after");
        let has = |name| platform.header(response, name).is_some();
        let has_rate_limit =
            retry_after.is_some() || has("x-ratelimit-limit") || has("x-ratelimit-remaining");
        Self { retry_after, has_rate_limit }
    }
}

impl<V: Value> Failure<V> {
    /// Adds status, text and headers of a response.
    fn set_response(&mut self, response: &Response<V>) {
        self.status = Some(response.status);
        self.text = response.text.clone();
        self.headers = response.headers.clone();
    }
}

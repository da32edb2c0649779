//! Maps an unsuccessful response to an error code.

use std::borrow::Cow;

use super::issue::{Issue, Loc};
use super::node::{Kind, Node};
use super::operation_spec::OperationSpec;

pub use super::error_code::ErrorCode;

/// Facts about an unsuccessful response besides its body.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hints {
    /// Whether it has headers of a rate limit: `Retry-After`, `X-RateLimit-…`.
    pub rate_limit_headers: bool,
}

/// Maps operation, status and body to an error code.
///
/// The contract declares one error for each operation and status. Three statuses have a second meaning, which only the
/// message shows: 403 may be about the key, 404 about the session of an execution, and 429 may come from the rate limiter
/// of the API.
#[must_use]
pub fn classify<N: Node>(spec: &OperationSpec, status: u16, body: &N, hints: Hints) -> ErrorCode {
    let declared = spec.declared_error(status);
    let text = detail(body).unwrap_or_default().to_ascii_lowercase();
    match status {
        401 => ErrorCode::Authentication,
        403 => declared
            .filter(|_| text.is_empty() || mentions(&text, "limit"))
            .unwrap_or(ErrorCode::Authentication),
        404 if declared == Some(ErrorCode::SkillNotFound) && mentions(&text, "session") => {
            ErrorCode::SessionNotFound
        }
        422 => ErrorCode::Validation,
        429 => {
            let sessions = mentions(&text, "concurrent") || mentions(&text, "session");
            let throttled = hints.rate_limit_headers || retry_after_ms(body).is_some();
            match declared {
                _ if sessions => ErrorCode::TooManyConcurrentActiveSessions,
                Some(code) if !throttled => code,
                _ => ErrorCode::RateLimit,
            }
        }
        402 => ErrorCode::InsufficientCredits,
        500..=599 => ErrorCode::Server,
        _ => declared.unwrap_or(ErrorCode::UnexpectedStatus),
    }
}

/// Whether a text contains a word. Smaller in the wasm than `str::contains`.
fn mentions(text: &str, word: &str) -> bool {
    text.as_bytes().windows(word.len()).any(|part| part == word.as_bytes())
}

/// The server's error message.
#[must_use]
pub fn detail<N: Node>(body: &N) -> Option<String> {
    object(body)?.get("detail")?.as_string()
}

/// The delay in the body of a rate limit, in milliseconds. The body has it in seconds.
#[must_use]
pub fn retry_after_ms<N: Node>(body: &N) -> Option<f64> {
    object(body)?
        .get("retry_after_seconds")?
        .as_f64()
        .map(|seconds| seconds * 1000.0)
        .filter(|delay_ms| delay_ms.is_finite() && *delay_ms >= 0.0)
}

/// Maximum number of issues in an error's message. `issues` has all.
pub const ISSUES_IN_MESSAGE: usize = 10;
/// Maximum number of issues read from a response.
const ISSUE_LIMIT: usize = 1_000;

/// Whether the proxy of this package responds that the request of an idempotency key may have been executed.
#[must_use]
pub fn says_maybe_executed<N: Node>(body: &N) -> bool {
    object(body).and_then(|body| body.get("maybeExecuted")?.as_bool()) == Some(true)
}

/// The issues of a 422: those of the list in `detail`, or the body itself, as two operations on sessions declare. Omits
/// `input`, a copy of the request, which may contain cookies.
#[must_use]
pub fn server_issues<N: Node>(body: &N) -> Vec<Issue> {
    let Some(body) = object(body) else { return Vec::new() };
    let mut issues = Vec::new();
    match body.get("detail") {
        Some(list) if list.kind() == Kind::Array => {
            for item in list.items().iter().take(ISSUE_LIMIT) {
                issues.extend(object(item).map(server_issue));
            }
        }
        _ if body.get("loc").is_some() => issues.push(server_issue(body)),
        _ => {}
    }
    issues
}

fn server_issue<N: Node>(item: &N) -> Issue {
    let text = |key| Cow::Owned(item.get(key).and_then(|value| value.as_string()).unwrap_or_default());
    let steps =
        item.get("loc").filter(|loc| loc.kind() == Kind::Array).map(|loc| loc.items()).unwrap_or_default();
    let mut loc = Vec::new();
    for step in steps {
        loc.extend(match step.as_f64() {
            #[allow(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a float cast saturates"
            )]
            Some(index) => Some(Loc::Index(index as u32)),
            None => step.as_string().map(|key| Loc::Key(Cow::Owned(key))),
        });
    }
    Issue { loc, msg: text("msg"), kind: text("type"), limit: None }
}

fn object<N: Node>(value: &N) -> Option<&N> {
    (value.kind() == Kind::Object).then_some(value)
}

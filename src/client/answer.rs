//! From an answer to a value, or to the error that it means.

use wasm_bindgen::JsValue;

use crate::api::check::{self, Rules};
use crate::api::operation::Row;
use crate::api::problem::{self, ErrorCode, Hints};
use crate::api::text::{decimal, joined};
use crate::call::attempt::Outcome;
use crate::call::retry;
use crate::error::Failure;
use crate::transport::clock;
use crate::transport::fetch::Answer;
use crate::transport::json::{self, Json, property};

/// The answer of an operation that went well, checked but untouched.
pub fn decode(row: &Row, answer: &Answer) -> Result<JsValue, Box<Failure>> {
    if row.is_download() {
        // Nothing is promised of a file: should it be no JSON, its text is what there is.
        return Ok(json::from_text(&answer.text).unwrap_or_else(|_| answer.text.clone()));
    }
    let Some(model) = row.answer else { return Ok(JsValue::UNDEFINED) };
    let fault = |message: &str, path: Option<String>, body: JsValue, cause: JsValue| {
        Failure::new(ErrorCode::Response, message).with(|failure| {
            failure.path = path;
            failure.body = body;
            failure.cause = cause;
            failure.came_with(answer);
        })
    };
    let body = json::from_text(&answer.text).map_err(|cause| {
        let message = "The answer is not the JSON that the contract promises";
        fault(message, None, JsValue::UNDEFINED, cause)
    })?;
    match check::issues(&Json(body.clone()), model, "body", Rules::Answer).first() {
        None => Ok(body),
        Some(issue) => {
            let path = issue.path();
            let message =
                joined(&["The answer is not what the contract promises: ", &path, ": ", &issue.msg]);
            Err(fault(&message, Some(path), body, JsValue::UNDEFINED))
        }
    }
}

/// What an answer that is no success means, and whether another attempt may help. It is one for the eyes of a caller.
pub fn refusal(row: &Row, answer: &Answer) -> (Outcome, Box<Failure>) {
    let body = json::from_text(&answer.text).unwrap_or(JsValue::UNDEFINED);
    let node = Json(body.clone());
    let header = |name| property(&answer.headers, name).as_string();
    let retry_after = header("retry-after")
        .and_then(|text| retry::retry_after(&text, clock::since_epoch_ms()))
        .or_else(|| problem::retry_after_seconds(&node));
    let hints = Hints {
        rate_limit_headers: ["retry-after", "x-ratelimit-limit", "x-ratelimit-remaining"]
            .into_iter()
            .any(|name| header(name).is_some()),
    };
    let code = problem::classify(row, answer.status, &node, hints);
    let detail = problem::detail(&node);
    let words = detail.clone().unwrap_or_else(|| "The server refused".to_owned());
    let mut message = joined(&[words.as_str(), " (HTTP ", &decimal(answer.status.into()), ")"]);
    let issues = if code == ErrorCode::Validation { problem::server_issues(&node) } else { Vec::new() };
    for issue in &issues {
        message = joined(&[message.as_str(), "; ", &issue.path(), ": ", &issue.msg]);
    }
    let outcome = Outcome::Refused {
        status: answer.status,
        retry_after_ms: retry_after.map(|seconds| seconds * 1000.0),
        sessions: code == ErrorCode::TooManyConcurrentActiveSessions,
    };
    let failure = Failure::new(code, &message).with(|failure| {
        failure.detail = detail;
        failure.issues = issues;
        failure.retry_after = retry_after;
        failure.body = body;
        failure.came_with(answer);
    });
    (outcome, failure)
}

impl Failure {
    /// Keeps what an answer tells about itself.
    fn came_with(&mut self, answer: &Answer) {
        self.status = Some(answer.status);
        self.text = answer.text.clone();
        self.headers = answer.headers.clone();
    }
}

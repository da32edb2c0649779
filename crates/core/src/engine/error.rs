//! Errors of calls.

use std::fmt;

use super::value::{Interrupted, Value};
use crate::api::issue::Issue;
use crate::api::operation::Operation;
use crate::api::problem::ErrorCode;

/// Why a call failed.
#[derive(Debug)]
pub enum Error<V> {
    /// The caller's signal was aborted, with this reason.
    Aborted(V),
    /// The call failed.
    Failed(Box<Failure<V>>),
}

/// Details of a failed call. Never contains the key.
#[derive(Debug)]
#[non_exhaustive]
pub struct Failure<V> {
    /// Error code.
    pub code: ErrorCode,
    /// Error message.
    pub message: String,
    /// Identifies the call in events.
    pub call_id: Option<u32>,
    /// The called operation.
    pub operation: Option<Operation>,
    /// HTTP status of the response, if one arrived.
    pub status: Option<u16>,
    /// Error message of the server, if it sent one.
    pub detail: Option<String>,
    /// Validation errors of the request.
    pub issues: Vec<Issue>,
    /// Delay requested by the server, in milliseconds.
    pub retry_after_ms: Option<f64>,
    /// For a response that violates the contract: path of the invalid field.
    pub path: Option<String>,
    /// Whether the request may have been executed although no response confirms it.
    pub maybe_executed: bool,
    /// Whether a retry may succeed. False if it would fail again, or might execute twice.
    pub retryable: bool,
    /// Number of requests sent.
    pub attempts: u32,
    /// Total delay between the attempts, in milliseconds.
    pub total_delay_ms: f64,
    /// For a timeout: the limit that was exceeded.
    pub limit: Option<TimeLimit>,
    /// For a timeout: elapsed time, in milliseconds.
    pub elapsed_ms: Option<f64>,
    /// The skill, if it is not an argument of the call.
    pub skill_id: Option<String>,
    /// The execution, if it is identified.
    pub execution_id: Option<String>,
    /// For an ambiguous execution: an array of the possible executions.
    pub candidates: V,
    /// The response body, parsed if it is JSON.
    pub body: V,
    /// The response body as text.
    pub text: V,
    /// Response headers that CORS exposes: an object with lower-case names.
    pub headers: V,
    /// The JavaScript exception that caused the failure.
    pub cause: V,
}

/// A time limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeLimit {
    /// `timeout`: limits one attempt.
    Attempt,
    /// `totalTimeout`: limits the call, including all attempts and delays.
    Total,
    /// `waitTimeout`: limits the wait for a generation, or for an execution whose response was lost.
    Wait,
}

impl<V: Value> Failure<V> {
    /// Creates a failure without details. Boxed at once: moving all these fields through the states of a future costs
    /// more than the allocation.
    #[must_use]
    pub fn new(code: ErrorCode, message: &str) -> Box<Self> {
        Box::new(Self {
            code,
            message: message.to_owned(),
            call_id: None,
            operation: None,
            status: None,
            detail: None,
            issues: Vec::new(),
            retry_after_ms: None,
            path: None,
            maybe_executed: false,
            retryable: false,
            attempts: 0,
            total_delay_ms: 0.0,
            limit: None,
            elapsed_ms: None,
            skill_id: None,
            execution_id: None,
            candidates: V::default(),
            body: V::default(),
            text: V::default(),
            headers: V::default(),
            cause: V::default(),
        })
    }

    /// Changes the details.
    #[must_use]
    pub fn with(mut self: Box<Self>, change: impl FnOnce(&mut Self)) -> Box<Self> {
        change(&mut self);
        self
    }

    /// Creates the failure of an invalid request, which is never sent.
    #[must_use]
    pub fn invalid(issues: Vec<Issue>) -> Box<Self> {
        let mut message = String::from("Invalid request");
        for (index, issue) in issues.iter().enumerate() {
            message.push_str(if index == 0 { ": " } else { "; " });
            message.push_str(&issue.path());
            message.push_str(": ");
            message.push_str(&issue.msg);
        }
        Self::new(ErrorCode::InvalidRequest, &message).with(|failure| failure.issues = issues)
    }
}

impl<V> From<Box<Failure<V>>> for Error<V> {
    fn from(failure: Box<Failure<V>>) -> Self {
        Self::Failed(failure)
    }
}

impl<V> Error<V> {
    /// The error code; `None` for an abort.
    #[must_use]
    pub fn code(&self) -> Option<ErrorCode> {
        self.failure().map(|failure| failure.code)
    }

    /// Whether a retry may succeed. False for an abort, if the call would fail again, or if it might execute twice.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        self.failure().is_some_and(|failure| failure.retryable)
    }

    /// Marks the error as one of a call whose first part has been executed for this skill and must not be repeated.
    #[must_use]
    pub fn after_start(mut self, skill_id: &str) -> Self {
        if let Self::Failed(failure) = &mut self {
            failure.retryable = false;
            failure.maybe_executed = true;
            failure.skill_id = Some(skill_id.to_owned());
        }
        self
    }

    /// The details; `None` for an abort.
    #[must_use]
    pub fn failure(&self) -> Option<&Failure<V>> {
        match self {
            Self::Aborted(_) => None,
            Self::Failed(failure) => Some(failure),
        }
    }
}

impl<V> fmt::Display for Error<V> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Aborted(_) => formatter.write_str("aborted"),
            Self::Failed(failure) => formatter.write_str(&failure.message),
        }
    }
}

impl<V: fmt::Debug> std::error::Error for Error<V> {}

impl<V: Value> From<Interrupted<V>> for Error<V> {
    fn from(interrupted: Interrupted<V>) -> Self {
        match interrupted {
            Interrupted::Aborted(reason) => Self::Aborted(reason),
            // `Times` and `Watch` create the error of an exceeded limit themselves, because they know which limit it
            // is.
            Interrupted::TimedOut => Failure::new(ErrorCode::Timeout, "Timed out")
                .with(|failure| {
                    failure.limit = Some(TimeLimit::Total);
                    failure.elapsed_ms = Some(0.0);
                })
                .into(),
            Interrupted::Failed(cause) => Failure::new(ErrorCode::Internal, "A promise was rejected")
                .with(|failure| failure.cause = cause)
                .into(),
        }
    }
}

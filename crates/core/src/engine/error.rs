//! What a call can end in besides its response.

use std::fmt;

use super::value::{Interrupted, Value};
use crate::api::check::Issue;
use crate::api::operation::Operation;
use crate::api::problem::ErrorCode;

/// Why a call has no answer.
#[derive(Debug)]
pub enum Error<V> {
    /// The caller's signal was aborted; this is its reason.
    Aborted(V),
    /// Anything else.
    Failed(Box<Failure<V>>),
}

/// What went wrong, and all that is known about it. Never holds the key.
#[derive(Debug)]
#[non_exhaustive]
pub struct Failure<V> {
    /// What went wrong, by name.
    pub code: ErrorCode,
    /// The same in words.
    pub message: String,
    /// Identifies the call in events.
    pub call_id: Option<u32>,
    /// The operation that was called.
    pub operation: Option<Operation>,
    /// The status of the answer, if one came.
    pub status: Option<u16>,
    /// The server's own words, if it had any.
    pub detail: Option<String>,
    /// Everything that is wrong with the request.
    pub issues: Vec<Issue>,
    /// The delay that the server asked for, in milliseconds.
    pub retry_after_ms: Option<f64>,
    /// For an answer that is not what the contract says: where it is not.
    pub path: Option<String>,
    /// For a call without an answer: whether it may have been carried out all the same.
    pub maybe_executed: bool,
    /// Whether the same call may succeed later. False if it would fail in the same way, or might be carried out twice.
    pub retryable: bool,
    /// How many requests were sent.
    pub attempts: u32,
    /// How long was waited between them, in milliseconds.
    pub total_delay_ms: f64,
    /// For a timeout: which limit it was.
    pub limit: Option<TimeLimit>,
    /// For a timeout: after how many milliseconds.
    pub elapsed_ms: Option<f64>,
    /// The skill that it is about, where that is not what the caller named.
    pub skill_id: Option<String>,
    /// The execution that it is about, if it is known which one that is.
    pub execution_id: Option<String>,
    /// For an ambiguous execution: the executions that it may be, an array.
    pub candidates: V,
    /// The answer's body, parsed if it is JSON.
    pub body: V,
    /// The answer's text as it came.
    pub text: V,
    /// The answer's headers, as far as the server lets a page see them: an object, names in lower case.
    pub headers: V,
    /// What JavaScript threw.
    pub cause: V,
}

/// A limit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeLimit {
    /// `timeout`, which bounds one attempt.
    Attempt,
    /// `totalTimeout`, which bounds the call with all its attempts and delays.
    Total,
    /// `waitTimeout`, which bounds the wait for a generation, or for an execution whose response was original.
    Wait,
}

impl<V: Value> Failure<V> {
    /// A failure of which nothing but this is known. Boxed from the beginning: moving all these fields through the states of
    /// a future costs more than the allocation.
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

    /// The same with more known about it.
    #[must_use]
    pub fn with(mut self: Box<Self>, change: impl FnOnce(&mut Self)) -> Box<Self> {
        change(&mut self);
        self
    }

    /// A request that is refused before it is sent.
    #[must_use]
    pub fn invalid(issues: Vec<Issue>) -> Box<Self> {
        let mut message = String::from("Refused before sending");
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
    /// What went wrong, by name; nothing for an abort.
    #[must_use]
    pub fn code(&self) -> Option<ErrorCode> {
        self.failure().map(|failure| failure.code)
    }

    /// Whether the same call may succeed later. False for an abort, if it would fail in the same way, and if it might be
    /// carried out twice.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        self.failure().is_some_and(|failure| failure.retryable)
    }

    /// The same for a call whose first part was carried out, and must not be repeated, for this skill.
    #[must_use]
    pub fn after_start(mut self, skill_id: &str) -> Self {
        if let Self::Failed(failure) = &mut self {
            failure.retryable = false;
            failure.maybe_executed = true;
            failure.skill_id = Some(skill_id.to_owned());
        }
        self
    }

    /// What is known about it; nothing for an abort.
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
            // Where a limit ends a wait, `Times` or `Watch` make the error, which says which one.
            Interrupted::TimedOut => Failure::new(ErrorCode::Timeout, "The time was up")
                .with(|failure| {
                    failure.limit = Some(TimeLimit::Total);
                    failure.elapsed_ms = Some(0.0);
                })
                .into(),
            Interrupted::Failed(cause) => Failure::new(ErrorCode::Internal, "A promise failed")
                .with(|failure| failure.cause = cause)
                .into(),
        }
    }
}

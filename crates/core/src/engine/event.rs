//! Events of calls, and the listeners that receive them.

use std::fmt;
use std::rc::Rc;
use std::time::Duration;

use crate::api::error_code::ErrorCode;

/// An event of a call. Never contains the key or request data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Event {
    /// Identifies the call among those of its client.
    pub call_id: u32,
    /// The operation of the call: `skills.execute`.
    pub operation: &'static str,
    /// What happened.
    pub kind: EventKind,
}

/// What happened. The first event of a call is `CallStarted`, the last one `CallSucceeded` or `CallFailed`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EventKind {
    /// The call started. Its input is validated before anything is sent.
    CallStarted,
    /// The call is queued, because of `max_concurrent` or a 429 for too many sessions.
    WaitingForSlot {
        /// Number of queued calls, including this one.
        waiting: u32,
        /// Number of running calls.
        running: u32,
    },
    /// A request is about to be sent.
    RequestSent {
        /// Number of the attempt, starting at 1.
        attempt: u32,
    },
    /// A complete response was received.
    ResponseReceived {
        /// Number of the attempt, starting at 1.
        attempt: u32,
        /// HTTP status, including error statuses.
        status: u16,
        /// Time from the request to the last byte of the response.
        duration: Duration,
    },
    /// An attempt failed and will be retried.
    RetryPlanned {
        /// Number of the failed attempt, starting at 1.
        attempt: u32,
        /// HTTP status of the response, if one arrived.
        status: Option<u16>,
        /// Error code of the failed attempt.
        code: ErrorCode,
        /// Delay before the next attempt.
        delay: Duration,
    },
    /// The response of an execution was original. The call searches for the execution and waits until it has ended.
    RecoveryStarted {
        /// Number of requests sent.
        attempts: u32,
        /// Error code of the last attempt.
        code: ErrorCode,
    },
    /// The call succeeded.
    CallSucceeded {
        /// Number of requests sent.
        attempts: u32,
        /// HTTP status of the response.
        status: u16,
        /// Duration of the whole call.
        duration: Duration,
    },
    /// The call failed.
    CallFailed {
        /// Number of requests sent.
        attempts: u32,
        /// HTTP status of the last response, if one arrived.
        status: Option<u16>,
        /// The error's code; `None` if the caller's signal was aborted.
        code: Option<ErrorCode>,
        /// Duration of the whole call.
        duration: Duration,
    },
}

/// A function that receives notifications.
pub struct Listener<T>(Rc<dyn Fn(&T)>);

impl<T> Listener<T> {
    /// Wraps a function.
    pub fn new(function: impl Fn(&T) + 'static) -> Self {
        Self(Rc::new(function))
    }

    /// Calls the function.
    pub fn call(&self, argument: &T) {
        (self.0)(argument);
    }
}

impl<T> Clone for Listener<T> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<T> fmt::Debug for Listener<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Listener")
    }
}

/// Converts milliseconds to a duration, rounded down to microseconds. Negative values and NaN become zero.
pub(super) fn duration(milliseconds: f64) -> Duration {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float cast saturates")]
    Duration::from_micros((milliseconds * 1000.0) as u64)
}

//! Time limits of a call, on a clock that throttled timers cannot slow down.

use super::error::{Error, Failure, TimeLimit};
use super::options::Limits;
use super::platform::Platform;
use super::value::Interrupted;
use crate::api::operation_spec::OperationSpec;
use crate::api::problem::ErrorCode;
use crate::api::text::{concat, format_milliseconds};

/// Start of a call, and limits of the call and its attempts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Times {
    pub started_ms: f64,
    pub deadline_ms: f64,
    attempt_ms: f64,
}

impl Times {
    pub fn new<P: Platform>(
        platform: &P,
        spec: &OperationSpec,
        limits: Limits,
        begun_at: Option<f64>,
    ) -> Self {
        let started_ms = begun_at.unwrap_or_else(|| platform.now_ms());
        Self {
            started_ms,
            attempt_ms: limits.timeout_ms.unwrap_or_else(|| f64::from(spec.timeout_ms)),
            deadline_ms: started_ms + limits.total_timeout_ms.unwrap_or(f64::INFINITY),
        }
    }

    /// Remaining time of the call.
    pub fn left_ms(&self, now_ms: f64) -> f64 {
        (self.deadline_ms - now_ms).max(0.0)
    }

    /// The limit of the next attempt, and its duration in milliseconds.
    pub fn next(&self, now_ms: f64) -> (TimeLimit, f64) {
        let left = self.left_ms(now_ms);
        if left < self.attempt_ms { (TimeLimit::Total, left) } else { (TimeLimit::Attempt, self.attempt_ms) }
    }

    /// Converts an interrupted wait to the call's error.
    pub fn interrupted<P: Platform>(
        &self,
        platform: &P,
        interrupted: Interrupted<P::Value>,
    ) -> Error<P::Value> {
        match interrupted {
            Interrupted::TimedOut => self.timeout_failure(platform, TimeLimit::Total).into(),
            other => other.into(),
        }
    }

    /// Creates the failure for an exceeded limit.
    pub fn timeout_failure<P: Platform>(&self, platform: &P, limit: TimeLimit) -> Box<Failure<P::Value>> {
        let elapsed_ms = match limit {
            TimeLimit::Attempt => self.attempt_ms,
            TimeLimit::Total | TimeLimit::Wait => platform.now_ms() - self.started_ms,
        };
        let message = match limit {
            TimeLimit::Attempt => concat(&[
                "No complete response within ",
                &format_milliseconds(self.attempt_ms),
                " ms (timeout)",
            ]),
            TimeLimit::Total | TimeLimit::Wait => {
                let total = format_milliseconds(self.deadline_ms - self.started_ms);
                concat(&["No success within ", &total, " ms (totalTimeout)"])
            }
        };
        Failure::new(ErrorCode::Timeout, &message).with(|failure| {
            // The default: nothing is sent while a call waits for a slot or a lock.
            failure.retryable = true;
            failure.limit = Some(limit);
            failure.elapsed_ms = Some(elapsed_ms);
        })
    }
}

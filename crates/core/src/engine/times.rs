//! The time limits of one call, by a clock that throttled timers cannot slow down.

use super::error::{Error, Failure, TimeLimit};
use super::options::Limits;
use super::platform::Platform;
use super::value::Interrupted;
use crate::api::operation::OperationSpec;
use crate::api::problem::ErrorCode;
use crate::api::text::{concat, format_milliseconds};

/// When a call began, and how long it and each of its attempts may take.
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

    /// What is left of the whole call at a time.
    pub fn left_ms(&self, now_ms: f64) -> f64 {
        (self.deadline_ms - now_ms).max(0.0)
    }

    /// What bounds the next attempt, and to how many milliseconds.
    pub fn next(&self, now_ms: f64) -> (TimeLimit, f64) {
        let left = self.left_ms(now_ms);
        if left < self.attempt_ms { (TimeLimit::Total, left) } else { (TimeLimit::Attempt, self.attempt_ms) }
    }

    /// The error of a wait within the call that ended without its value.
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

    /// The failure of a limit that has run out.
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
            // Until more is known: while a call waits for a slot or a lock, nothing has been sent.
            failure.retryable = true;
            failure.limit = Some(limit);
            failure.elapsed_ms = Some(elapsed_ms);
        })
    }
}

//! The time limits of one call, by a clock that throttled timers cannot slow down.

use wasm_bindgen::JsValue;

use super::call::stopped;
use super::request::whole;
use super::settings::{CallOptions, Limits};
use crate::api::operation::Row;
use crate::api::problem::ErrorCode;
use crate::api::text::joined;
use crate::error::{Error, Failure, TimeLimit};
use crate::transport::clock;
use crate::transport::engine::{self, Stop};

/// When a call began, and how long it and each of its attempts may take.
pub(super) struct Times {
    pub started_ms: f64,
    pub deadline_ms: f64,
    attempt_ms: f64,
}

impl Times {
    pub fn new(row: &Row, limits: Limits, begun_at: Option<f64>) -> Self {
        let started_ms = begun_at.unwrap_or_else(clock::now_ms);
        Self {
            started_ms,
            attempt_ms: limits.timeout_ms.unwrap_or_else(|| f64::from(row.timeout_ms)),
            deadline_ms: started_ms + limits.total_timeout_ms.unwrap_or(f64::INFINITY),
        }
    }

    pub fn elapsed_ms(&self) -> f64 {
        clock::now_ms() - self.started_ms
    }

    pub fn left_ms(&self) -> f64 {
        (self.deadline_ms - clock::now_ms()).max(0.0)
    }

    /// What bounds the next attempt, and to how many milliseconds.
    pub fn next(&self) -> (TimeLimit, f64) {
        let left = self.left_ms();
        if left < self.attempt_ms { (TimeLimit::Total, left) } else { (TimeLimit::Attempt, self.attempt_ms) }
    }

    /// Waits for a promise, unless the caller's signal or the time of the whole call ends it.
    pub async fn wait_for(&self, promise: &JsValue, options: &CallOptions) -> Result<(), Error> {
        match engine::wait(promise, options.signal.as_ref(), self.left_ms()).await {
            Ok(_) => Ok(()),
            Err(Stop::TimedOut) => Err(self.ran_out(TimeLimit::Total).into()),
            Err(stop) => Err(stopped(stop)),
        }
    }

    /// The failure of a limit that has run out.
    pub fn ran_out(&self, limit: TimeLimit) -> Box<Failure> {
        let elapsed_ms = match limit {
            TimeLimit::Attempt => self.attempt_ms,
            TimeLimit::Total => self.elapsed_ms(),
        };
        let message = match limit {
            TimeLimit::Attempt => {
                joined(&["No complete answer within ", &whole(self.attempt_ms), " ms (timeout)"])
            }
            TimeLimit::Total => {
                let total = whole(self.deadline_ms - self.started_ms);
                joined(&["No success within ", &total, " ms (totalTimeout)"])
            }
        };
        Failure::new(ErrorCode::Timeout, &message).with(|failure| {
            // Until more is known: while a call waits for its turn, nothing has been sent.
            failure.retryable = true;
            failure.limit = Some(limit);
            failure.elapsed_ms = Some(elapsed_ms);
        })
    }
}

//! Decides about retries. An operation that costs credits is retried only if the last attempt was not sent or its
//! response proves that nothing was executed.

use super::budget::RetryBudget;
use super::retry_delay;

/// Statuses after which a request that is safe to resend is retried. `npm/src/wasm/` also retries loading the
/// WebAssembly after these.
pub const TRANSIENT_STATUSES: [u16; 7] = [408, 425, 429, 500, 502, 503, 504];

/// Factor of the delay before a retry that recovers a stored response.
const RECOVERY_FACTOR: f64 = 0.1;

/// Limits and conditions of retries.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RetryPolicy {
    /// Maximum number of retries.
    pub max_retries: u32,
    /// Whether a repeat has no further effect, or the caller accepts that.
    pub safe_to_resend: bool,
    /// Whether a retry recovers a lost response by an idempotency key. Then the retry budget does not apply.
    pub is_recovery: bool,
    /// Whether 404 is a success after a lost response: for deletions.
    pub not_found_is_success: bool,
    /// Whether a rejected key can be replaced by another one.
    pub key_may_change: bool,
    /// Maximum `Retry-After`, in milliseconds.
    pub max_retry_after_ms: f64,
    /// End of `totalTimeout`, on the clock of `now_ms`. Infinite for none.
    pub deadline_ms: f64,
}

/// Failure of an attempt.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum AttemptFailure {
    /// A response with an error status.
    ErrorResponse {
        /// HTTP status.
        status: u16,
        /// Delay requested by the server, in milliseconds.
        retry_after_ms: Option<f64>,
        /// Whether too many sessions are active.
        sessions: bool,
    },
    /// No complete response. The server may have executed the request.
    NoResponse,
    /// The request was not sent.
    NotSent,
    /// A retry cannot help: for example, the response violates the contract.
    NotRetryable,
}

/// What to do after a failed attempt.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum RetryDecision {
    /// Retry after this delay, in milliseconds.
    RetryAfter(f64),
    /// Request another key and retry at once.
    RetryWithNewKey,
    /// The operation has succeeded before.
    Done,
    /// Return the failure to the caller.
    GiveUp,
}

/// State of a call's retries.
#[derive(Clone, Debug)]
pub struct RetryState {
    policy: RetryPolicy,
    attempts: u32,
    retries: u32,
    delay_ms: f64,
    tokens_taken: Option<u32>,
    maybe_executed: bool,
    retryable: bool,
    key_was_rejected: bool,
}

impl RetryState {
    /// Starts with no attempt.
    #[must_use]
    pub const fn new(policy: RetryPolicy) -> Self {
        Self {
            policy,
            attempts: 0,
            retries: 0,
            delay_ms: 0.0,
            tokens_taken: None,
            maybe_executed: false,
            retryable: false,
            key_was_rejected: false,
        }
    }

    /// Number of attempts.
    #[must_use]
    pub const fn attempts(&self) -> u32 {
        self.attempts
    }

    /// Total delay between the attempts, in milliseconds.
    #[must_use]
    pub const fn delay_ms(&self) -> f64 {
        self.delay_ms
    }

    /// Whether an attempt may have been executed although no response confirms it.
    #[must_use]
    pub const fn maybe_executed(&self) -> bool {
        self.maybe_executed
    }

    /// Whether the caller may retry without executing twice: whether the last failure allows it, however many retries
    /// are left.
    #[must_use]
    pub const fn is_retryable(&self) -> bool {
        self.retryable
    }

    /// Records that the last attempt succeeded.
    pub fn record_success(&mut self, budget: &mut RetryBudget) {
        self.attempts = self.attempts.saturating_add(1);
        budget.succeeded(self.tokens_taken);
    }

    /// Records an attempt that was refused before anything was executed. It does not count as a retry.
    pub fn record_refusal(&mut self) {
        self.attempts = self.attempts.saturating_add(1);
    }

    /// Records a failed attempt. `chance` is uniform in 0..1.
    pub fn record_failure(
        &mut self,
        failure: AttemptFailure,
        now_ms: f64,
        chance: f64,
        budget: &mut RetryBudget,
    ) -> RetryDecision {
        self.attempts = self.attempts.saturating_add(1);
        if self.policy.not_found_is_success && self.maybe_executed && is_status(failure, 404) {
            return RetryDecision::Done;
        }
        if self.policy.key_may_change && !self.key_was_rejected && is_status(failure, 401) {
            self.key_was_rejected = true;
            return RetryDecision::RetryWithNewKey;
        }
        self.maybe_executed |= is_ambiguous(failure);
        self.retryable = self.may_retry(failure) && (self.policy.safe_to_resend || !self.maybe_executed);
        if self.retries >= self.policy.max_retries || !self.may_retry(failure) {
            return RetryDecision::GiveUp;
        }
        let Some(delay) = self.delay_after(failure, chance) else { return RetryDecision::GiveUp };
        // The retry would be after the deadline.
        if now_ms + delay >= self.policy.deadline_ms {
            return RetryDecision::GiveUp;
        }
        if !self.policy.is_recovery {
            let Some(tokens_taken) = budget.take(failure == AttemptFailure::NoResponse) else {
                return RetryDecision::GiveUp;
            };
            self.tokens_taken = Some(tokens_taken);
        }
        self.retries = self.retries.saturating_add(1);
        self.delay_ms += delay;
        RetryDecision::RetryAfter(delay)
    }

    fn may_retry(&self, failure: AttemptFailure) -> bool {
        match failure {
            AttemptFailure::NotSent | AttemptFailure::ErrorResponse { status: 429, .. } => true,
            AttemptFailure::NoResponse => self.policy.safe_to_resend,
            // The first request with the idempotency key is still running at the proxy.
            AttemptFailure::ErrorResponse { status: 409, retry_after_ms: Some(_), .. } => {
                self.policy.safe_to_resend
            }
            AttemptFailure::ErrorResponse { status, .. } if TRANSIENT_STATUSES.contains(&status) => {
                self.policy.safe_to_resend
            }
            AttemptFailure::ErrorResponse { .. } | AttemptFailure::NotRetryable => false,
        }
    }

    /// Returns the delay before a retry; `None` if the server requests more than the maximum.
    fn delay_after(&self, failure: AttemptFailure, chance: f64) -> Option<f64> {
        match failure {
            AttemptFailure::ErrorResponse { retry_after_ms: Some(asked), .. } => {
                (asked <= self.policy.max_retry_after_ms).then_some(asked.max(0.0))
            }
            AttemptFailure::ErrorResponse { sessions, .. } => {
                Some(retry_delay::backoff_ms(self.retries, sessions, chance))
            }
            // The response is stored: no server has to recover first.
            AttemptFailure::NoResponse if self.policy.is_recovery => {
                Some(retry_delay::backoff_ms(self.retries, false, chance) * RECOVERY_FACTOR)
            }
            AttemptFailure::NoResponse | AttemptFailure::NotSent | AttemptFailure::NotRetryable => {
                Some(retry_delay::backoff_ms(self.retries, false, chance))
            }
        }
    }
}

impl AttemptFailure {
    /// Whether too many sessions are active.
    #[must_use]
    pub const fn is_session_limit(self) -> bool {
        matches!(self, Self::ErrorResponse { status: 429, sessions: true, .. })
    }
}

const fn is_status(failure: AttemptFailure, expected: u16) -> bool {
    matches!(failure, AttemptFailure::ErrorResponse { status, .. } if status == expected)
}

/// Whether the server may have executed the request.
const fn is_ambiguous(failure: AttemptFailure) -> bool {
    match failure {
        AttemptFailure::NoResponse | AttemptFailure::NotRetryable => true,
        // Status 0 is an invalid status. A 503 proves nothing, with or without `Retry-After`: the contract does not
        // declare it, and a gateway may send it for a request that has reached the service.
        AttemptFailure::ErrorResponse { status, .. } => !matches!(status, 400..=407 | 409..=499),
        AttemptFailure::NotSent => false,
    }
}

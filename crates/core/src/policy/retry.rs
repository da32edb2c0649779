//! Whether to retry. An operation that costs money is retried only if the last response proves that nothing was
//! done, or if nothing had left the machine.

use super::budget::RetryBudget;
use super::retry_delay;

/// The statuses after which a request that is safe to resend is retried. `npm/src/wasm/` retries the WebAssembly by them.
pub const TRANSIENT_STATUSES: [u16; 7] = [408, 425, 429, 500, 502, 503, 504];

/// The delay before a repeat that recovers a kept response, as a part of the usual one.
const RECOVERY_FACTOR: f64 = 0.1;

/// What bounds the attempts of one call.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RetryPolicy {
    /// RetryState after the first one, at most.
    pub max_retries: u32,
    /// Whether doing it twice is the same as doing it once, or the caller says that it is.
    pub safe_to_resend: bool,
    /// Whether repeating is how a lost response is recovered (by an idempotency key): then the shared budget does not limit it.
    pub is_recovery: bool,
    /// Whether "not found" is a success: of a deletion whose first response was lost.
    pub not_found_is_success: bool,
    /// Whether another key may be had when one is rejected.
    pub key_may_change: bool,
    /// Longest delay that a server may ask for, in milliseconds.
    pub max_retry_after_ms: f64,
    /// When the call must have ended, on the clock that `now_ms` is read from. Infinite for no limit.
    pub deadline_ms: f64,
}

/// How an attempt ended without success.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum AttemptFailure {
    /// A response arrived.
    ErrorResponse {
        /// Its status.
        status: u16,
        /// The delay that the server asked for, in milliseconds.
        retry_after_ms: Option<f64>,
        /// Whether it was refused because too many sessions are active.
        sessions: bool,
    },
    /// No complete response arrived; the server may have carried out the request.
    NoResponse,
    /// Nothing left the machine.
    NotSent,
    /// A retry cannot help: the response is not what the contract says.
    NotRetryable,
}

/// What to do after an attempt.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum RetryDecision {
    /// Retry after this many milliseconds.
    RetryAfter(f64),
    /// Ask for another key, then send again.
    RetryWithNewKey,
    /// What was wanted is the case.
    Done,
    /// Tell the caller.
    GiveUp,
}

/// The attempts of one call.
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
    /// Before the first attempt.
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

    /// How many attempts have ended.
    #[must_use]
    pub const fn attempts(&self) -> u32 {
        self.attempts
    }

    /// How long was waited between attempts, in milliseconds.
    #[must_use]
    pub const fn delay_ms(&self) -> f64 {
        self.delay_ms
    }

    /// Whether an attempt may have been carried out although no response confirms it.
    #[must_use]
    pub const fn maybe_executed(&self) -> bool {
        self.maybe_executed
    }

    /// Whether the same call may succeed later without doing its work twice: whether the last attempt ended in a way after
    /// which another may follow, regardless of how many are left.
    #[must_use]
    pub const fn is_retryable(&self) -> bool {
        self.retryable
    }

    /// The last attempt succeeded.
    pub fn record_success(&mut self, budget: &mut RetryBudget) {
        self.attempts = self.attempts.saturating_add(1);
        budget.succeeded(self.tokens_taken);
    }

    /// An attempt was refused before anything ran, and is repeated without being counted as a retry.
    pub fn record_refusal(&mut self) {
        self.attempts = self.attempts.saturating_add(1);
    }

    /// An attempt ended without success. `chance` is uniform in 0..1.
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
        // No use in waiting for what cannot be sent any more.
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
            // A keyed request whose first attempt is still running at the proxy.
            AttemptFailure::ErrorResponse { status: 409, retry_after_ms: Some(_), .. } => {
                self.policy.safe_to_resend
            }
            AttemptFailure::ErrorResponse { status, .. } if TRANSIENT_STATUSES.contains(&status) => {
                self.policy.safe_to_resend
            }
            AttemptFailure::ErrorResponse { .. } | AttemptFailure::NotRetryable => false,
        }
    }

    /// How long to wait; nothing if the server asks for more than it is believed.
    fn delay_after(&self, failure: AttemptFailure, chance: f64) -> Option<f64> {
        match failure {
            AttemptFailure::ErrorResponse { retry_after_ms: Some(asked), .. } => {
                (asked <= self.policy.max_retry_after_ms).then_some(asked.max(0.0))
            }
            AttemptFailure::ErrorResponse { sessions, .. } => {
                Some(retry_delay::backoff_ms(self.retries, sessions, chance))
            }
            // The response is kept for the repeat: no server has to recover first.
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
    /// Whether it was refused because too many sessions are active.
    #[must_use]
    pub const fn is_session_limit(self) -> bool {
        matches!(self, Self::ErrorResponse { status: 429, sessions: true, .. })
    }
}

const fn is_status(failure: AttemptFailure, expected: u16) -> bool {
    matches!(failure, AttemptFailure::ErrorResponse { status, .. } if status == expected)
}

/// Whether the server may have done what was asked.
const fn is_ambiguous(failure: AttemptFailure) -> bool {
    match failure {
        AttemptFailure::NoResponse | AttemptFailure::NotRetryable => true,
        // Status 0 is of no response that HTTP knows. A 503 proves nothing, with or without `Retry-After`: the contract does
        // not declare it, and a gateway may send it for a request that has reached the service.
        AttemptFailure::ErrorResponse { status, .. } => !matches!(status, 400..=407 | 409..=499),
        AttemptFailure::NotSent => false,
    }
}

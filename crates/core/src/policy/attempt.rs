//! Whether to retry. An operation that costs money is retried only if the last response proves that nothing was
//! done, or if nothing had left the machine.

use super::budget::Budget;
use super::retry;

/// The statuses after which a request that is safe to resend is retried. `npm/src/wasm/` retries the WebAssembly by them.
pub const TRANSIENT_STATUSES: [u16; 7] = [408, 425, 429, 500, 502, 503, 504];

/// The delay before a repeat that recovers a kept response, as a part of the usual one.
const RECOVERY_PART: f64 = 0.1;

/// What bounds the attempts of one call.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Policy {
    /// Attempts after the first one, at most.
    pub max_retries: u32,
    /// Whether doing it twice is the same as doing it once, or the caller says that it is.
    pub safe_to_resend: bool,
    /// Whether repeating is how a lost response is recovered (by an idempotency key): then the shared budget does not limit it.
    pub is_recovery: bool,
    /// Whether "not found" is a success: of a deletion whose first response was lost.
    pub gone_is_done: bool,
    /// Whether another key may be had when one is rejected.
    pub key_may_change: bool,
    /// Longest delay that a server may ask for, in milliseconds.
    pub max_retry_after_ms: f64,
    /// When the call must have ended, on the clock that `now_ms` is read from. Infinite for no limit.
    pub deadline_ms: f64,
}

/// How an attempt ended without success.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Outcome {
    /// A response arrived.
    Refused {
        /// Its status.
        status: u16,
        /// The delay that the server asked for, in milliseconds.
        retry_after_ms: Option<f64>,
        /// Whether it was refused because too many sessions are active.
        sessions: bool,
    },
    /// No complete response arrived; the server may have carried out the request.
    Lost,
    /// Nothing left the machine.
    NotSent,
    /// A retry cannot help: the response is not what the contract says.
    Final,
}

/// What to do after an attempt.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Next {
    /// Retry after this many milliseconds.
    SendAfter(f64),
    /// Ask for another key, then send again.
    SendWithAnotherKey,
    /// What was wanted is the case.
    Done,
    /// Tell the caller.
    GiveUp,
}

/// The attempts of one call.
#[derive(Clone, Debug)]
pub struct Attempts {
    policy: Policy,
    made: u32,
    retries: u32,
    delay_ms: f64,
    taken: Option<u32>,
    may_have_been_done: bool,
    retryable: bool,
    key_was_rejected: bool,
}

impl Attempts {
    /// Before the first attempt.
    #[must_use]
    pub const fn new(policy: Policy) -> Self {
        Self {
            policy,
            made: 0,
            retries: 0,
            delay_ms: 0.0,
            taken: None,
            may_have_been_done: false,
            retryable: false,
            key_was_rejected: false,
        }
    }

    /// How many attempts have ended.
    #[must_use]
    pub const fn made(&self) -> u32 {
        self.made
    }

    /// How long was waited between attempts, in milliseconds.
    #[must_use]
    pub const fn delay_ms(&self) -> f64 {
        self.delay_ms
    }

    /// Whether an attempt may have been carried out although no response confirms it.
    #[must_use]
    pub const fn may_have_been_done(&self) -> bool {
        self.may_have_been_done
    }

    /// Whether the same call may succeed later without doing its work twice: whether the last attempt ended in a way after
    /// which another may follow, regardless of how many are left.
    #[must_use]
    pub const fn is_retryable(&self) -> bool {
        self.retryable
    }

    /// The last attempt succeeded.
    pub fn succeeded(&mut self, budget: &mut Budget) {
        self.made = self.made.saturating_add(1);
        budget.succeeded(self.taken);
    }

    /// An attempt was refused before anything ran, and is repeated without being counted as a retry.
    pub fn refused(&mut self) {
        self.made = self.made.saturating_add(1);
    }

    /// An attempt ended without success. `chance` is uniform in 0..1.
    pub fn ended(&mut self, outcome: Outcome, now_ms: f64, chance: f64, budget: &mut Budget) -> Next {
        self.made = self.made.saturating_add(1);
        if self.policy.gone_is_done && self.may_have_been_done && is_status(outcome, 404) {
            return Next::Done;
        }
        if self.policy.key_may_change && !self.key_was_rejected && is_status(outcome, 401) {
            self.key_was_rejected = true;
            return Next::SendWithAnotherKey;
        }
        self.may_have_been_done |= is_ambiguous(outcome);
        self.retryable = self.may_resend(outcome) && (self.policy.safe_to_resend || !self.may_have_been_done);
        if self.retries >= self.policy.max_retries || !self.may_resend(outcome) {
            return Next::GiveUp;
        }
        let Some(delay) = self.delay_after(outcome, chance) else { return Next::GiveUp };
        // No use in waiting for what cannot be sent any more.
        if now_ms + delay >= self.policy.deadline_ms {
            return Next::GiveUp;
        }
        if !self.policy.is_recovery {
            let Some(taken) = budget.take(outcome == Outcome::Lost) else { return Next::GiveUp };
            self.taken = Some(taken);
        }
        self.retries = self.retries.saturating_add(1);
        self.delay_ms += delay;
        Next::SendAfter(delay)
    }

    fn may_resend(&self, outcome: Outcome) -> bool {
        match outcome {
            Outcome::NotSent | Outcome::Refused { status: 429, .. } => true,
            Outcome::Lost => self.policy.safe_to_resend,
            // A keyed request whose first attempt is still running at the proxy.
            Outcome::Refused { status: 409, retry_after_ms: Some(_), .. } => self.policy.safe_to_resend,
            Outcome::Refused { status, .. } if TRANSIENT_STATUSES.contains(&status) => {
                self.policy.safe_to_resend
            }
            Outcome::Refused { .. } | Outcome::Final => false,
        }
    }

    /// How long to wait; nothing if the server asks for more than it is believed.
    fn delay_after(&self, outcome: Outcome, chance: f64) -> Option<f64> {
        match outcome {
            Outcome::Refused { retry_after_ms: Some(asked), .. } => {
                (asked <= self.policy.max_retry_after_ms).then_some(asked.max(0.0))
            }
            Outcome::Refused { sessions, .. } => Some(retry::backoff_ms(self.retries, sessions, chance)),
            // The response is kept for the repeat: no server has to recover first.
            Outcome::Lost if self.policy.is_recovery => {
                Some(retry::backoff_ms(self.retries, false, chance) * RECOVERY_PART)
            }
            Outcome::Lost | Outcome::NotSent | Outcome::Final => {
                Some(retry::backoff_ms(self.retries, false, chance))
            }
        }
    }
}

impl Outcome {
    /// Whether it was refused because too many sessions are active.
    #[must_use]
    pub const fn is_for_sessions(self) -> bool {
        matches!(self, Self::Refused { status: 429, sessions: true, .. })
    }
}

const fn is_status(outcome: Outcome, expected: u16) -> bool {
    matches!(outcome, Outcome::Refused { status, .. } if status == expected)
}

/// Whether the server may have done what was asked.
const fn is_ambiguous(outcome: Outcome) -> bool {
    match outcome {
        Outcome::Lost | Outcome::Final => true,
        // Status 0 is of no response that HTTP knows. A 503 proves nothing, with or without `Retry-After`: the contract does
        // not declare it, and a gateway may send it for a request that has reached the service.
        Outcome::Refused { status, .. } => !matches!(status, 400..=407 | 409..=499),
        Outcome::NotSent => false,
    }
}

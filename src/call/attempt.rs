//! Whether to send again. An operation that costs money is sent again only if the last answer proves that nothing was
//! done.

use super::retry;

/// What bounds the attempts of one call.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Policy {
    /// Attempts after the first one, at most.
    pub max_retries: u32,
    /// Whether doing it twice is the same as doing it once.
    pub safe_to_resend: bool,
    /// Longest delay that a server may ask for, in milliseconds.
    pub max_retry_after_ms: f64,
}

/// How an attempt ended without success.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Outcome {
    /// An answer came.
    Refused {
        /// Its status.
        status: u16,
        /// The delay that the server asked for, in milliseconds.
        retry_after_ms: Option<f64>,
        /// Whether it was refused because too many sessions are active.
        sessions: bool,
    },
    /// No complete answer came; the server may have done what was asked.
    Lost,
    /// Asking again cannot help: the answer is final, or not what the contract says.
    Final,
}

/// What to do after an attempt.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Next {
    /// Wait so many milliseconds, then send again.
    SendAfter(f64),
    /// Tell the caller.
    GiveUp,
}

/// The attempts of one call.
#[derive(Clone, Debug)]
pub struct Attempts {
    policy: Policy,
    made: u32,
}

impl Attempts {
    /// Before the first attempt.
    #[must_use]
    pub const fn new(policy: Policy) -> Self {
        Self { policy, made: 0 }
    }

    /// How many attempts were made.
    #[must_use]
    pub const fn made(&self) -> u32 {
        self.made
    }

    /// An attempt ended without success. `chance` is uniform in 0..1.
    pub fn ended(&mut self, outcome: Outcome, chance: f64) -> Next {
        self.made = self.made.saturating_add(1);
        if self.made > self.policy.max_retries || !self.may_resend(outcome) {
            return Next::GiveUp;
        }
        let (asked, sessions) = match outcome {
            Outcome::Refused { retry_after_ms, sessions, .. } => (retry_after_ms, sessions),
            Outcome::Lost | Outcome::Final => (None, false),
        };
        match asked {
            Some(delay) if delay > self.policy.max_retry_after_ms => Next::GiveUp,
            Some(delay) => Next::SendAfter(delay),
            None => Next::SendAfter(retry::backoff_ms(self.made, sessions, chance)),
        }
    }

    const fn may_resend(&self, outcome: Outcome) -> bool {
        match outcome {
            // Nothing was started.
            Outcome::Refused { status: 429, .. }
            | Outcome::Refused { status: 503, retry_after_ms: Some(_), .. } => true,
            Outcome::Refused { status: 408 | 425 | 500 | 502..=504, .. } | Outcome::Lost => {
                self.policy.safe_to_resend
            }
            Outcome::Refused { .. } | Outcome::Final => false,
        }
    }
}

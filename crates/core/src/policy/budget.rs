//! What a client may spend on attempts after the first: a bucket of tokens that failures empty and successes fill, as
//! the AWS SDKs have it. When a server is down for all, it stops a client from asking it the harder.

/// What the bucket holds at most, and at first.
const CAPACITY: u32 = 500;
/// What another attempt costs.
const COST: u32 = 5;
/// The same after a time limit or a lost connection, which cost a server more.
const COST_AFTER_SILENCE: u32 = 10;
/// What a call that succeeds at once brings in.
const REWARD: u32 = 1;

/// The tokens that the calls of a client share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetryBudget {
    tokens: u32,
}

impl Default for RetryBudget {
    fn default() -> Self {
        Self { tokens: CAPACITY }
    }
}

impl RetryBudget {
    /// Takes what another attempt costs. Returns what was taken, or nothing if there is too little left.
    pub const fn take(&mut self, after_silence: bool) -> Option<u32> {
        let cost = if after_silence { COST_AFTER_SILENCE } else { COST };
        match self.tokens.checked_sub(cost) {
            Some(left) => {
                self.tokens = left;
                Some(cost)
            }
            None => None,
        }
    }

    /// A call succeeded: what its last attempt had cost comes back, or a little is earned if it was the first.
    pub fn succeeded(&mut self, taken: Option<u32>) {
        self.tokens = self.tokens.saturating_add(taken.unwrap_or(REWARD)).min(CAPACITY);
    }

    /// What is left.
    #[must_use]
    pub const fn left(&self) -> u32 {
        self.tokens
    }
}

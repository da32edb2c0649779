//! Retry budget: a token bucket that retries drain and successes refill, as in the AWS SDKs. During an outage, it
//! limits the load of retries.

/// Capacity and initial number of tokens.
const CAPACITY: u32 = 500;
/// Cost of a retry.
const COST: u32 = 5;
/// Cost of a retry after a timeout or a lost connection, which are more expensive for a server.
const COST_AFTER_SILENCE: u32 = 10;
/// Tokens earned by a call that succeeds without retry.
const REWARD: u32 = 1;

/// Tokens shared by the calls of a client.
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
    /// Takes the tokens for a retry. Returns their number, or `None` if too few are left.
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

    /// Records a success: refunds the tokens of its last retry, or earns some if there was none.
    pub fn succeeded(&mut self, taken: Option<u32>) {
        self.tokens = self.tokens.saturating_add(taken.unwrap_or(REWARD)).min(CAPACITY);
    }

    /// Number of tokens left.
    #[must_use]
    pub const fn left(&self) -> u32 {
        self.tokens
    }
}

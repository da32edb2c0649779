//! Delays between polls.

/// First delay, in milliseconds.
const FIRST_MS: f64 = 1_000.0;
/// Maximum delay, in milliseconds.
const LONGEST_MS: f64 = 10_000.0;
/// Growth factor of the delay.
const GROWTH: f64 = 1.5;

/// Exponential delays, by default from 1 s to 10 s, with 20 % jitter.
#[derive(Clone, Debug)]
pub struct Backoff {
    delay_ms: f64,
    next_ms: f64,
    longest_ms: f64,
}

impl Default for Backoff {
    fn default() -> Self {
        Self::new(FIRST_MS, FIRST_MS * GROWTH, LONGEST_MS)
    }
}

impl Backoff {
    /// Creates delays: the first, then exponential from the next to the longest.
    #[must_use]
    pub const fn new(first_ms: f64, next_ms: f64, longest_ms: f64) -> Self {
        Self { delay_ms: first_ms, next_ms, longest_ms }
    }

    /// Returns the next delay, in milliseconds. `chance` is uniform in 0..1.
    pub fn next(&mut self, chance: f64) -> f64 {
        let delay = self.delay_ms * (0.8 + 0.4 * chance.clamp(0.0, 1.0));
        self.delay_ms = self.next_ms.min(self.longest_ms);
        self.next_ms *= GROWTH;
        delay
    }
}

//! Delays between polls.

/// Growth factor of the delay.
const GROWTH: f64 = 1.5;

/// Exponential delays with 20 % jitter.
#[derive(Clone, Debug)]
pub struct Backoff {
    delay_ms: f64,
    next_ms: f64,
    longest_ms: f64,
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

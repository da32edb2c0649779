//! The delays between polls.

/// The first delay, in milliseconds.
const FIRST_MS: f64 = 1_000.0;
/// The longest delay, in milliseconds.
const LONGEST_MS: f64 = 10_000.0;
/// How much longer each delay is than the one before.
const GROWTH: f64 = 1.5;

/// Delays that grow from one second to ten, each varied by a fifth.
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
    /// A first delay, and delays that grow from the next to the longest.
    #[must_use]
    pub const fn new(first_ms: f64, next_ms: f64, longest_ms: f64) -> Self {
        Self { delay_ms: first_ms, next_ms, longest_ms }
    }

    /// The next delay, in milliseconds. `chance` is uniform in 0..1.
    pub fn next(&mut self, chance: f64) -> f64 {
        let delay = self.delay_ms * (0.8 + 0.4 * chance.clamp(0.0, 1.0));
        self.delay_ms = self.next_ms.min(self.longest_ms);
        self.next_ms *= GROWTH;
        delay
    }
}

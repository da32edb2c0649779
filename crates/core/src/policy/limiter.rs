//! Concurrency limit: a fair queue in front of the service's own limit. A refusal for too many sessions reveals that
//! limit, which is applied for a while; then one more call is tried.

/// How long a limit revealed by a refusal is applied, in milliseconds.
const LIMIT_VALIDITY_MS: f64 = 30_000.0;
/// Number of successes, as a multiple of the limit, after which it is raised earlier: short calls would run one at a time
/// otherwise if a service refuses a few of them at random.
const SUCCESSES_PER_CALL: f64 = 3.0;

/// Identifies a queued or running call.
pub type Ticket = u32;

/// Limits the concurrent calls of a client.
#[derive(Clone, Debug)]
pub struct ConcurrencyLimiter {
    max: f64,
    allowed: f64,
    running: u32,
    waiting: Vec<Ticket>,
    last: Ticket,
    refused_ms: f64,
    /// Since the limit was changed.
    successes: u32,
}

impl ConcurrencyLimiter {
    /// Creates a limiter for at most `max` concurrent calls. If infinite, it only counts.
    #[must_use]
    pub const fn new(max: f64) -> Self {
        Self {
            max,
            allowed: max,
            running: 0,
            waiting: Vec::new(),
            last: 0,
            refused_ms: f64::NEG_INFINITY,
            successes: 0,
        }
    }

    /// Whether there is a limit.
    #[must_use]
    pub const fn is_limited(&self) -> bool {
        self.max.is_finite()
    }

    /// Changes the limit. Ignores numbers below 1. A lower limit that a refusal revealed stays.
    pub fn set_max(&mut self, max: f64) {
        if max >= 1.0 {
            let is_lowered = self.allowed < self.max;
            self.max = max;
            self.allowed = if is_lowered { self.allowed.min(max) } else { max };
        }
    }

    /// Joins the queue, at the front if `first`. [`ConcurrencyLimiter::admit`] returns the ticket once the call may
    /// start. Release every ticket by [`ConcurrencyLimiter::leave`] exactly once.
    pub fn enter(&mut self, first: bool) -> Ticket {
        self.last = self.last.wrapping_add(1);
        let index = if first { 0 } else { self.waiting.len() };
        self.waiting.insert(index, self.last);
        self.last
    }

    /// Returns the next ticket that may start. Call it until it returns `None`.
    pub fn admit(&mut self) -> Option<Ticket> {
        if f64::from(self.running) >= self.allowed {
            return None;
        }
        let next = *self.waiting.first()?;
        self.waiting.remove(0);
        self.running = self.running.saturating_add(1);
        Some(next)
    }

    /// Releases a queued or running ticket.
    pub fn leave(&mut self, ticket: Ticket) {
        match self.waiting.iter().position(|waiting| *waiting == ticket) {
            Some(index) => {
                self.waiting.remove(index);
            }
            None => self.running = self.running.saturating_sub(1),
        }
    }

    /// Records a success. Some time or several successes after the last refusal, it raises the limit by one.
    pub fn succeeded(&mut self, now_ms: f64) {
        self.successes = self.successes.saturating_add(1);
        let is_proven = f64::from(self.successes) >= self.allowed * SUCCESSES_PER_CALL;
        if is_proven || now_ms - self.refused_ms >= LIMIT_VALIDITY_MS {
            self.successes = 0;
            self.refused_ms = now_ms;
            self.allowed = (self.allowed + 1.0).min(self.max);
        }
    }

    /// Records a refusal because of too many sessions: the other running calls are the new limit.
    pub fn refused(&mut self, now_ms: f64) {
        self.refused_ms = now_ms;
        self.successes = 0;
        if self.is_limited() {
            self.allowed = self.allowed.min(f64::from(self.running) - 1.0).max(1.0);
        }
    }

    /// Number of running calls.
    #[must_use]
    pub const fn running(&self) -> u32 {
        self.running
    }

    /// Number of queued calls.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }
}

//! Limits how many executions and creations run at once: a fair queue in front of the service's own limit. A refusal for
//! too many sessions shows that limit, which is remembered; after a while one more is tried.

/// How long a limit that a refusal has shown is believed, in milliseconds.
const LIMIT_VALIDITY_MS: f64 = 30_000.0;

/// Identifies one queued or running call.
pub type Ticket = u32;

/// The limiter of a client.
#[derive(Clone, Debug)]
pub struct ConcurrencyLimiter {
    max: f64,
    allowed: f64,
    running: u32,
    waiting: Vec<Ticket>,
    last: Ticket,
    refused_ms: f64,
}

impl ConcurrencyLimiter {
    /// A limiter that lets `max` run at once. Infinite for no limit: then it only counts.
    #[must_use]
    pub const fn new(max: f64) -> Self {
        Self { max, allowed: max, running: 0, waiting: Vec::new(), last: 0, refused_ms: f64::NEG_INFINITY }
    }

    /// Whether there is a limit.
    #[must_use]
    pub const fn is_limited(&self) -> bool {
        self.max.is_finite()
    }

    /// Joins the queue, at the front if `first`. [`ConcurrencyLimiter::admit`] returns the ticket once it may start; release every ticket
    /// by [`ConcurrencyLimiter::leave`] exactly once.
    pub fn enter(&mut self, first: bool) -> Ticket {
        self.last = self.last.wrapping_add(1);
        let place = if first { 0 } else { self.waiting.len() };
        self.waiting.insert(place, self.last);
        self.last
    }

    /// The next ticket that may start. Call it until there is none.
    pub fn admit(&mut self) -> Option<Ticket> {
        if f64::from(self.running) >= self.allowed {
            return None;
        }
        let next = *self.waiting.first()?;
        self.waiting.remove(0);
        self.running = self.running.saturating_add(1);
        Some(next)
    }

    /// Releases a ticket, queued or running.
    pub fn leave(&mut self, ticket: Ticket) {
        match self.waiting.iter().position(|waiting| *waiting == ticket) {
            Some(index) => {
                self.waiting.remove(index);
            }
            None => self.running = self.running.saturating_sub(1),
        }
    }

    /// A call succeeded. Long after the last refusal there may be room for one more.
    pub fn succeeded(&mut self, now_ms: f64) {
        if now_ms - self.refused_ms >= LIMIT_VALIDITY_MS {
            self.refused_ms = now_ms;
            self.allowed = (self.allowed + 1.0).min(self.max);
        }
    }

    /// A running call was refused because too many sessions are active: those that run beside it are what there is room for.
    pub fn refused(&mut self, now_ms: f64) {
        self.refused_ms = now_ms;
        if self.is_limited() {
            self.allowed = self.allowed.min(f64::from(self.running) - 1.0).max(1.0);
        }
    }

    /// How many run.
    #[must_use]
    pub const fn running(&self) -> u32 {
        self.running
    }

    /// How many wait.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }
}

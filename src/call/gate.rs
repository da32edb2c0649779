//! How many executions and creations go on at once: a fair queue in front of the service's own limit. A refusal for
//! their number halves what is allowed, each success gives a little back (as TCP does with its window).

/// One cut for all the refusals of one burst: those that come within so many milliseconds.
const BURST_MS: f64 = 1_000.0;

/// Who waits or runs.
pub type Ticket = u32;

/// The gate of a client.
#[derive(Clone, Debug)]
pub struct Gate {
    most: f64,
    allowed: f64,
    running: u32,
    waiting: Vec<Ticket>,
    last: Ticket,
    cut_ms: f64,
}

impl Gate {
    /// A gate that lets `most` in at once. Infinite for no limit: then it only counts.
    #[must_use]
    pub const fn new(most: f64) -> Self {
        Self { most, allowed: most, running: 0, waiting: Vec::new(), last: 0, cut_ms: f64::NEG_INFINITY }
    }

    /// Somebody comes. [`Gate::admit`] tells when it may go in; it must [`leave`](Gate::leave) once, gone in or not.
    pub fn enter(&mut self) -> Ticket {
        self.last = self.last.wrapping_add(1);
        self.waiting.push(self.last);
        self.last
    }

    /// The next that may go in. To be asked until there is none.
    pub fn admit(&mut self) -> Option<Ticket> {
        if f64::from(self.running) >= self.allowed.max(1.0).floor() {
            return None;
        }
        let next = *self.waiting.first()?;
        self.waiting.remove(0);
        self.running = self.running.saturating_add(1);
        Some(next)
    }

    /// Somebody leaves: from the queue, or from within.
    pub fn leave(&mut self, ticket: Ticket) {
        match self.waiting.iter().position(|waiting| *waiting == ticket) {
            Some(index) => {
                self.waiting.remove(index);
            }
            None => self.running = self.running.saturating_sub(1),
        }
    }

    /// Something was carried out: there may be room for more.
    pub fn succeeded(&mut self) {
        self.allowed = (self.allowed + 1.0 / self.allowed).min(self.most);
    }

    /// Something was refused because too much goes on.
    pub fn refused(&mut self, now_ms: f64) {
        if self.most.is_finite() && now_ms - self.cut_ms >= BURST_MS {
            self.cut_ms = now_ms;
            self.allowed = (self.allowed.min(f64::from(self.running)) / 2.0).max(1.0);
        }
    }

    /// How many have gone in and not left.
    #[must_use]
    pub const fn running(&self) -> u32 {
        self.running
    }

    /// How many are in the queue.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }
}

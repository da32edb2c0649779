//! The difference between the clocks of the server and this tab.

/// Maximum clock skew between the machines of the service, in milliseconds.
pub const SKEW_MS: f64 = 350.0;

/// Interval that contains the server's clock minus the local clock.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClockOffset {
    pub(super) low: f64,
    pub(super) high: f64,
}

impl Default for ClockOffset {
    fn default() -> Self {
        Self { low: f64::NEG_INFINITY, high: f64::INFINITY }
    }
}

impl ClockOffset {
    /// Narrows the interval: between two local times, the server's clock showed a time within `from_ms..=to_ms`.
    pub fn observe(&mut self, from_ms: f64, to_ms: f64, after_ms: f64, before_ms: f64) {
        let (low, high) = (from_ms - before_ms, to_ms - after_ms);
        if low.is_nan() || high.is_nan() {
            return;
        }
        let narrowed = Self { low: self.low.max(low), high: self.high.min(high) };
        *self = match narrowed.low - narrowed.high {
            over if over <= 0.0 => narrowed,
            // A contradiction within the skew: the offset is between both bounds.
            over if over <= SKEW_MS => Self { low: narrowed.high, high: narrowed.low },
            // A clock was set: only the newest observation is valid.
            _ => Self { low, high },
        };
    }
}

/// Resolution of a server's timestamp: whole seconds or milliseconds.
pub fn resolution_ms(started_ms: f64) -> f64 {
    let seconds = started_ms / 1_000.0;
    if seconds.trunc() == seconds { 1_000.0 } else { 1.0 }
}

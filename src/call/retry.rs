//! How long to wait before the next attempt.

/// Longest delay of our own before the second attempt, in milliseconds. It doubles with each attempt.
const BASE_MS: f64 = 500.0;
/// The same where sessions must end first.
const SESSIONS_BASE_MS: f64 = 2_000.0;
/// Longest delay of our own, in milliseconds.
const CAP_MS: f64 = 8_000.0;

/// Our own delay before attempt `attempt + 1`, in milliseconds: full jitter, so that many clients spread out.
///
/// `chance` is uniform in 0..1.
#[must_use]
pub fn backoff_ms(attempt: u32, sessions: bool, chance: f64) -> f64 {
    let base = if sessions { SESSIONS_BASE_MS } else { BASE_MS };
    let doublings = i32::try_from(attempt.saturating_sub(1)).unwrap_or(i32::MAX).min(16);
    (base * 2.0_f64.powi(doublings)).min(CAP_MS) * chance.clamp(0.0, 1.0)
}

/// What a `Retry-After` of whole seconds asks for, in seconds. Anything else is no number of seconds.
#[must_use]
pub fn seconds(text: &str) -> Option<f64> {
    let text = text.trim_matches([' ', '\t']);
    let is_number = !text.is_empty() && text.len() <= 9 && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number {
        return None;
    }
    text.parse::<u32>().ok().map(f64::from)
}

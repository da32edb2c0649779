//! Delays before retries.

/// Maximum delay before the first retry, in milliseconds. Doubles with each retry.
const BASE_MS: f64 = 500.0;
/// The same after a refusal because of too many sessions, which must end first.
const SESSIONS_BASE_MS: f64 = 2_000.0;
/// Maximum delay, in milliseconds.
const CAP_MS: f64 = 8_000.0;
/// Maximum age of a date in `Retry-After`, in milliseconds: clocks differ.
const PAST_MS: f64 = 60_000.0;

/// Computes the delay before a retry, in milliseconds: exponential backoff with full jitter.
///
/// `retries` is the number of earlier retries; `chance` is uniform in 0..1.
#[must_use]
pub fn backoff_ms(retries: u32, sessions: bool, chance: f64) -> f64 {
    let base = if sessions { SESSIONS_BASE_MS } else { BASE_MS };
    let doublings = i32::try_from(retries).unwrap_or(i32::MAX).min(16);
    (base * 2.0_f64.powi(doublings)).min(CAP_MS) * chance.clamp(0.0, 1.0)
}

/// Parses a `Retry-After` header: a number of seconds or an HTTP date (RFC 9110, section 10.2.3). Returns a delay in
/// milliseconds. `now_ms` is the time since the epoch; `date_ms` parses a date, NaN if it is invalid. Returns `None`
/// for an invalid value, and for a date more than a minute ago.
#[must_use]
pub fn retry_after_ms(text: &str, now_ms: f64, date_ms: impl FnOnce(&str) -> f64) -> Option<f64> {
    let text = text.trim_ascii();
    seconds(text).map(|seconds| seconds * 1000.0).or_else(|| {
        // Only the format that servers must send, `Sun, 06 Nov 1994 08:49:37 GMT`: engines parse others as local times.
        let is_http_date = text.len() == 29 && text.ends_with(" GMT");
        // A date that has just passed means no delay.
        let delay_ms = if is_http_date { date_ms(text) - now_ms } else { f64::NAN };
        (delay_ms > -PAST_MS).then_some(delay_ms.max(0.0))
    })
}

fn seconds(text: &str) -> Option<f64> {
    let is_number = (1..=9).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { text.parse::<u32>().ok().map(f64::from) } else { None }
}

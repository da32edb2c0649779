//! How long to wait before the next attempt.

/// The longest backoff before the second attempt, in milliseconds. It doubles with each attempt.
const BASE_MS: f64 = 500.0;
/// The same where sessions must end first.
const SESSIONS_BASE_MS: f64 = 2_000.0;
/// The longest backoff, in milliseconds.
const CAP_MS: f64 = 8_000.0;
/// How long ago the date of a `Retry-After` may have passed, in milliseconds: clocks differ.
const PAST_MS: f64 = 60_000.0;

/// The backoff before another attempt, in milliseconds: exponential with full jitter.
///
/// `retries` is the number of earlier retries; `chance` is uniform in 0..1.
#[must_use]
pub fn backoff_ms(retries: u32, sessions: bool, chance: f64) -> f64 {
    let base = if sessions { SESSIONS_BASE_MS } else { BASE_MS };
    let doublings = i32::try_from(retries).unwrap_or(i32::MAX).min(16);
    (base * 2.0_f64.powi(doublings)).min(CAP_MS) * chance.clamp(0.0, 1.0)
}

/// The delay that a `Retry-After` asks for, in milliseconds from now: the header is a number of seconds or an HTTP date
/// (RFC 9110, 10.2.3). `now_ms` is the time since the epoch; `date_ms` reads a date, NaN if it is none. `None` for anything
/// else, and for a date that passed more than a minute ago.
#[must_use]
pub fn retry_after_ms(text: &str, now_ms: f64, date_ms: impl FnOnce(&str) -> f64) -> Option<f64> {
    let text = text.trim_matches([' ', '\t']);
    seconds(text).map(|seconds| seconds * 1000.0).or_else(|| {
        // The one form that servers may send, `Sun, 06 Nov 1994 08:49:37 GMT`: engines read others too, as local times.
        let is_http_date = text.len() == 29 && text.ends_with(" GMT");
        // A date that has just passed means now.
        let delay_ms = if is_http_date { date_ms(text) - now_ms } else { f64::NAN };
        (delay_ms > -PAST_MS).then_some(delay_ms.max(0.0))
    })
}

fn seconds(text: &str) -> Option<f64> {
    let is_number = (1..=9).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { text.parse::<u32>().ok().map(f64::from) } else { None }
}

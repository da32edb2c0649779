//! How long to wait before the next attempt.

/// Longest delay of our own before the second attempt, in milliseconds. It doubles with each attempt.
const BASE_MS: f64 = 500.0;
/// The same where sessions must end first.
const SESSIONS_BASE_MS: f64 = 2_000.0;
/// Longest delay of our own, in milliseconds.
const CAP_MS: f64 = 8_000.0;

/// Our own delay before another attempt, in milliseconds: full jitter, so that many clients spread out.
///
/// `retries` is how many were made before; `chance` is uniform in 0..1.
#[must_use]
pub fn backoff_ms(retries: u32, sessions: bool, chance: f64) -> f64 {
    let base = if sessions { SESSIONS_BASE_MS } else { BASE_MS };
    let doublings = i32::try_from(retries).unwrap_or(i32::MAX).min(16);
    (base * 2.0_f64.powi(doublings)).min(CAP_MS) * chance.clamp(0.0, 1.0)
}

/// What a `Retry-After` asks for, in seconds from now: a number of seconds or an HTTP date (RFC 9110, 10.2.3), read
/// strictly. `now_ms` is the time since the epoch. Anything else, and a date that has passed for long, is nothing.
#[must_use]
pub fn retry_after(text: &str, now_ms: f64) -> Option<f64> {
    let text = text.trim_matches([' ', '\t']);
    seconds(text).or_else(|| {
        let date = http_date(text.as_bytes())?;
        // Clocks differ: a date that has just passed means now.
        let seconds = date - now_ms / 1000.0;
        (seconds > -60.0).then_some(seconds.max(0.0))
    })
}

fn seconds(text: &str) -> Option<f64> {
    let is_number = (1..=9).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { text.parse::<u32>().ok().map(f64::from) } else { None }
}

/// Seconds since the epoch of a date like `Sun, 06 Nov 1994 08:49:37 GMT`, the one form that servers may send.
fn http_date(text: &[u8]) -> Option<f64> {
    const DAYS: [&[u8]; 7] = [b"Thu", b"Fri", b"Sat", b"Sun", b"Mon", b"Tue", b"Wed"];
    const MONTHS: [&[u8]; 12] =
        [b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec"];
    let (weekday, rest) = text.split_at_checked(3)?;
    let (day, rest) = number(rest.strip_prefix(b", ")?, 2)?;
    let (month, rest) = rest.strip_prefix(b" ")?.split_at_checked(3)?;
    let month = i64::try_from(MONTHS.iter().position(|name| *name == month)?).ok()?;
    let (year, rest) = number(rest.strip_prefix(b" ")?, 4)?;
    let (hour, rest) = number(rest.strip_prefix(b" ")?, 2)?;
    let (minute, rest) = number(rest.strip_prefix(b":")?, 2)?;
    let (second, rest) = number(rest.strip_prefix(b":")?, 2)?;
    let days = days_since_epoch(year, month, day);
    let name = usize::try_from(days.rem_euclid(7)).ok().and_then(|index| DAYS.get(index))?;
    let is_right = rest == b" GMT"
        && *name == weekday
        && (1..=31).contains(&day)
        && hour < 24
        && minute < 60
        && second <= 60
        && year >= 1970;
    let minutes = days.checked_mul(24)?.checked_add(hour)?.checked_mul(60)?.checked_add(minute)?;
    let seconds = minutes.checked_mul(60)?.checked_add(second)?;
    // Nobody needs a date past 2106, where 32 bits end.
    if is_right { u32::try_from(seconds).ok().map(f64::from) } else { None }
}

/// Days from 1970-01-01 to a day of the Gregorian calendar; `month` from 0. The year is counted from March, so that the
/// leap day is its last.
#[allow(clippy::arithmetic_side_effects, reason = "a year has four digits here")]
const fn days_since_epoch(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month < 2 { (year - 1, month + 10) } else { (year, month - 2) };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * month + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// The number that the first `count` bytes write, and what follows.
fn number(text: &[u8], count: usize) -> Option<(i64, &[u8])> {
    let (digits, rest) = text.split_at_checked(count)?;
    let mut value = 0_i64;
    for byte in digits {
        let digit = byte.is_ascii_digit().then(|| byte.wrapping_sub(b'0'))?;
        value = value.checked_mul(10)?.checked_add(i64::from(digit))?;
    }
    Some((value, rest))
}

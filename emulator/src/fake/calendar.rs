//! Dates of fake data, relative to now.

use browser_use_skills::api::value::DateTime;
use serde_json::{Map, Value};

use super::vocabulary::last_word;
use crate::rng::Rng;
use crate::timestamp;

const MINUTE: u64 = 60_000;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// Returns a date for a field. `position` is that in the list, from 1.
pub fn date(name: &str, now: u64, position: u64, rng: &mut Rng) -> String {
    let today = midnight(now);
    let day = match last_word(name).as_str() {
        // A forecast begins today.
        "day" => today.saturating_add(days(position.saturating_sub(1))),
        // `availableFrom`
        "from" => today.saturating_add(days(rng.below(60).saturating_add(1))),
        _ => today.saturating_sub(days(position)),
    };
    text(day).chars().take(10).collect()
}

/// Returns a moment for a field.
pub fn moment(name: &str, now: u64, position: u64, parameters: &Map<String, Value>, rng: &mut Rng) -> String {
    let today = midnight(now);
    let minutes = rng.below(12).saturating_mul(5 * MINUTE);
    let hours = |first: u64, each: u64| position.saturating_mul(each).saturating_add(first) % 24;
    let moment = match last_word(name).as_str() {
        "departure" => {
            let day = requested(parameters).unwrap_or_else(|| today.saturating_add(DAY));
            day.saturating_add(hours(4, 2).saturating_mul(HOUR)).saturating_add(minutes)
        }
        "showtimes" => today.saturating_add(hours(14, 3).saturating_mul(HOUR)).saturating_add(minutes),
        // `asOf`
        "of" => now.saturating_sub(now % HOUR),
        _ => {
            let day = today.saturating_sub(days(position));
            day.saturating_add(rng.below(24).saturating_mul(HOUR)).saturating_add(minutes)
        }
    };
    text(moment)
}

/// The day that a parameter asks for.
fn requested(parameters: &Map<String, Value>) -> Option<u64> {
    let date = parameters.get("date")?.as_str()?;
    timestamp::parse(&DateTime(format!("{date}T00:00:00Z")))
}

fn midnight(now: u64) -> u64 {
    now.saturating_sub(now % DAY)
}

fn days(count: u64) -> u64 {
    count.saturating_mul(DAY)
}

fn text(moment: u64) -> String {
    timestamp::format(moment).0
}

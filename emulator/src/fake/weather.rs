//! The weather of one day, whose fields agree: it snows at low temperatures only.

use serde_json::{Map, Value, json};

use crate::rng::Rng;

/// Whether an object of a schema describes the weather of a day.
pub fn is_day(properties: &Map<String, Value>) -> bool {
    ["sky", "high", "low", "rainPercent"].iter().all(|name| properties.contains_key(*name))
}

/// Replaces the weather of a day. `usual` is the usual high of the place, in degrees Celsius.
pub fn set(fields: &mut Map<String, Value>, usual: i64, is_imperial: bool, rng: &mut Rng) {
    let high = usual.saturating_add(between(rng, -3, 3));
    let low = high.saturating_sub(between(rng, 4, 9));
    let sky = match rng.below(4) {
        0 => "sunny",
        1 => "cloudy",
        _ if high <= 1 => "snow",
        2 if high >= 4 => "rain",
        _ => "cloudy",
    };
    let (least, most) = match sky {
        "sunny" => (0, 15),
        "cloudy" => (15, 45),
        _ => (60, 100),
    };
    let degrees = |celsius: i64| {
        if is_imperial { celsius.saturating_mul(9).saturating_div(5).saturating_add(32) } else { celsius }
    };
    fields.insert("sky".to_owned(), json!(sky));
    fields.insert("high".to_owned(), json!(degrees(high)));
    fields.insert("low".to_owned(), json!(degrees(low)));
    fields.insert("rainPercent".to_owned(), json!(between(rng, least, most)));
}

/// A high that is usual for a place, in degrees Celsius.
pub fn usual_high(place: &str) -> i64 {
    between(&mut Rng::new(0, place), -2, 31)
}

fn between(rng: &mut Rng, least: i64, most: i64) -> i64 {
    let span = u64::try_from(most.saturating_sub(least)).unwrap_or(0).saturating_add(1);
    least.saturating_add(i64::try_from(rng.below(span)).unwrap_or(0))
}

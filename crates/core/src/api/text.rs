//! Formatting functions that are smaller in the wasm than those of the standard library.

/// Concatenates strings. Smaller than `[&str]::concat`, which has a loop for each length of a separator.
#[must_use]
pub fn concat(parts: &[&str]) -> String {
    let mut whole = String::new();
    for part in parts {
        whole.push_str(part);
    }
    whole
}

/// Formats an integer. Smaller than `to_string`, which includes width, sign and fill.
#[must_use]
pub fn format_integer(number: u32) -> String {
    let mut text = if number < 10 { String::new() } else { format_integer(number / 10) };
    text.extend(char::from_digit(number % 10, 10));
    text
}

/// Formats a duration, rounded to milliseconds.
#[must_use]
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float cast saturates")]
pub fn format_milliseconds(duration: f64) -> String {
    format_integer(duration.max(0.0).round() as u32)
}

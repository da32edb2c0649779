//! Functions for strings that are smaller in the wasm than those of the standard library.

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

/// Whether bytes contain a byte. Smaller than `contains`, which compares several at once.
#[must_use]
#[allow(clippy::manual_contains, reason = "smaller")]
pub fn has_byte(bytes: &[u8], wanted: u8) -> bool {
    bytes.iter().any(|byte| *byte == wanted)
}

/// Returns the text before the first of some ASCII characters, or all of it. Smaller than the searches of `str`, which
/// compare several bytes at once.
#[must_use]
pub fn before<'a>(text: &'a str, ends: &[u8]) -> &'a str {
    let end = text.bytes().position(|byte| has_byte(ends, byte));
    end.and_then(|end| text.get(..end)).unwrap_or(text)
}

/// Splits a text at an ASCII character.
pub fn split(text: &str, separator: u8) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let part = before(rest?, &[separator]);
        rest = rest?.get(part.len().saturating_add(1)..);
        Some(part)
    })
}

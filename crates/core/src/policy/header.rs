//! What may stand in a header. `fetch` throws on the rest, or worse, sends it.

/// The header that the key goes out in.
pub const KEY: &str = "X-Browser-Use-API-Key";

/// The header of an idempotency key (draft-ietf-httpapi-idempotency-key-header).
pub const IDEMPOTENCY_KEY: &str = "Idempotency-Key";
/// The header that requests the kept response of an idempotency key, and runs nothing.
pub const REPLAY_ONLY: &str = "Idempotency-Replay-Only";

/// Whether a text is the name of a header: a token of RFC 9110, section 5.6.2.
fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

/// Whether a text can be the value of a header: Latin-1 without line breaks and NUL, as the Fetch standard asks.
fn is_value(text: &str) -> bool {
    text.chars().all(|letter| u32::from(letter) <= 0xFF && !matches!(letter, '\r' | '\n' | '\0'))
}

/// What is wrong with a key, if anything. Keys are visible ASCII; what else is found there was pasted along.
#[must_use]
pub fn key_fault(key: &str) -> Option<&'static str> {
    if key.is_empty() {
        Some("is empty")
    } else if key.contains(['\r', '\n']) {
        Some("contains a line break")
    } else if key.bytes().any(|byte| !byte.is_ascii_graphic()) {
        Some("contains white space or characters that are not ASCII")
    } else {
        None
    }
}

/// Whether a header is the client's own to set.
fn is_reserved(name: &str) -> bool {
    name.eq_ignore_ascii_case(KEY) || name.eq_ignore_ascii_case("content-type")
}

/// Why a caller may not set a header, if so.
#[must_use]
pub fn fault(name: &str, value: &str) -> Option<&'static str> {
    if is_reserved(name) {
        Some("the key and the content type are set by the client itself")
    } else if is_name(name) && is_value(value) {
        None
    } else {
        Some("a name or value cannot stand in a header")
    }
}

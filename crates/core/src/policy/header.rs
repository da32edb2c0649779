//! Validates headers and keys. `fetch` throws on invalid ones, or sends them.

use crate::api::text::has_byte;

/// Header of the API key.
pub const KEY: &str = "X-Browser-Use-API-Key";

/// Header of an idempotency key (draft-ietf-httpapi-idempotency-key-header).
pub const IDEMPOTENCY_KEY: &str = "Idempotency-Key";
/// Header that requests only the stored response of an idempotency key.
pub const REPLAY_ONLY: &str = "Idempotency-Replay-Only";

/// Whether a text is a header name: a token of RFC 9110, section 5.6.2.
fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || has_byte(b"!#$%&'*+-.^_`|~", byte))
}

/// Whether a text is a header value: Latin-1 without line breaks and NUL, as in the Fetch standard.
fn is_value(text: &str) -> bool {
    // In UTF-8, the first bytes of characters beyond Latin-1 are 0xC4 and higher.
    text.bytes().all(|byte| byte < 0xC4 && !matches!(byte, b'\r' | b'\n' | 0))
}

/// Returns why a key is invalid. Keys are visible ASCII: other characters come from copying.
#[must_use]
pub fn key_fault(key: &str) -> Option<&'static str> {
    if key.is_empty() {
        Some("is empty")
    } else if key.bytes().any(|byte| matches!(byte, b'\r' | b'\n')) {
        Some("contains a line break")
    } else if key.bytes().any(|byte| !byte.is_ascii_graphic()) {
        Some("contains white space or characters that are not ASCII")
    } else {
        None
    }
}

/// Whether only the client sets the header.
fn is_reserved(name: &str) -> bool {
    name.eq_ignore_ascii_case(KEY) || name.eq_ignore_ascii_case("content-type")
}

/// Returns why a caller cannot set a header.
#[must_use]
pub fn fault(name: &str, value: &str) -> Option<&'static str> {
    if is_reserved(name) {
        Some("the client sets the API key and the content type")
    } else if is_name(name) && is_value(value) {
        None
    } else {
        Some("a name or value is invalid in a header")
    }
}

//! Validation of headers.

use crate::policy::header;

#[test]
fn a_key_is_visible_ascii() {
    assert_eq!(header::key_fault("bu_123"), None);
    for wrong in ["", "bu_1\n", "bu_1\r\nX-Evil: 1", "bu 1", "bü_1", "bu_1\u{0}"] {
        assert!(header::key_fault(wrong).is_some(), "{wrong:?}");
    }
}

#[test]
fn headers_that_fetch_rejects_are_invalid() {
    assert_eq!(header::fault("X-Trace", "a b\tc ü"), None);
    for (name, value) in [
        ("X-Browser-Use-API-Key", "bu_1"),
        ("content-type", "text/plain"),
        ("X Trace", "1"),
        ("", "1"),
        ("X-Trace", "a\nb"),
        ("X-Trace", "日本"),
    ] {
        assert!(header::fault(name, value).is_some(), "{name}: {value}");
    }
}

#[test]
fn a_name_is_a_token_of_http() {
    let is_name = |name: &str| header::fault(name, "1").is_none();
    for letter in '\0'..='ÿ' {
        let is_delimiter = "\"(),/:;<=>?@[\\]{}".contains(letter);
        assert_eq!(is_name(&format!("a{letter}")), letter.is_ascii_graphic() && !is_delimiter, "{letter:?}");
    }
}

#[test]
fn a_value_is_latin_1_without_line_breaks() {
    let is_value = |value: &str| header::fault("X-Trace", value).is_none();
    for wrong in ["\r", "\n", "\0", "Ā"] {
        assert!(!is_value(wrong), "{wrong:?}");
    }
    for right in ["", "\t", "\u{7f}", "ÿ"] {
        assert!(is_value(right), "{right:?}");
    }
}

#[test]
fn an_invalid_header_has_a_reason() {
    let own = "the client sets the API key and the content type";
    assert_eq!(header::fault("Content-Type", "text/plain"), Some(own));
    assert_eq!(header::fault("X Trace", "1"), Some("a name or value is invalid in a header"));
    assert_eq!(header::key_fault(""), Some("is empty"));
    for broken in ["a\rb", "a\nb"] {
        assert_eq!(header::key_fault(broken), Some("contains a line break"));
    }
    assert_eq!(header::key_fault("a b"), Some("contains white space or characters that are not ASCII"));
}

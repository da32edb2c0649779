//! What may stand in a header.

use crate::policy::header;

#[test]
fn a_key_is_visible_ascii() {
    assert_eq!(header::key_fault("bu_123"), None);
    for wrong in ["", "bu_1\n", "bu_1\r\nX-Evil: 1", "bu 1", "bü_1", "bu_1\u{0}"] {
        assert!(header::key_fault(wrong).is_some(), "{wrong:?}");
    }
}

#[test]
fn headers_that_fetch_would_not_take_are_refused() {
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

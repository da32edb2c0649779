//! Addresses, headers and attempts.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, missing_docs)]

use browser_use_skills::api::operation::Operation;
use browser_use_skills::call::address::{BaseUrl, is_dot_segment};
use browser_use_skills::call::attempt::{Attempts, Next, Outcome, Policy};
use browser_use_skills::call::header;
use browser_use_skills::call::retry::{backoff_ms, seconds};
use proptest::prelude::*;

const ID: &str = "3c90c3cc-0d44-4b50-8888-8dd25736052a";

#[test]
fn a_base_address_keeps_its_path_and_loses_its_slashes() {
    let address =
        |base: &str| BaseUrl::parse(base).unwrap().join(Operation::SkillsGet.row(), &[ID.to_owned()]);
    let expected = format!("https://api.browser-use.com/api/v2/skills/{ID}");
    assert_eq!(address("https://api.browser-use.com/api/v2"), expected);
    assert_eq!(address("https://api.browser-use.com/api/v2///"), expected);
    assert_eq!(address("/proxy/"), format!("/proxy/skills/{ID}"));
    assert_eq!(address("/"), format!("/skills/{ID}"));
    assert_eq!(BaseUrl::default().join(Operation::SkillsGet.row(), &[ID.to_owned()]), expected);
}

#[test]
fn a_base_address_that_could_mislead_is_refused() {
    for wrong in [
        "https://user:password@example.com",
        "https://example.com/?a=1",
        "https://example.com/#a",
        "https://exa\nmple.com",
        "https:\\\\example.com",
        "https://",
        "ftp://example.com",
        "javascript:alert(1)",
        "//example.com/api",
    ] {
        assert!(BaseUrl::parse(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn a_key_may_go_to_this_machine_or_over_https() {
    let is_private = |base: &str| BaseUrl::parse(base).unwrap().is_private();
    for base in [
        "https://example.com",
        "HTTPS://EXAMPLE.COM",
        "http://localhost:8787/api",
        "http://app.localhost",
        "http://127.0.0.1:80",
        "http://127.3.2.1",
        "http://[::1]:8787",
        "/api",
        "api",
    ] {
        assert!(is_private(base), "{base}");
    }
    for base in
        ["http://example.com", "http://127.0.0.1.example.com", "http://localhost.example.com", "http://127.1"]
    {
        assert!(!is_private(base), "{base}");
    }
}

#[test]
fn a_slug_cannot_leave_its_place_in_the_path() {
    let address = |slug: &str| {
        BaseUrl::parse("https://a.b").unwrap().join(Operation::MarketplaceGet.row(), &[slug.to_owned()])
    };
    assert_eq!(address("../x?y#z"), "https://a.b/marketplace/skills/..%2Fx%3Fy%23z");
    assert_eq!(address("%2e%2e"), "https://a.b/marketplace/skills/%252e%252e");
    assert_eq!(address("grüße"), "https://a.b/marketplace/skills/gr%C3%BC%C3%9Fe");
    assert!(is_dot_segment("..") && is_dot_segment(".") && !is_dot_segment("..."));
}

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

#[test]
fn a_retry_after_of_seconds_is_read_strictly() {
    assert_eq!(seconds("120"), Some(120.0));
    assert_eq!(seconds(" 0 "), Some(0.0));
    for nonsense in ["", "abc", "-1", "1.5", "1e3", "+3", "99999999999999999999", "0x10", "1 2"] {
        assert_eq!(seconds(nonsense), None, "{nonsense}");
    }
}

fn any_outcome() -> impl Strategy<Value = Outcome> {
    let status = prop_oneof![
        Just(400_u16),
        Just(401),
        Just(408),
        Just(425),
        Just(429),
        Just(500),
        Just(502),
        Just(503),
        Just(504)
    ];
    let refused = (status, proptest::option::of(0.0..200_000.0_f64), any::<bool>());
    prop_oneof![
        Just(Outcome::Lost),
        Just(Outcome::Final),
        refused.prop_map(|(status, retry_after_ms, sessions)| Outcome::Refused {
            status,
            retry_after_ms,
            sessions
        }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn attempts_end_and_never_pay_twice(
        max_retries in 0_u32..5,
        safe_to_resend in any::<bool>(),
        outcomes in proptest::collection::vec((any_outcome(), 0.0..1.0_f64), 8),
    ) {
        let max_retry_after_ms = 60_000.0;
        let mut attempts = Attempts::new(Policy { max_retries, safe_to_resend, max_retry_after_ms });
        for (outcome, chance) in outcomes {
            match attempts.ended(outcome, chance) {
                Next::GiveUp => return Ok(()),
                Next::SendAfter(delay) => {
                    prop_assert!((0.0..=max_retry_after_ms).contains(&delay));
                    prop_assert!(attempts.made() <= max_retries);
                    let proves_nothing_was_done = matches!(
                        outcome,
                        Outcome::Refused { status: 429, .. }
                            | Outcome::Refused { status: 503, retry_after_ms: Some(_), .. }
                    );
                    prop_assert!(safe_to_resend || proves_nothing_was_done, "{outcome:?}");
                }
            }
        }
        prop_assert!(false, "more attempts than allowed");
    }

    #[test]
    fn our_own_delays_stay_within_their_bounds(attempt in any::<u32>(), sessions in any::<bool>(), chance in 0.0..1.0_f64) {
        prop_assert!((0.0..=8_000.0).contains(&backoff_ms(attempt, sessions, chance)));
    }

    #[test]
    fn no_text_breaks_a_base_address(text in ".*") {
        let _ = BaseUrl::parse(&text);
    }

    #[test]
    fn a_filled_in_value_is_one_segment(slug in ".*") {
        let base = BaseUrl::parse("https://a.b").unwrap();
        let address = base.join(Operation::MarketplaceGet.row(), &[slug]);
        let value = address.strip_prefix("https://a.b/marketplace/skills/").unwrap();
        prop_assert!(value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~%".contains(&byte)));
    }
}

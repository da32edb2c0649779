//! Where requests go.

use proptest::prelude::*;

use crate::api::operation::Operation;
use crate::policy::address::{BaseUrl, is_dot_segment};

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

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

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

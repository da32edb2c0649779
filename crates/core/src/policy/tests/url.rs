//! URLs of requests.

use proptest::prelude::*;

use crate::api::operation::Operation;
use crate::policy::url::{BaseUrl, DEFAULT_BASE_URL, is_dot_segment, is_private};

const ID: &str = "3c90c3cc-0d44-4b50-8888-8dd25736052a";

#[test]
fn a_base_url_keeps_its_path_and_loses_trailing_slashes() {
    let url = |base: &str| BaseUrl::parse(base).unwrap().join(Operation::SkillsGet.spec(), &[ID.to_owned()]);
    let expected = format!("https://api.browser-use.com/api/v2/skills/{ID}");
    assert_eq!(url("https://api.browser-use.com/api/v2"), expected);
    assert_eq!(url("https://api.browser-use.com/api/v2///"), expected);
    assert_eq!(url("/proxy/"), format!("/proxy/skills/{ID}"));
    assert_eq!(url("/"), format!("/skills/{ID}"));
    assert_eq!(BaseUrl::default().join(Operation::SkillsGet.spec(), &[ID.to_owned()]), expected);
}

#[test]
fn an_ambiguous_base_url_is_invalid() {
    for wrong in [
        "https://user:password@example.com",
        "https://example.com/?a=1",
        "https://example.com/#a",
        "https://exa\nmple.com",
        "https:\\\\example.com",
        "https://example.com\\api",
        "https://example.com/a b",
        "https://example.com/a\u{7f}",
        "https://",
        "ftp://example.com",
        "javascript:alert(1)",
        "//example.com/api",
    ] {
        assert!(BaseUrl::parse(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn a_key_may_be_sent_to_a_loopback_host_or_over_https() {
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
fn a_base_url_is_relative_or_loopback_or_neither() {
    let (mut of_the_page, mut of_this_machine) = (Vec::new(), Vec::new());
    for text in
        ["/api", "api", "https://example.com", "https://localhost:8787", "http://[::1]", "http://[::1]0"]
    {
        let base = BaseUrl::parse(text).unwrap();
        of_the_page.extend(base.is_relative().then_some(text));
        of_this_machine.extend(base.is_loopback().then_some(text));
    }
    assert_eq!(of_the_page, ["/api", "api"]);
    assert_eq!(of_this_machine, ["https://localhost:8787", "http://[::1]"]);
}

#[test]
fn the_cloud_is_recognized_however_its_url_is_written() {
    assert!(BaseUrl::default().is_default());
    for text in ["https://api.browser-use.com/api/v2/", "HTTPS://API.Browser-Use.com/api/v2"] {
        let base = BaseUrl::parse(text).unwrap();
        assert!(base.is_default(), "{text}");
        assert_eq!(base.as_str(), DEFAULT_BASE_URL);
        assert_eq!(base, BaseUrl::default());
    }
    for text in ["https://api.browser-use.com/API/v2", "http://api.browser-use.com/api/v2", "/api/v2"] {
        assert!(!BaseUrl::parse(text).unwrap().is_default(), "{text}");
    }
}

#[test]
fn the_case_of_a_path_is_preserved() {
    let text = |base: &str| BaseUrl::parse(base).unwrap().as_str().to_owned();
    assert_eq!(text("HTTP://Example.COM:80/Proxy"), "http://example.com:80/Proxy");
    assert_eq!(text("HTTPS://Example.COM/Proxy"), "https://example.com/Proxy");
    assert_eq!(text("/Proxy"), "/Proxy");
}

#[test]
fn a_url_with_a_query_is_private_over_https_or_to_a_loopback_host() {
    for url in ["HTTPS://example.com/a?b#c", "http://LOCALHOST", "http://127.0.0.1:80/a", "http://[::1]?b"] {
        assert!(is_private(url), "{url}");
    }
    for url in ["http://example.com", "http://example.com/localhost", "localhost", "ftp://localhost"] {
        assert!(!is_private(url), "{url}");
    }
}

#[test]
fn a_slug_cannot_leave_its_place_in_the_path() {
    let url = |slug: &str| {
        BaseUrl::parse("https://a.b").unwrap().join(Operation::MarketplaceGet.spec(), &[slug.to_owned()])
    };
    assert_eq!(url("../x?y#z"), "https://a.b/marketplace/skills/..%2Fx%3Fy%23z");
    assert_eq!(url("%2e%2e"), "https://a.b/marketplace/skills/%252e%252e");
    assert_eq!(url("grüße"), "https://a.b/marketplace/skills/gr%C3%BC%C3%9Fe");
    assert!(is_dot_segment("..") && is_dot_segment(".") && !is_dot_segment("..."));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_breaks_a_base_url(text in ".*") {
        let _ = BaseUrl::parse(&text);
    }

    #[test]
    fn a_path_parameter_is_one_segment(slug in ".*") {
        let base = BaseUrl::parse("https://a.b").unwrap();
        let url = base.join(Operation::MarketplaceGet.spec(), &[slug]);
        let value = url.strip_prefix("https://a.b/marketplace/skills/").unwrap();
        prop_assert!(value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~%".contains(&byte)));
    }
    #[test]
    fn a_path_parameter_is_decoded_to_itself(slug in ".*") {
        let base = BaseUrl::parse("/").unwrap();
        let url = base.join(Operation::MarketplaceGet.spec(), std::slice::from_ref(&slug));
        let value = url.strip_prefix("/marketplace/skills/").unwrap();
        let mut parts = value.split('%');
        let mut decoded = parts.next().unwrap().as_bytes().to_vec();
        for part in parts {
            let (code, plain) = part.split_at(2);
            decoded.push(u8::from_str_radix(code, 16).unwrap());
            decoded.extend(plain.bytes());
        }
        prop_assert_eq!(decoded, slug.into_bytes());
    }
}

//! Addresses, headers and attempts.

#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    missing_docs
)]

use browser_use_skills::api::operation::Operation;
use browser_use_skills::policy::address::{BaseUrl, is_dot_segment};
use browser_use_skills::policy::attempt::{Attempts, Next, Outcome, Policy};
use browser_use_skills::policy::budget::Budget;
use browser_use_skills::policy::header;
use browser_use_skills::policy::retry::{backoff_ms, retry_after};
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

/// 2026-11-21T10:00:00Z.
const NOW_MS: f64 = 1_795_255_200_000.0;

#[test]
fn a_retry_after_is_read_strictly() {
    let read = |text: &str| retry_after(text, NOW_MS);
    assert_eq!(read("120"), Some(120.0));
    assert_eq!(read(" 0 "), Some(0.0));
    assert_eq!(read("Sat, 21 Nov 2026 10:00:30 GMT"), Some(30.0));
    assert_eq!(read("Sat, 21 Nov 2026 09:59:55 GMT"), Some(0.0), "a clock may be a little behind");
    assert_eq!(read("Tue, 29 Feb 2028 00:00:00 GMT"), Some(40_140_000.0));
    for nonsense in [
        "",
        "abc",
        "-1",
        "1.5",
        "1e3",
        "+3",
        "99999999999999999999",
        "0x10",
        "1 2",
        "2026-11-21T10:00:30Z",
        "Sun, 21 Nov 2026 10:00:30 GMT",
        "Sat, 21 Nov 2026 10:00:30 UTC",
        "Sat, 21 Nov 2026 25:00:30 GMT",
        "Saturday, 21-Nov-26 10:00:30 GMT",
        "Sun, 06 Nov 1994 08:49:37 GMT",
    ] {
        assert_eq!(read(nonsense), None, "{nonsense}");
    }
}

const POLICY: Policy = Policy {
    max_retries: 2,
    safe_to_resend: false,
    gone_is_done: false,
    key_may_change: false,
    is_recovery: false,
    max_retry_after_ms: 60_000.0,
    deadline_ms: f64::INFINITY,
};

const fn refused(status: u16) -> Outcome {
    Outcome::Refused { status, retry_after_ms: None, sessions: false }
}

const fn refused_for(status: u16, milliseconds: f64) -> Outcome {
    Outcome::Refused { status, retry_after_ms: Some(milliseconds), sessions: false }
}

/// What follows after these outcomes, one after the other.
fn after(policy: Policy, outcomes: &[Outcome]) -> Next {
    let mut attempts = Attempts::new(policy);
    let mut budget = Budget::default();
    let mut next = Next::GiveUp;
    for outcome in outcomes {
        next = attempts.ended(*outcome, 0.0, 1.0, &mut budget);
    }
    next
}

#[test]
fn what_costs_money_is_sent_again_only_if_nothing_was_done() {
    for lost in
        [Outcome::Lost, Outcome::Final, refused(500), refused(502), refused(503), refused(504), refused(408)]
    {
        assert_eq!(after(POLICY, &[lost]), Next::GiveUp, "{lost:?}");
    }
    assert_eq!(after(POLICY, &[refused(429)]), Next::SendAfter(500.0));
    assert_eq!(
        after(POLICY, &[refused_for(503, 1.0)]),
        Next::GiveUp,
        "a gateway may send it after the run began"
    );
    assert_eq!(after(POLICY, &[refused(0)]), Next::GiveUp);
    assert_eq!(after(POLICY, &[Outcome::NotSent]), Next::SendAfter(500.0));
    let sessions = Outcome::Refused { status: 429, retry_after_ms: None, sessions: true };
    assert_eq!(after(POLICY, &[sessions, sessions]), Next::SendAfter(4_000.0));
}

#[test]
fn what_is_safe_is_sent_again_after_losses_but_not_after_refusals() {
    let policy = Policy { safe_to_resend: true, ..POLICY };
    for lost in
        [Outcome::Lost, refused(408), refused(425), refused(500), refused(502), refused(503), refused(504)]
    {
        assert_eq!(after(policy, &[lost]), Next::SendAfter(500.0), "{lost:?}");
        assert_eq!(after(policy, &[lost, lost, lost]), Next::GiveUp, "{lost:?}");
    }
    for refusal in [refused(400), refused(401), refused(404), refused(422), refused(501), Outcome::Final] {
        assert_eq!(after(policy, &[refusal]), Next::GiveUp, "{refusal:?}");
    }
}

#[test]
fn a_call_is_retryable_if_it_may_succeed_later_and_cannot_be_carried_out_twice() {
    let is_retryable = |policy: Policy, outcomes: &[Outcome]| {
        let mut attempts = Attempts::new(Policy { max_retries: 0, ..policy });
        for outcome in outcomes {
            attempts.ended(*outcome, 0.0, 1.0, &mut Budget::default());
        }
        attempts.is_retryable()
    };
    let safe = Policy { safe_to_resend: true, ..POLICY };
    for nothing_done in [Outcome::NotSent, refused(429), refused_for(429, 90_000.0)] {
        assert!(is_retryable(POLICY, &[nothing_done]), "{nothing_done:?}");
        assert!(
            !is_retryable(POLICY, &[Outcome::Lost, nothing_done]),
            "{nothing_done:?}, the first was lost"
        );
        assert!(is_retryable(safe, &[Outcome::Lost, nothing_done]), "{nothing_done:?}");
    }
    for open in [Outcome::Lost, refused(408), refused(500), refused(502), refused(503), refused(504)] {
        assert!(!is_retryable(POLICY, &[open]), "{open:?}");
        assert!(is_retryable(safe, &[open]), "{open:?}");
    }
    for permanent in [Outcome::Final, refused(400), refused(401), refused(402), refused(404), refused(422)] {
        assert!(!is_retryable(safe, &[permanent]), "{permanent:?}");
        assert!(!is_retryable(safe, &[refused(500), permanent]), "{permanent:?} after a failure");
    }
}

#[test]
fn a_server_is_believed_up_to_a_limit() {
    assert_eq!(after(POLICY, &[refused_for(429, 60_000.0)]), Next::SendAfter(60_000.0));
    assert_eq!(after(POLICY, &[refused_for(429, 60_001.0)]), Next::GiveUp);
    let hurried = Policy { deadline_ms: 400.0, ..POLICY };
    assert_eq!(after(hurried, &[refused(429)]), Next::GiveUp, "it could not be sent in time");
}

#[test]
fn a_deletion_that_finds_nothing_is_done_if_it_may_have_done_it() {
    let policy = Policy { safe_to_resend: true, gone_is_done: true, ..POLICY };
    assert_eq!(after(policy, &[Outcome::Lost, refused(404)]), Next::Done);
    assert_eq!(after(policy, &[refused(502), refused(404)]), Next::Done);
    assert_eq!(after(policy, &[refused(404)]), Next::GiveUp);
    assert_eq!(after(policy, &[refused(429), refused(404)]), Next::GiveUp);
    assert_eq!(after(policy, &[refused_for(503, 1.0), refused(404)]), Next::Done);
}

#[test]
fn another_key_is_asked_for_once() {
    let policy = Policy { key_may_change: true, max_retries: 0, ..POLICY };
    assert_eq!(after(policy, &[refused(401)]), Next::SendWithAnotherKey);
    assert_eq!(after(policy, &[refused(401), refused(401)]), Next::GiveUp);
    assert_eq!(after(POLICY, &[refused(401)]), Next::GiveUp);
}

#[test]
fn the_budget_of_a_client_ends_a_storm() {
    let mut budget = Budget::default();
    let policy = Policy { safe_to_resend: true, max_retries: u32::MAX, ..POLICY };
    let mut attempts = Attempts::new(policy);
    let mut sent_again = 0;
    while matches!(attempts.ended(Outcome::Lost, 0.0, 0.0, &mut budget), Next::SendAfter(_)) {
        sent_again += 1;
    }
    assert_eq!((sent_again, budget.left()), (50, 0));
    attempts.succeeded(&mut budget);
    assert_eq!(budget.left(), 10, "what the last attempt had cost");
    for _ in 0..1_000 {
        Attempts::new(policy).succeeded(&mut budget);
    }
    assert_eq!(budget, Budget::default(), "never more than at first");
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
        Just(Outcome::NotSent),
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
        [safe_to_resend, gone_is_done, key_may_change] in any::<[bool; 3]>(),
        deadline_ms in prop_oneof![Just(f64::INFINITY), 0.0..100_000.0_f64],
        outcomes in proptest::collection::vec((any_outcome(), 0.0..1.0_f64), 9),
    ) {
        let max_retry_after_ms = 60_000.0;
        let policy =
            Policy { max_retries, safe_to_resend, is_recovery: false, gone_is_done, key_may_change, max_retry_after_ms, deadline_ms };
        let mut attempts = Attempts::new(policy);
        let mut budget = Budget::default();
        let mut now_ms = 0.0;
        let mut asked_for_keys = 0;
        for (outcome, chance) in outcomes {
            let before = budget.left();
            match attempts.ended(outcome, now_ms, chance, &mut budget) {
                Next::GiveUp | Next::Done => {
                    let is_risky = attempts.is_retryable() && attempts.may_have_been_done();
                    prop_assert!(safe_to_resend || !is_risky);
                    return Ok(());
                }
                Next::SendWithAnotherKey => asked_for_keys += 1,
                Next::SendAfter(delay) => {
                    now_ms += delay;
                    prop_assert!((0.0..=max_retry_after_ms).contains(&delay));
                    prop_assert!(now_ms < deadline_ms);
                    prop_assert!(budget.left() < before);
                    let proves_nothing_was_done =
                        matches!(outcome, Outcome::NotSent | Outcome::Refused { status: 429, .. });
                    prop_assert!(safe_to_resend || proves_nothing_was_done, "{outcome:?}");
                    prop_assert!(attempts.is_retryable());
                }
            }
            prop_assert!(asked_for_keys <= u32::from(key_may_change));
            prop_assert!(attempts.made() <= max_retries + asked_for_keys);
            prop_assert!((attempts.delay_ms() - now_ms).abs() < 1e-6);
        }
        prop_assert!(false, "more attempts than allowed");
    }

    #[test]
    fn our_own_delays_stay_within_their_bounds(retries in any::<u32>(), sessions in any::<bool>(), chance in 0.0..1.0_f64) {
        prop_assert!((0.0..=8_000.0).contains(&backoff_ms(retries, sessions, chance)));
    }

    #[test]
    fn no_text_breaks_a_retry_after(text in ".*", now_ms in 0.0..4e12_f64) {
        if let Some(seconds) = retry_after(&text, now_ms) {
            prop_assert!(seconds >= 0.0 && seconds.is_finite());
        }
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

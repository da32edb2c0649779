//! Whether a call is sent again.

use proptest::prelude::*;

use crate::policy::attempt::{Attempts, Next, Outcome, Policy};
use crate::policy::budget::Budget;

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
    let mut lose = || attempts.ended(Outcome::Lost, 0.0, 0.0, &mut budget);
    let sent_again = (0..1_000).take_while(|_| matches!(lose(), Next::SendAfter(_))).count();
    assert_eq!((sent_again, budget.left()), (50, 0));
    attempts.succeeded(&mut budget);
    assert_eq!(budget.left(), 10, "what the last attempt had cost");
    for _ in 0..1_000 {
        Attempts::new(policy).succeeded(&mut budget);
    }
    assert_eq!(budget, Budget::default(), "never more than at first");
}

#[test]
fn an_attempt_that_may_have_been_carried_out_is_remembered() {
    let mut attempts = Attempts::new(Policy { safe_to_resend: true, ..POLICY });
    let mut budget = Budget::default();
    attempts.ended(refused(429), 0.0, 1.0, &mut budget);
    assert!(!attempts.may_have_been_done());
    attempts.ended(Outcome::Lost, 0.0, 1.0, &mut budget);
    assert!(attempts.may_have_been_done());
    attempts.ended(refused(429), 0.0, 1.0, &mut budget);
    assert!(attempts.may_have_been_done());
}

#[test]
fn every_attempt_counts_however_it_ends() {
    let mut attempts = Attempts::new(Policy { key_may_change: true, ..POLICY });
    let mut budget = Budget::default();
    attempts.refused();
    assert_eq!(attempts.made(), 1);
    attempts.ended(refused(401), 0.0, 1.0, &mut budget);
    attempts.ended(refused(429), 0.0, 1.0, &mut budget);
    attempts.succeeded(&mut budget);
    assert_eq!(attempts.made(), 4);
}

#[test]
fn a_refusal_before_the_work_uses_up_no_repeat() {
    let mut attempts = Attempts::new(Policy { max_retries: 1, ..POLICY });
    let mut budget = Budget::default();
    for _ in 0..5 {
        attempts.refused();
    }
    assert_eq!(attempts.ended(refused(429), 0.0, 1.0, &mut budget), Next::SendAfter(500.0));
    assert_eq!(attempts.ended(refused(429), 0.0, 1.0, &mut budget), Next::GiveUp);
}

#[test]
fn a_kept_response_is_requested_in_a_tenth_of_the_usual_delay_and_costs_no_budget() {
    let policy = Policy { safe_to_resend: true, is_recovery: true, ..POLICY };
    assert_eq!(after(policy, &[Outcome::Lost]), Next::SendAfter(50.0));
    assert_eq!(after(policy, &[Outcome::Lost, Outcome::Lost]), Next::SendAfter(100.0));
    assert_eq!(after(policy, &[refused(502)]), Next::SendAfter(500.0), "a server has to recover first");
    let mut budget = Budget::default();
    Attempts::new(policy).ended(Outcome::Lost, 0.0, 1.0, &mut budget);
    assert_eq!(budget, Budget::default());
}

#[test]
fn a_request_whose_key_is_in_use_is_repeated_when_the_proxy_says() {
    let policy = Policy { safe_to_resend: true, ..POLICY };
    assert_eq!(after(policy, &[refused_for(409, 1_000.0)]), Next::SendAfter(1_000.0));
    assert_eq!(after(policy, &[refused(409)]), Next::GiveUp);
    assert_eq!(after(POLICY, &[refused_for(409, 1_000.0)]), Next::GiveUp);
}

#[test]
fn only_too_many_requests_can_be_for_sessions() {
    let refused = |status, sessions| Outcome::Refused { status, retry_after_ms: None, sessions };
    assert!(refused(429, true).is_for_sessions());
    for other in [refused(429, false), refused(403, true), Outcome::Lost] {
        assert!(!other.is_for_sessions(), "{other:?}");
    }
}

#[test]
fn a_repeat_must_begin_before_the_deadline() {
    let next = |now_ms: f64| {
        let mut attempts = Attempts::new(Policy { deadline_ms: 1_000.0, ..POLICY });
        attempts.ended(refused(429), now_ms, 1.0, &mut Budget::default())
    };
    assert_eq!(next(499.0), Next::SendAfter(500.0));
    assert_eq!(next(500.0), Next::GiveUp);
}

#[test]
fn another_key_is_requested_for_no_other_refusal() {
    let policy = Policy { key_may_change: true, max_retries: 0, ..POLICY };
    for outcome in [refused(403), refused(429), Outcome::Lost] {
        assert_eq!(after(policy, &[outcome]), Next::GiveUp, "{outcome:?}");
    }
}

#[test]
fn a_deletion_is_done_by_no_other_refusal() {
    let policy = Policy { safe_to_resend: true, gone_is_done: true, ..POLICY };
    assert_eq!(after(policy, &[Outcome::Lost, refused(403)]), Next::GiveUp);
    let not_a_deletion = Policy { gone_is_done: false, ..policy };
    assert_eq!(after(not_a_deletion, &[Outcome::Lost, refused(404)]), Next::GiveUp);
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
}

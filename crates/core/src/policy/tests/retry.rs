//! Decisions about retries.

use proptest::prelude::*;

use crate::policy::budget::RetryBudget;
use crate::policy::retry::{AttemptFailure, RetryDecision, RetryPolicy, RetryState};

const POLICY: RetryPolicy = RetryPolicy {
    max_retries: 2,
    safe_to_resend: false,
    not_found_is_success: false,
    key_may_change: false,
    is_recovery: false,
    max_retry_after_ms: 60_000.0,
    deadline_ms: f64::INFINITY,
};

const fn refused(status: u16) -> AttemptFailure {
    AttemptFailure::ErrorResponse { status, retry_after_ms: None, sessions: false }
}

const fn refused_for(status: u16, milliseconds: f64) -> AttemptFailure {
    AttemptFailure::ErrorResponse { status, retry_after_ms: Some(milliseconds), sessions: false }
}

/// Returns the decision after a series of failures.
fn after(policy: RetryPolicy, outcomes: &[AttemptFailure]) -> RetryDecision {
    let mut state = RetryState::new(policy);
    let mut budget = RetryBudget::default();
    let mut next = RetryDecision::GiveUp;
    for outcome in outcomes {
        next = state.record_failure(*outcome, 0.0, 1.0, &mut budget);
    }
    next
}

#[test]
fn a_paid_operation_is_retried_only_if_nothing_was_executed() {
    for lost in [
        AttemptFailure::NoResponse,
        AttemptFailure::NotRetryable,
        refused(500),
        refused(502),
        refused(503),
        refused(504),
        refused(408),
    ] {
        assert_eq!(after(POLICY, &[lost]), RetryDecision::GiveUp, "{lost:?}");
    }
    assert_eq!(after(POLICY, &[refused(429)]), RetryDecision::RetryAfter(500.0));
    assert_eq!(
        after(POLICY, &[refused_for(503, 1.0)]),
        RetryDecision::GiveUp,
        "a gateway may send it after the run began"
    );
    assert_eq!(after(POLICY, &[refused(0)]), RetryDecision::GiveUp);
    assert_eq!(after(POLICY, &[AttemptFailure::NotSent]), RetryDecision::RetryAfter(500.0));
    let sessions = AttemptFailure::ErrorResponse { status: 429, retry_after_ms: None, sessions: true };
    assert_eq!(after(POLICY, &[sessions, sessions]), RetryDecision::RetryAfter(4_000.0));
}

#[test]
fn a_safe_operation_is_retried_after_losses_but_not_after_refusals() {
    let policy = RetryPolicy { safe_to_resend: true, ..POLICY };
    for lost in [
        AttemptFailure::NoResponse,
        refused(408),
        refused(425),
        refused(500),
        refused(502),
        refused(503),
        refused(504),
    ] {
        assert_eq!(after(policy, &[lost]), RetryDecision::RetryAfter(500.0), "{lost:?}");
        assert_eq!(after(policy, &[lost, lost, lost]), RetryDecision::GiveUp, "{lost:?}");
    }
    for refusal in
        [refused(400), refused(401), refused(404), refused(422), refused(501), AttemptFailure::NotRetryable]
    {
        assert_eq!(after(policy, &[refusal]), RetryDecision::GiveUp, "{refusal:?}");
    }
}

#[test]
fn a_call_is_retryable_if_it_may_succeed_later_and_cannot_execute_twice() {
    let is_retryable = |policy: RetryPolicy, outcomes: &[AttemptFailure]| {
        let mut state = RetryState::new(RetryPolicy { max_retries: 0, ..policy });
        for outcome in outcomes {
            state.record_failure(*outcome, 0.0, 1.0, &mut RetryBudget::default());
        }
        state.is_retryable()
    };
    let safe = RetryPolicy { safe_to_resend: true, ..POLICY };
    for nothing_done in [AttemptFailure::NotSent, refused(429), refused_for(429, 90_000.0)] {
        assert!(is_retryable(POLICY, &[nothing_done]), "{nothing_done:?}");
        assert!(
            !is_retryable(POLICY, &[AttemptFailure::NoResponse, nothing_done]),
            "{nothing_done:?}, the first was lost"
        );
        assert!(is_retryable(safe, &[AttemptFailure::NoResponse, nothing_done]), "{nothing_done:?}");
    }
    for open in
        [AttemptFailure::NoResponse, refused(408), refused(500), refused(502), refused(503), refused(504)]
    {
        assert!(!is_retryable(POLICY, &[open]), "{open:?}");
        assert!(is_retryable(safe, &[open]), "{open:?}");
    }
    for permanent in
        [AttemptFailure::NotRetryable, refused(400), refused(401), refused(402), refused(404), refused(422)]
    {
        assert!(!is_retryable(safe, &[permanent]), "{permanent:?}");
        assert!(!is_retryable(safe, &[refused(500), permanent]), "{permanent:?} after a failure");
    }
}

#[test]
fn a_retry_after_is_accepted_up_to_a_limit() {
    assert_eq!(after(POLICY, &[refused_for(429, 60_000.0)]), RetryDecision::RetryAfter(60_000.0));
    assert_eq!(after(POLICY, &[refused_for(429, 60_001.0)]), RetryDecision::GiveUp);
    let hurried = RetryPolicy { deadline_ms: 400.0, ..POLICY };
    assert_eq!(after(hurried, &[refused(429)]), RetryDecision::GiveUp, "it could not be sent in time");
}

#[test]
fn a_deletion_that_finds_nothing_succeeds_if_an_attempt_may_have_been_executed() {
    let policy = RetryPolicy { safe_to_resend: true, not_found_is_success: true, ..POLICY };
    assert_eq!(after(policy, &[AttemptFailure::NoResponse, refused(404)]), RetryDecision::Done);
    assert_eq!(after(policy, &[refused(502), refused(404)]), RetryDecision::Done);
    assert_eq!(after(policy, &[refused(404)]), RetryDecision::GiveUp);
    assert_eq!(after(policy, &[refused(429), refused(404)]), RetryDecision::GiveUp);
    assert_eq!(after(policy, &[refused_for(503, 1.0), refused(404)]), RetryDecision::Done);
}

#[test]
fn another_key_is_requested_once() {
    let policy = RetryPolicy { key_may_change: true, max_retries: 0, ..POLICY };
    assert_eq!(after(policy, &[refused(401)]), RetryDecision::RetryWithNewKey);
    assert_eq!(after(policy, &[refused(401), refused(401)]), RetryDecision::GiveUp);
    assert_eq!(after(POLICY, &[refused(401)]), RetryDecision::GiveUp);
}

#[test]
fn the_retry_budget_limits_retries() {
    let mut budget = RetryBudget::default();
    let policy = RetryPolicy { safe_to_resend: true, max_retries: u32::MAX, ..POLICY };
    let mut state = RetryState::new(policy);
    let mut lose = || state.record_failure(AttemptFailure::NoResponse, 0.0, 0.0, &mut budget);
    let sent_again = (0..1_000).take_while(|_| matches!(lose(), RetryDecision::RetryAfter(_))).count();
    assert_eq!((sent_again, budget.left()), (50, 0));
    state.record_success(&mut budget);
    assert_eq!(budget.left(), 10, "what the last attempt had cost");
    for _ in 0..1_000 {
        RetryState::new(policy).record_success(&mut budget);
    }
    assert_eq!(budget, RetryBudget::default(), "never more than at first");
}

#[test]
fn an_attempt_that_may_have_been_executed_is_remembered() {
    let mut state = RetryState::new(RetryPolicy { safe_to_resend: true, ..POLICY });
    let mut budget = RetryBudget::default();
    state.record_failure(refused(429), 0.0, 1.0, &mut budget);
    assert!(!state.maybe_executed());
    state.record_failure(AttemptFailure::NoResponse, 0.0, 1.0, &mut budget);
    assert!(state.maybe_executed());
    state.record_failure(refused(429), 0.0, 1.0, &mut budget);
    assert!(state.maybe_executed());
}

#[test]
fn every_attempt_counts_however_it_ends() {
    let mut state = RetryState::new(RetryPolicy { key_may_change: true, ..POLICY });
    let mut budget = RetryBudget::default();
    state.record_refusal();
    assert_eq!(state.attempts(), 1);
    state.record_failure(refused(401), 0.0, 1.0, &mut budget);
    state.record_failure(refused(429), 0.0, 1.0, &mut budget);
    state.record_success(&mut budget);
    assert_eq!(state.attempts(), 4);
}

#[test]
fn a_refusal_before_execution_does_not_count_as_a_retry() {
    let mut state = RetryState::new(RetryPolicy { max_retries: 1, ..POLICY });
    let mut budget = RetryBudget::default();
    for _ in 0..5 {
        state.record_refusal();
    }
    assert_eq!(state.record_failure(refused(429), 0.0, 1.0, &mut budget), RetryDecision::RetryAfter(500.0));
    assert_eq!(state.record_failure(refused(429), 0.0, 1.0, &mut budget), RetryDecision::GiveUp);
}

#[test]
fn a_stored_response_is_requested_in_a_tenth_of_the_usual_delay_without_the_budget() {
    let policy = RetryPolicy { safe_to_resend: true, is_recovery: true, ..POLICY };
    assert_eq!(after(policy, &[AttemptFailure::NoResponse]), RetryDecision::RetryAfter(50.0));
    assert_eq!(
        after(policy, &[AttemptFailure::NoResponse, AttemptFailure::NoResponse]),
        RetryDecision::RetryAfter(100.0)
    );
    assert_eq!(
        after(policy, &[refused(502)]),
        RetryDecision::RetryAfter(500.0),
        "a server has to recover first"
    );
    let mut budget = RetryBudget::default();
    RetryState::new(policy).record_failure(AttemptFailure::NoResponse, 0.0, 1.0, &mut budget);
    assert_eq!(budget, RetryBudget::default());
}

#[test]
fn a_request_whose_key_is_in_use_is_retried_after_the_proxys_delay() {
    let policy = RetryPolicy { safe_to_resend: true, ..POLICY };
    assert_eq!(after(policy, &[refused_for(409, 1_000.0)]), RetryDecision::RetryAfter(1_000.0));
    assert_eq!(after(policy, &[refused(409)]), RetryDecision::GiveUp);
    assert_eq!(after(POLICY, &[refused_for(409, 1_000.0)]), RetryDecision::GiveUp);
}

#[test]
fn only_a_429_can_be_a_session_limit() {
    let refused = |status, sessions| AttemptFailure::ErrorResponse { status, retry_after_ms: None, sessions };
    assert!(refused(429, true).is_session_limit());
    for other in [refused(429, false), refused(403, true), AttemptFailure::NoResponse] {
        assert!(!other.is_session_limit(), "{other:?}");
    }
}

#[test]
fn a_retry_must_start_before_the_deadline() {
    let next = |now_ms: f64| {
        let mut state = RetryState::new(RetryPolicy { deadline_ms: 1_000.0, ..POLICY });
        state.record_failure(refused(429), now_ms, 1.0, &mut RetryBudget::default())
    };
    assert_eq!(next(499.0), RetryDecision::RetryAfter(500.0));
    assert_eq!(next(500.0), RetryDecision::GiveUp);
}

#[test]
fn another_key_is_requested_for_no_other_status() {
    let policy = RetryPolicy { key_may_change: true, max_retries: 0, ..POLICY };
    for outcome in [refused(403), refused(429), AttemptFailure::NoResponse] {
        assert_eq!(after(policy, &[outcome]), RetryDecision::GiveUp, "{outcome:?}");
    }
}

#[test]
fn a_deletion_succeeds_with_no_other_status() {
    let policy = RetryPolicy { safe_to_resend: true, not_found_is_success: true, ..POLICY };
    assert_eq!(after(policy, &[AttemptFailure::NoResponse, refused(403)]), RetryDecision::GiveUp);
    let not_a_deletion = RetryPolicy { not_found_is_success: false, ..policy };
    assert_eq!(after(not_a_deletion, &[AttemptFailure::NoResponse, refused(404)]), RetryDecision::GiveUp);
}

fn any_failure() -> impl Strategy<Value = AttemptFailure> {
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
        Just(AttemptFailure::NoResponse),
        Just(AttemptFailure::NotRetryable),
        Just(AttemptFailure::NotSent),
        refused.prop_map(|(status, retry_after_ms, sessions)| AttemptFailure::ErrorResponse {
            status,
            retry_after_ms,
            sessions
        }),
    ]
}
proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn retries_end_and_never_execute_twice(
        max_retries in 0_u32..5,
        [safe_to_resend, not_found_is_success, key_may_change] in any::<[bool; 3]>(),
        deadline_ms in prop_oneof![Just(f64::INFINITY), 0.0..100_000.0_f64],
        outcomes in proptest::collection::vec((any_failure(), 0.0..1.0_f64), 9),
    ) {
        let max_retry_after_ms = 60_000.0;
        let policy =
            RetryPolicy { max_retries, safe_to_resend, is_recovery: false, not_found_is_success, key_may_change, max_retry_after_ms, deadline_ms };
        let mut state = RetryState::new(policy);
        let mut budget = RetryBudget::default();
        let mut now_ms = 0.0;
        let mut asked_for_keys = 0;
        for (outcome, chance) in outcomes {
            let before = budget.left();
            match state.record_failure(outcome, now_ms, chance, &mut budget) {
                RetryDecision::GiveUp | RetryDecision::Done => {
                    let is_risky = state.is_retryable() && state.maybe_executed();
                    prop_assert!(safe_to_resend || !is_risky);
                    return Ok(());
                }
                RetryDecision::RetryWithNewKey => asked_for_keys += 1,
                RetryDecision::RetryAfter(delay) => {
                    now_ms += delay;
                    prop_assert!((0.0..=max_retry_after_ms).contains(&delay));
                    prop_assert!(now_ms < deadline_ms);
                    prop_assert!(budget.left() < before);
                    let proves_nothing_was_done =
                        matches!(outcome, AttemptFailure::NotSent | AttemptFailure::ErrorResponse { status: 429, .. });
                    prop_assert!(safe_to_resend || proves_nothing_was_done, "{outcome:?}");
                    prop_assert!(state.is_retryable());
                }
            }
            prop_assert!(asked_for_keys <= u32::from(key_may_change));
            prop_assert!(state.attempts() <= max_retries + asked_for_keys);
            prop_assert!((state.delay_ms() - now_ms).abs() < 1e-6);
        }
        prop_assert!(false, "more state than allowed");
    }
}

//! The retry budget.

use proptest::prelude::*;

use crate::policy::budget::RetryBudget;

#[test]
fn a_retry_without_a_response_costs_twice_as_much() {
    let mut budget = RetryBudget::default();
    assert_eq!((budget.take(false), budget.left()), (Some(5), 495));
    assert_eq!((budget.take(true), budget.left()), (Some(10), 485));
}

#[test]
fn a_retry_takes_tokens_only_if_enough_are_left() {
    let mut budget = RetryBudget::default();
    for _ in 0..99 {
        budget.take(false);
    }
    assert_eq!((budget.take(true), budget.left()), (None, 5));
    assert_eq!((budget.take(false), budget.left()), (Some(5), 0));
    assert_eq!((budget.take(false), budget.left()), (None, 0));
}

#[test]
fn a_success_earns_a_token_and_one_after_a_retry_refunds_its_cost() {
    let mut budget = RetryBudget::default();
    let taken = budget.take(true);
    budget.succeeded(None);
    assert_eq!(budget.left(), 491);
    budget.take(false);
    budget.succeeded(taken);
    assert_eq!(budget.left(), 496);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_budget_never_exceeds_its_capacity(calls in proptest::collection::vec(any::<[bool; 2]>(), 0..300)) {
        let mut budget = RetryBudget::default();
        for [is_success, is_silent] in calls {
            if is_success {
                budget.succeeded(is_silent.then_some(10));
            } else {
                budget.take(is_silent);
            }
            prop_assert!(budget.left() <= RetryBudget::default().left());
        }
    }
}

//! Delays between polls.

use proptest::prelude::*;

use crate::policy::backoff::Backoff;

/// The delay is the nominal one.
const MIDDLE: f64 = 0.5;

#[test]
fn delays_grow_by_half_from_one_second_to_ten() {
    let mut backoff = Backoff::new(1_000.0, 1_500.0, 10_000.0);
    let delays: Vec<f64> = (0..8).map(|_| backoff.next(MIDDLE)).collect();
    assert_eq!(delays, [1_000.0, 1_500.0, 2_250.0, 3_375.0, 5_062.5, 7_593.75, 10_000.0, 10_000.0]);
}

#[test]
fn the_second_delay_may_be_shorter_than_the_first() {
    let mut backoff = Backoff::new(2_000.0, 250.0, 300.0);
    assert_eq!([backoff.next(MIDDLE), backoff.next(MIDDLE), backoff.next(MIDDLE)], [2_000.0, 250.0, 300.0]);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn jitter_is_at_most_20_percent(polls in 0_usize..20, chance in -1.0..2.0_f64) {
        let mut backoff = Backoff::new(1_000.0, 1_500.0, 10_000.0);
        for _ in 0..polls {
            backoff.next(MIDDLE);
        }
        let [shortest, middle, longest, delay] =
            [0.0, MIDDLE, 1.0, chance].map(|chance| backoff.clone().next(chance));
        prop_assert!((shortest - middle * 0.8).abs() < 1e-6);
        prop_assert!((longest - middle * 1.2).abs() < 1e-6);
        prop_assert!((shortest..=longest).contains(&delay));
    }
}

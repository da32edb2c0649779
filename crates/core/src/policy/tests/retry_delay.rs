//! Delays before retries.

use proptest::prelude::*;

use crate::policy::retry_delay::{backoff_ms, retry_after_ms};

/// 2026-11-21T10:00:00Z.
const NOW_MS: f64 = 1_795_255_200_000.0;

/// Parses a `Retry-After` on a platform that parses every date as 30 s after `NOW_MS`.
fn read(text: &str) -> Option<f64> {
    retry_after_ms(text, NOW_MS, |_| NOW_MS + 30_000.0)
}

#[test]
fn a_retry_after_is_a_number_of_seconds_or_an_http_date() {
    assert_eq!(read("120"), Some(120_000.0));
    assert_eq!(read(" 0 "), Some(0.0));
    assert_eq!(read("\t 7\t "), Some(7_000.0));
    assert_eq!(read("999999999"), Some(999_999_999_000.0));
    assert_eq!(read("Sat, 21 Nov 2026 10:00:30 GMT"), Some(30_000.0));
    for nonsense in [
        "",
        "abc",
        "-1",
        "1.5",
        "1e3",
        "+3",
        "0000000001",
        "99999999999999999999",
        "0x10",
        "1 2",
        "2026-11-21T10:00:30Z",
        "Sat, 21 Nov 2026 10:00:30 UTC",
        "Sat, 21 Nov 2026 10:00:30 GMT+1",
        "Sat, 1 Nov 2026 10:00:30 GMT",
        "Saturday, 21-Nov-26 10:00:30 GMT",
    ] {
        assert_eq!(read(nonsense), None, "{nonsense}");
    }
}

#[test]
fn an_invalid_date_is_ignored() {
    assert_eq!(retry_after_ms("Abc, 99 Xyz 2026 10:00:00 GMT", NOW_MS, |_| f64::NAN), None);
}

#[test]
fn a_date_that_has_just_passed_means_no_delay() {
    let read_after = |seconds: f64| {
        retry_after_ms("Sat, 21 Nov 2026 10:00:00 GMT", NOW_MS + seconds * 1_000.0, |_| NOW_MS)
    };
    assert_eq!(read_after(5.0), Some(0.0), "a clock may be a little behind");
    assert_eq!(read_after(59.0), Some(0.0));
    assert_eq!(read_after(60.0), None);
}

#[test]
fn the_backoff_doubles_up_to_eight_seconds() {
    let longest = |sessions: bool| [0, 1, 2, 3, 4, 5].map(|retries| backoff_ms(retries, sessions, 1.0));
    assert_eq!(longest(false), [500.0, 1_000.0, 2_000.0, 4_000.0, 8_000.0, 8_000.0]);
    assert_eq!(longest(true), [2_000.0, 4_000.0, 8_000.0, 8_000.0, 8_000.0, 8_000.0], "sessions end first");
}

#[test]
fn the_backoff_has_full_jitter() {
    assert_eq!(
        [-1.0, 0.0, 0.25, 1.0, 2.0].map(|chance| backoff_ms(1, false, chance)),
        [0.0, 0.0, 250.0, 1_000.0, 1_000.0]
    );
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn backoffs_stay_within_their_bounds(retries in any::<u32>(), sessions in any::<bool>(), chance in 0.0..1.0_f64) {
        prop_assert!((0.0..=8_000.0).contains(&backoff_ms(retries, sessions, chance)));
    }

    #[test]
    fn no_text_breaks_a_retry_after(text in ".*", now_ms in 0.0..4e12_f64) {
        if let Some(delay_ms) = retry_after_ms(&text, now_ms, |_| now_ms + 1.0) {
            prop_assert!(delay_ms >= 0.0 && delay_ms.is_finite());
        }
    }
}

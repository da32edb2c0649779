//! How long to wait before the next attempt.

use proptest::prelude::*;

use crate::policy::retry::{backoff_ms, retry_after};

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

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

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
}

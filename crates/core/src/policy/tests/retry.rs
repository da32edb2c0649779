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

#[test]
fn a_date_with_a_part_out_of_range_is_not_read() {
    let read = |text: &str| retry_after(text, 0.0);
    assert_eq!(read("Thu, 01 Jan 1970 00:00:00 GMT"), Some(0.0));
    assert_eq!(read("Thu, 01 Jan 1970 23:59:60 GMT"), Some(86_400.0), "a leap second");
    assert_eq!(read("Sun, 07 Feb 2106 06:28:15 GMT"), Some(4_294_967_295.0));
    for nonsense in [
        "Sun, 07 Feb 2106 06:28:16 GMT",
        "Wed, 31 Dec 1969 23:59:59 GMT",
        "Wed, 00 Jan 1970 00:00:00 GMT",
        "Sun, 32 Jan 1970 00:00:00 GMT",
        "Thu, 01 Jan 1970 24:00:00 GMT",
        "Thu, 01 Jan 1970 00:60:00 GMT",
        "Thu, 01 Jan 1970 00:00:61 GMT",
        "Thu, 01 Jan 1970 00:00:00 GMT+1",
        "Thu, 01 jan 1970 00:00:00 GMT",
        "Thu, 1 Jan 1970 00:00:00 GMT",
    ] {
        assert_eq!(read(nonsense), None, "{nonsense}");
    }
}

#[test]
fn each_day_begins_when_the_day_before_has_ended() {
    const WEEKDAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let mut days = 0_u32;
    for year in 1970_u32..2106 {
        let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        for (month, length) in
            MONTHS.iter().zip([31, 28 + u32::from(is_leap), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
        {
            for day in 1..=length {
                let weekday = WEEKDAYS[days as usize % 7];
                let midnight = format!("{weekday}, {day:02} {month} {year} 00:00:00 GMT");
                assert_eq!(retry_after(&midnight, 0.0), Some(f64::from(days) * 86_400.0), "{midnight}");
                days += 1;
            }
        }
    }
}

#[test]
fn a_date_that_has_just_passed_means_now() {
    let read_after = |seconds: f64| retry_after("Sat, 21 Nov 2026 10:00:00 GMT", NOW_MS + seconds * 1_000.0);
    assert_eq!(read_after(59.0), Some(0.0));
    assert_eq!(read_after(60.0), None);
}

#[test]
fn a_number_of_seconds_has_nine_digits_at_most() {
    assert_eq!(retry_after("999999999", NOW_MS), Some(999_999_999.0));
    assert_eq!(retry_after("0000000001", NOW_MS), None);
    assert_eq!(retry_after("\t 7\t ", NOW_MS), Some(7.0));
    assert_eq!(retry_after("\n7", NOW_MS), None);
}

#[test]
fn our_own_delay_doubles_up_to_eight_seconds() {
    let longest = |sessions: bool| [0, 1, 2, 3, 4, 5].map(|retries| backoff_ms(retries, sessions, 1.0));
    assert_eq!(longest(false), [500.0, 1_000.0, 2_000.0, 4_000.0, 8_000.0, 8_000.0]);
    assert_eq!(longest(true), [2_000.0, 4_000.0, 8_000.0, 8_000.0, 8_000.0, 8_000.0], "sessions end first");
}

#[test]
fn our_own_delay_is_any_part_of_the_longest() {
    assert_eq!(
        [-1.0, 0.0, 0.25, 1.0, 2.0].map(|chance| backoff_ms(1, false, chance)),
        [0.0, 0.0, 250.0, 1_000.0, 1_000.0]
    );
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

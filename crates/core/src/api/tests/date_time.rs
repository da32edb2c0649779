//! Dates and times.

use crate::api::date_time::is_date_time;

#[test]
fn date_times_follow_rfc_3339() {
    for right in [
        "2026-01-31T12:00:00Z",
        "2026-01-31t12:00:00.123456z",
        "2024-02-29 23:59:59+05:30",
        "2026-12-01T00:00:00.5-00:00",
    ] {
        assert!(is_date_time(right), "{right}");
    }
    for wrong in [
        "",
        "2026-01-31",
        "2026-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-01-31T24:00:00Z",
        "2026-01-31T12:00:00",
        "2026-01-31T12:00:00.Z",
        "2026-01-31T12:00:00+0530",
        "2026-01-31T12:00:00Z ",
        "+026-01-31T12:00:00Z",
        "٢٠٢٦-01-31T12:00:00Z",
    ] {
        assert!(!is_date_time(wrong), "{wrong}");
    }
}

#[test]
fn a_day_must_exist_in_its_month() {
    let lengths = |february: u32| [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    for (year, february) in [(2023, 28), (2024, 29), (1900, 28), (2000, 29)] {
        for (month, length) in (1..).zip(lengths(february)) {
            for day in 0..=32 {
                let text = format!("{year}-{month:02}-{day:02}T00:00:00Z");
                assert_eq!(is_date_time(&text), (1..=length).contains(&day), "{text}");
            }
        }
        assert!(!is_date_time(&format!("{year}-00-01T00:00:00Z")));
    }
}

#[test]
fn a_time_and_an_offset_end_at_midnight() {
    for time in ["23:59:59Z", "00:00:00+23:59", "00:00:00-23:59"] {
        assert!(is_date_time(&format!("2026-01-31T{time}")), "{time}");
    }
    for time in ["24:00:00Z", "00:60:00Z", "00:00:60Z", "00:00:00+24:00", "00:00:00+00:60", "00:00:00+00:00Z"]
    {
        assert!(!is_date_time(&format!("2026-01-31T{time}")), "{time}");
    }
}

//! Points in time: milliseconds since 1970 inside, RFC 3339 outside.

use browser_use_skills::api::value::DateTime;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// The text for a time. One beyond the year 9999 has none and becomes the beginning of 1970.
pub fn write(ms: u64) -> DateTime {
    let nanoseconds = i128::from(ms).saturating_mul(1_000_000);
    let text = OffsetDateTime::from_unix_timestamp_nanos(nanoseconds)
        .ok()
        .and_then(|moment| moment.format(&Rfc3339).ok())
        .unwrap_or_else(|| "1970-01-01T00:00:00Z".to_owned());
    DateTime(text)
}

/// The time that a text names; times before 1970 count as 1970.
pub fn read(text: &DateTime) -> Option<u64> {
    let upper = text.0.replace(' ', "T").to_ascii_uppercase();
    let moment = OffsetDateTime::parse(&upper, &Rfc3339).ok()?;
    Some(u64::try_from(moment.unix_timestamp_nanos() / 1_000_000).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_can_be_read() {
        assert_eq!(write(1_763_717_472_123).0, "2025-11-21T09:31:12.123Z");
        assert_eq!(read(&write(1_763_717_472_123)), Some(1_763_717_472_123));
        assert_eq!(read(&DateTime("1970-01-01 01:00:01+01:00".into())), Some(1000));
        assert_eq!(read(&DateTime("1969-01-01T00:00:00Z".into())), Some(0));
        assert_eq!(read(&DateTime("yesterday".into())), None);
        assert_eq!(write(u64::MAX).0, "1970-01-01T00:00:00Z");
    }
}

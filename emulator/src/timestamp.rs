//! Timestamps: milliseconds since the Unix epoch inside, RFC 3339 outside.

use browser_use_skills::api::value::DateTime;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Formats a timestamp. Years after 9999 have no RFC 3339 form and become the Unix epoch.
pub fn format(ms: u64) -> DateTime {
    let nanoseconds = i128::from(ms).saturating_mul(1_000_000);
    let text = OffsetDateTime::from_unix_timestamp_nanos(nanoseconds)
        .ok()
        .and_then(|time| time.format(&Rfc3339).ok())
        .unwrap_or_else(|| "1970-01-01T00:00:00Z".to_owned());
    DateTime(text)
}

/// Parses a timestamp. Times before the Unix epoch become 0.
pub fn parse(text: &DateTime) -> Option<u64> {
    let upper = text.0.replace(' ', "T").to_ascii_uppercase();
    let time = OffsetDateTime::parse(&upper, &Rfc3339).ok()?;
    Some(u64::try_from(time.unix_timestamp_nanos() / 1_000_000).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formatted_timestamps_parse_to_the_same_value() {
        assert_eq!(format(1_763_717_472_123).0, "2025-11-21T09:31:12.123Z");
        assert_eq!(parse(&format(1_763_717_472_123)), Some(1_763_717_472_123));
        assert_eq!(parse(&DateTime("1970-01-01 01:00:01+01:00".into())), Some(1000));
        assert_eq!(parse(&DateTime("1969-01-01T00:00:00Z".into())), Some(0));
        assert_eq!(parse(&DateTime("yesterday".into())), None);
        assert_eq!(format(u64::MAX).0, "1970-01-01T00:00:00Z");
    }
}

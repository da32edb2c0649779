//! Dates and times.

/// Whether a text is a date and time of RFC 3339, section 5.6: `date-time` in JSON Schema.
#[must_use]
pub fn is_date_time(text: &str) -> bool {
    date_time(text.as_bytes()).is_some()
}

fn date_time(text: &[u8]) -> Option<()> {
    let (year, rest) = digits(text, 4)?;
    let (month, rest) = digits(rest.strip_prefix(b"-")?, 2)?;
    let (day, rest) = digits(rest.strip_prefix(b"-")?, 2)?;
    let rest =
        rest.strip_prefix(b"T").or_else(|| rest.strip_prefix(b"t")).or_else(|| rest.strip_prefix(b" "))?;
    let (hour, rest) = digits(rest, 2)?;
    let (minute, rest) = digits(rest.strip_prefix(b":")?, 2)?;
    let (second, rest) = digits(rest.strip_prefix(b":")?, 2)?;
    let rest = match rest.strip_prefix(b".") {
        Some(fraction) => {
            let after = fraction.iter().position(|byte| !byte.is_ascii_digit())?;
            fraction.get(after..).filter(|_| after > 0)?
        }
        None => rest,
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return None,
    };
    let offset_is_right = match rest {
        b"Z" | b"z" => true,
        _ => {
            let rest = rest.strip_prefix(b"+").or_else(|| rest.strip_prefix(b"-"))?;
            let (hours, rest) = digits(rest, 2)?;
            let (minutes, rest) = digits(rest.strip_prefix(b":")?, 2)?;
            hours < 24 && minutes < 60 && rest.is_empty()
        }
    };
    ((1..=days).contains(&day) && hour < 24 && minute < 60 && second < 60 && offset_is_right).then_some(())
}

/// Parses the first `count` digits. Returns the number and the remaining text.
fn digits(text: &[u8], count: usize) -> Option<(u32, &[u8])> {
    let (number, rest) = text.split_at_checked(count)?;
    let mut value = 0_u32;
    for byte in number {
        let digit = byte.is_ascii_digit().then(|| byte.wrapping_sub(b'0'))?;
        value = value.checked_mul(10)?.checked_add(u32::from(digit))?;
    }
    Some((value, rest))
}

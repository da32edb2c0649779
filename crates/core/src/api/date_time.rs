//! Dates and times.

/// Whether a text is a date and time of RFC 3339, section 5.6: `date-time` in JSON Schema.
#[must_use]
pub fn is_date_time(text: &str) -> bool {
    let Some((moment, rest)) = text.as_bytes().split_at_checked(19) else { return false };
    let fraction = rest.strip_prefix(b".").map_or(0, |rest| rest.iter().take_while(is_digit).count());
    let offset = match fraction {
        0 => rest,
        digits => rest.get(digits.saturating_add(1)..).unwrap_or_default(),
    };
    has_form(moment, b"0000-00-00T00:00:00")
        && (1..=12).contains(&number(moment, 5..7))
        && (1..=days(number(moment, 0..4), number(moment, 5..7))).contains(&number(moment, 8..10))
        && number(moment, 11..13) < 24
        && number(moment, 14..16) < 60
        && number(moment, 17..19) < 60
        && (matches!(offset, b"Z" | b"z")
            || has_form(offset, b"+00:00") && number(offset, 1..3) < 24 && number(offset, 4..6) < 60)
}

fn is_digit(byte: &&u8) -> bool {
    byte.is_ascii_digit()
}

/// Whether a text has a form, in which `0` is any digit, `T` a separator of date and time, and `+` a sign.
fn has_form(text: &[u8], form: &[u8]) -> bool {
    text.len() == form.len()
        && text.iter().zip(form).all(|(byte, form)| match form {
            b'0' => byte.is_ascii_digit(),
            b'T' => matches!(byte, b'T' | b't' | b' '),
            b'+' => matches!(byte, b'+' | b'-'),
            _ => byte == form,
        })
}

/// The number that some digits of a text are.
fn number(text: &[u8], digits: std::ops::Range<usize>) -> u32 {
    let digits = text.get(digits).unwrap_or_default();
    digits.iter().fold(0_u32, |number, digit| {
        number.wrapping_mul(10).wrapping_add(u32::from(digit.wrapping_sub(b'0')))
    })
}

fn days(year: u32, month: u32) -> u32 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

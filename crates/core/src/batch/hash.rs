//! The hash of a row's parameters: FNV-1a with 64 bits, in hexadecimal digits.

const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0100_0000_01b3;

/// Hashes a text.
pub fn hash(text: &str) -> String {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(PRIME);
    let hash = text.bytes().fold(OFFSET, step);
    let digit = |index: u32| {
        let nibble = (hash >> (60_u32.saturating_sub(index.saturating_mul(4)))) & 15;
        char::from_digit(u32::try_from(nibble).unwrap_or_default(), 16)
    };
    (0..16).filter_map(digit).collect()
}

#[cfg(test)]
mod tests {
    use super::hash;

    #[test]
    fn matches_the_published_vectors() {
        assert_eq!(hash(""), "cbf29ce484222325");
        assert_eq!(hash("a"), "af63dc4c8601ec8c");
        assert_eq!(hash("foobar"), "85944171f73967e8");
    }
}

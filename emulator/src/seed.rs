//! Numbers that look random and are the same on every run.

use uuid::Uuid;

/// A source of numbers (SplitMix64): the same seed gives the same row.
#[derive(Clone, Debug)]
pub struct Seed(u64);

impl Seed {
    /// A source that depends on a number and a text (FNV-1a).
    pub fn of(seed: u64, text: &str) -> Self {
        let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64 ^ seed, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        Self(hash)
    }

    /// The next number.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below a limit; 0 when the limit is 0.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.next().checked_rem(limit).unwrap_or(0)
    }

    /// A number from 0 up to, but not including, 1: the 53 bits that a float holds.
    #[allow(clippy::cast_precision_loss, reason = "53 bits fit")]
    pub fn fraction(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// One of a few.
    pub fn pick<'a, T>(&mut self, choices: &'a [T]) -> Option<&'a T> {
        let limit = u64::try_from(choices.len()).unwrap_or(0);
        choices.get(usize::try_from(self.below(limit)).unwrap_or(0))
    }

    /// An id of the usual form (version 4).
    pub fn uuid(&mut self) -> Uuid {
        let wide = (u128::from(self.next()) << 64) | u128::from(self.next());
        uuid::Builder::from_random_bytes(wide.to_be_bytes()).into_uuid()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_of_version_4_and_repeat_with_the_seed() {
        let (mut one, mut two) = (Seed::of(7, "ids"), Seed::of(7, "ids"));
        let id = one.uuid();
        assert_eq!(id.get_version_num(), 4);
        assert_eq!(id, two.uuid());
        assert_ne!(one.uuid(), id);
        assert_ne!(Seed::of(8, "ids").uuid(), id);
    }
}

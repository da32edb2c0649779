//! Deterministic pseudorandom numbers.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// SplitMix64: the same seed gives the same sequence.
///
/// Serialized as hexadecimal digits: JavaScript's numbers have 53 bits.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Rng(u64);

impl Rng {
    /// Seeds the generator with the FNV-1a hash of a number and a text.
    pub fn new(seed: u64, text: &str) -> Self {
        let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64 ^ seed, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        Self(hash)
    }

    /// Returns the next number.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Returns a number below `limit`, or 0 if `limit` is 0.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.next().checked_rem(limit).unwrap_or(0)
    }

    /// Returns a number in [0, 1) with the 53 bits of precision of an `f64`.
    #[allow(clippy::cast_precision_loss, reason = "53 bits fit")]
    pub fn fraction(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Returns one of the choices; `None` if there are none.
    pub fn pick<'a, T>(&mut self, choices: &'a [T]) -> Option<&'a T> {
        let limit = u64::try_from(choices.len()).unwrap_or(0);
        choices.get(usize::try_from(self.below(limit)).unwrap_or(0))
    }

    /// Returns a version 4 UUID.
    pub fn uuid(&mut self) -> Uuid {
        let wide = (u128::from(self.next()) << 64) | u128::from(self.next());
        uuid::Builder::from_random_bytes(wide.to_be_bytes()).into_uuid()
    }
}

impl From<Rng> for String {
    fn from(rng: Rng) -> Self {
        format!("{:016x}", rng.0)
    }
}

impl TryFrom<String> for Rng {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        match u64::from_str_radix(&text, 16) {
            Ok(state) if text.len() == 16 => Ok(Self(state)),
            _ => Err("the state of a generator must be 16 hexadecimal digits"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uuids_are_version_4_and_depend_on_the_seed() {
        let (mut one, mut two) = (Rng::new(7, "ids"), Rng::new(7, "ids"));
        let id = one.uuid();
        assert_eq!(id.get_version_num(), 4);
        assert_eq!(id, two.uuid());
        assert_ne!(one.uuid(), id);
        assert_ne!(Rng::new(8, "ids").uuid(), id);
    }
}

//! The report on a world.

use crate::faults::Faults;

/// A violation of a rule.
#[derive(Clone, Debug)]
pub struct Violation {
    pub rule: &'static str,
    pub text: String,
}

/// The report on a world: the violations, the faults that took effect, and the hash and length of its history.
pub struct Report {
    pub violations: Vec<Violation>,
    pub fired: Faults,
    pub hash: u64,
    pub length: u32,
}

//! What a world came to.

use crate::faults::Faults;

/// A rule that does not hold.
#[derive(Clone, Debug)]
pub struct Violation {
    pub rule: &'static str,
    pub text: String,
}

/// What a world came to.
pub struct Report {
    pub violations: Vec<Violation>,
    pub fired: Faults,
    pub hash: u64,
    pub length: u32,
}

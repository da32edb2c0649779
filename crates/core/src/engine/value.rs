//! JSON values of the platform, and interrupted waits.

use std::fmt::Debug;

use crate::api::node::Node;

/// A JSON value of the platform. The default is `undefined`.
pub trait Value: Node + Clone + Debug + Default + 'static {
    /// Creates a string.
    fn from_string(text: &str) -> Self;
    /// Creates a number.
    fn from_number(number: f64) -> Self;
    /// Creates a boolean.
    fn from_bool(truth: bool) -> Self;
    /// Creates `null`.
    fn null() -> Self;
    /// Creates an array.
    fn array(items: Vec<Self>) -> Self;
    /// Creates an object. Omits fields that are `undefined`.
    fn object(fields: &[(&str, Self)]) -> Self;
}

/// Why a wait ended without a value.
#[derive(Debug)]
pub enum Interrupted<V> {
    /// The caller's signal was aborted, with this reason.
    Aborted(V),
    /// The time limit was exceeded.
    TimedOut,
    /// The operation failed, with this error.
    Failed(V),
}

/// Returns a string field of an object.
pub(super) fn string_field<V: Value>(of: &V, key: &str) -> Option<String> {
    of.get(key)?.as_string()
}

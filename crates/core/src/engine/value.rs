//! JSON values of the platform, and how a wait for one can end without it.

use std::fmt::Debug;

use crate::api::node::Node;

/// A JSON value of the platform. The default is `undefined`.
pub trait Value: Node + Clone + Debug + Default + 'static {
    /// A string.
    fn from_string(text: &str) -> Self;
    /// A number.
    fn from_number(number: f64) -> Self;
    /// `true` or `false`.
    fn from_bool(truth: bool) -> Self;
    /// `null`.
    fn null() -> Self;
    /// An array.
    fn array(items: Vec<Self>) -> Self;
    /// An object. Fields that are `undefined` are left out.
    fn object(fields: &[(&str, Self)]) -> Self;
}

/// Why a wait ended without its value.
#[derive(Debug)]
pub enum Interrupted<V> {
    /// The caller's signal was aborted; this is its reason.
    Aborted(V),
    /// The time was up.
    TimedOut,
    /// What was waited for failed with this.
    Failed(V),
}

/// The string in a field of an object, if it is one.
pub(super) fn string_field<V: Value>(of: &V, key: &str) -> Option<String> {
    of.get(key)?.as_string()
}

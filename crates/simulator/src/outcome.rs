//! The outcome of a run, as its caller received it.

use crate::execution::Starter;

/// The outcome of a run, as its caller received it.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// A result, and who started its execution, if that is known.
    Result {
        starter: Option<Starter>,
        execution: Option<usize>,
    },
    /// `maybeExecuted: false`.
    NotExecuted {
        code: &'static str,
    },
    /// `maybeExecuted: true`.
    MaybeExecuted {
        code: &'static str,
        execution_id: Option<String>,
    },
    Ambiguous {
        candidates: Vec<String>,
    },
    Aborted,
}

//! What a caller learned of a run.

use crate::execution::Starter;

/// What a caller learned of a run.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// A result, and whose it is, if anything tells.
    Result {
        starter: Option<Starter>,
        execution: Option<usize>,
    },
    /// `maybeExecuted: false`.
    NotExecuted {
        code: &'static str,
    },
    /// `maybeExecuted: true`.
    Open {
        code: &'static str,
        execution_id: Option<String>,
    },
    Ambiguous {
        candidates: Vec<String>,
    },
    Aborted,
}

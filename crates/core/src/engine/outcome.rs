//! Errors of executions whose outcome is unknown or was concluded from the list.

use super::error::{Error, Failure};
use super::value::Value;
use crate::api::problem::ErrorCode;

/// Marks a failure as one after which the execution may have run.
pub(super) fn outcome_unknown<V: Value>(failure: Box<Failure<V>>, execution_id: Option<&str>) -> Error<V> {
    let is_unclear = failure.code != ErrorCode::AmbiguousExecution;
    failure
        .with(|failure| {
            failure.maybe_executed = true;
            failure.retryable = false;
            if is_unclear {
                failure.execution_id = execution_id.map(str::to_owned);
            }
        })
        .into()
}

/// Returns the error of a run whose execution must have been listed by now. It may be one of `candidates`.
pub(super) fn conclusion_error<V: Value>(
    original: &Failure<V>,
    candidates: &[String],
    items: &[V],
    is_executed: bool,
) -> Error<V> {
    if candidates.is_empty() && is_executed {
        return outcome_unknown(copy_of(original), None);
    }
    if candidates.is_empty() {
        let failure = copy_of(original).with(|failure| {
            failure.maybe_executed = false;
            failure.retryable = true;
            failure
                .message
                .push_str("; no execution was listed, so nothing was executed and it is safe to retry");
        });
        return failure.into();
    }
    let is_candidate =
        |item: &&V| item.get("id").and_then(|id| id.as_string()).is_some_and(|id| candidates.contains(&id));
    let items: Vec<V> = items.iter().filter(is_candidate).cloned().collect();
    let message = "The response was lost, and its execution cannot be identified: see candidates";
    let failure = Failure::new(ErrorCode::AmbiguousExecution, message).with(|failure| {
        failure.candidates = V::array(items);
        failure.attempts = original.attempts;
        failure.total_delay_ms = original.total_delay_ms;
        failure.cause = original.cause.clone();
    });
    outcome_unknown(failure, None)
}

/// Copies the facts of a failure to a new one.
pub(super) fn copy_of<V: Value>(original: &Failure<V>) -> Box<Failure<V>> {
    Failure::new(original.code, &original.message).with(|failure| {
        failure.status = original.status;
        failure.detail.clone_from(&original.detail);
        failure.limit = original.limit;
        failure.elapsed_ms = original.elapsed_ms;
        failure.attempts = original.attempts;
        failure.total_delay_ms = original.total_delay_ms;
        failure.body = original.body.clone();
        failure.text = original.text.clone();
        failure.headers = original.headers.clone();
        failure.cause = original.cause.clone();
    })
}

/// Marks an error as one after which the execution may have run. Aborts are returned unchanged.
pub(super) fn with_unknown_outcome<V: Value>(error: Error<V>) -> Error<V> {
    match error {
        Error::Failed(failure) => outcome_unknown(failure, None),
        aborted => aborted,
    }
}

//! Follows an identified execution: waits until it has ended, and reconstructs its response.

use super::call::{Call, CallResponse, CallResult, Prepared};
use super::engine::Engine;
use super::error::{Error, Failure, TimeLimit};
use super::executions::Executions;
use super::options::{CallOptions, GRACE_MS};
use super::outcome::outcome_unknown;
use super::platform::Platform;
use super::value::{Value, string_field};
use crate::api::node::{Kind, Node};
use crate::api::operation::Operation;
use crate::api::problem::ErrorCode;

/// Maximum wait for a lost execution without a `totalTimeout`, in milliseconds: 15 minutes.
pub(super) const WAIT_MS: f64 = 900_000.0;
/// Delay between polls as a fraction of the elapsed time, and its limits in milliseconds.
const POLL_PART: f64 = 0.2;
const SHORTEST_POLL_MS: f64 = 250.0;
const LONGEST_POLL_MS: f64 = 10_000.0;
/// Maximum number of consecutive polls that fail or, for at least [`GRACE_MS`], do not show the execution.
const FAILED_POLLS: u32 = 10;

impl<P: Platform> Call<'_, P> {
    /// Waits for an execution and returns the equivalent of its own response.
    pub async fn follow(
        &self,
        skill_id: &str,
        id: &str,
        original: Box<Failure<P::Value>>,
    ) -> CallResult<P::Value> {
        let executions = Executions { engine: self.engine, skill_id, options: self.options };
        let mut failures = 0_u32;
        let mut last_failure = None;
        let started_ms = self.now_ms();
        loop {
            let left_ms = self.left_ms().min(started_ms + WAIT_MS - self.now_ms());
            if left_ms <= 0.0 {
                let limit = if self.left_ms() <= 0.0 { TimeLimit::Total } else { TimeLimit::Wait };
                let mut failure = self.times.timeout_failure(&self.engine.platform, limit);
                if limit == TimeLimit::Wait {
                    "The execution did not end within 15 minutes".clone_into(&mut failure.message);
                    // It may have ended, unnoticed.
                    failure = last_failure.unwrap_or(failure);
                }
                return Err(outcome_unknown(failure, Some(id)));
            }
            match executions.find(id, left_ms).await {
                Ok(Some(item)) if has_ended(&item) => {
                    let collected = self.collect(&executions, id, &item, left_ms).await;
                    match collected {
                        Err(Error::Failed(failure)) if !is_transient(&failure) => {
                            return Err(outcome_unknown(failure, Some(id)));
                        }
                        Err(Error::Failed(failure)) if failures >= FAILED_POLLS => {
                            return Err(outcome_unknown(failure, Some(id)));
                        }
                        Err(Error::Failed(failure)) => {
                            failures = failures.saturating_add(1);
                            last_failure = Some(failure);
                        }
                        result => return result,
                    }
                }
                Ok(Some(_)) => {
                    failures = 0;
                    last_failure = None;
                }
                // The id is known to be valid: the list may lag.
                Ok(None) if failures >= FAILED_POLLS && self.now_ms() - started_ms >= GRACE_MS => {
                    let message = "The execution is not in the skill's list";
                    let failure = Failure::new(ErrorCode::SkillNotFound, message);
                    return Err(outcome_unknown(
                        failure.with(|failure| failure.cause = original.cause),
                        Some(id),
                    ));
                }
                Err(Error::Failed(failure)) if !is_transient(&failure) || failures >= FAILED_POLLS => {
                    return Err(outcome_unknown(failure, Some(id)));
                }
                Ok(None) => failures = failures.saturating_add(1),
                Err(Error::Failed(failure)) => {
                    failures = failures.saturating_add(1);
                    last_failure = Some(failure);
                }
                Err(aborted) => return Err(aborted),
            }
            // Proportional to the elapsed time, so that the relative delay of the response is bounded.
            let part_ms = (self.now_ms() - started_ms) * POLL_PART;
            self.pause(part_ms.clamp(SHORTEST_POLL_MS, LONGEST_POLL_MS).min(left_ms)).await?;
        }
    }

    /// Reconstructs the lost response from the list and the output.
    async fn collect(
        &self,
        executions: &Executions<'_, P>,
        id: &str,
        item: &P::Value,
        left_ms: f64,
    ) -> CallResult<P::Value> {
        let has_output = item.get("hasOutput").and_then(|value| value.as_bool()) == Some(true);
        let (result, headers) = if has_output {
            let output = executions.output(id, left_ms).await?;
            (output.data, output.headers)
        } else {
            (P::Value::default(), P::Value::default())
        };
        let data = recovered(id, item, result);
        Ok(CallResponse {
            data,
            status: 200,
            headers,
            // The output's URL is fetched without the key.
            key: P::Value::default(),
            call_id: self.id,
            attempts: 0,
            delay_ms: 0.0,
            sent_ms: self.sent_ms.get(),
        })
    }
}

/// Builds the response of an execution from its list item and its output.
pub(super) fn recovered<V: Value>(id: &str, item: &V, result: V) -> V {
    V::object(&[
        ("success", has_succeeded(item).map(V::from_bool).unwrap_or_default()),
        ("result", result),
        ("latencyMs", item.get("latencyMs").unwrap_or_else(V::null)),
        ("executionId", V::from_string(id)),
        ("recovered", V::from_bool(true)),
    ])
}

/// Whether an ended execution has succeeded; `None` if its item does not say so.
fn has_succeeded<V: Value>(item: &V) -> Option<bool> {
    let flag = |key| item.get(key).and_then(|value| value.as_bool());
    flag("success").or_else(|| match string_field(item, "status").as_deref() {
        Some("completed") => Some(true),
        Some("failed") => Some(false),
        _ => flag("hasOutput"),
    })
}

/// Whether an execution has ended. `finishedAt` is decisive; a known status may show it earlier.
pub(super) fn has_ended<V: Value>(item: &V) -> bool {
    let is_set = item.get("finishedAt").is_some_and(|value| value.kind() != Kind::Null);
    is_set || matches!(string_field(item, "status").as_deref(), Some("completed" | "failed"))
}

/// Whether another poll may succeed.
pub(super) fn is_transient<V>(failure: &Failure<V>) -> bool {
    match failure.status {
        None => matches!(failure.code, ErrorCode::Network | ErrorCode::Timeout | ErrorCode::Response),
        Some(status) => status >= 500 || status == 429 || status == 408 || (200..300).contains(&status),
    }
}

impl<P: Platform> Engine<P> {
    /// Returns the result of a past execution. Waits until it has ended.
    ///
    /// # Errors
    /// Those of `skills.execute`; [`ErrorCode::SkillNotFound`] if the skill's list does not contain it.
    pub async fn execution_result(
        &self,
        skill_id: &str,
        execution_id: &str,
        options: &CallOptions<P>,
    ) -> CallResult<P::Value> {
        let spec = Operation::SkillsExecutionOutput.spec();
        let prepared = Prepared { spec, url: String::new(), body: P::Value::default(), ids: Vec::new() };
        let call = self.begin(Operation::SkillsExecutionOutput, &prepared, options);
        let result = call.follow(skill_id, execution_id, Failure::new(ErrorCode::Network, "")).await;
        call.end(result)
    }
}

//! Recovers a lost response: finds the execution of the run.

use super::call::{Call, CallResponse, CallResult};
use super::error::{Error, Failure, TimeLimit};
use super::event::EventKind;
use super::follow::{WAIT_MS, has_ended, is_transient, recovered};
use super::outcome::{conclusion_error, copy_of, outcome_unknown, with_unknown_outcome};
use super::platform::Platform;
use super::protect::{Protection, RecoveryMode};
use crate::api::node::Node;
use crate::policy::ledger::Verdict;

/// Number of consecutive failed polls after which recovery gives up, once the grace period has passed.
const FAILED_POLLS: u32 = 10;

/// Result of a search for an execution.
enum Found<P: Platform> {
    /// The id of the execution.
    Id(String),
    /// The response of the execution.
    Response(CallResponse<P::Value>),
}

impl<P: Platform> Call<'_, P> {
    /// Recovers a lost response: finds the execution, waits until it has ended, and fetches its output. `original` is
    /// the failure of the request.
    pub async fn recover(
        &self,
        protection: &mut Protection<'_, P>,
        original: Box<Failure<P::Value>>,
    ) -> CallResult<P::Value> {
        if protection.mode == RecoveryMode::IdempotencyKey {
            // The attempts have already been repeated with the key.
            return Err(outcome_unknown(original, None));
        }
        self.emit(EventKind::RecoveryStarted { attempts: original.attempts, code: original.code });
        let is_executed = protection.entry.is_executed
            || original.status.is_some_and(|status| (200..300).contains(&status));
        protection.end(is_executed);
        let (attempts, delay_ms) = (original.attempts, original.total_delay_ms);
        let found = match protection.execution_id() {
            Some(id) => Ok(Found::Id(id.to_owned())),
            None => self.find(protection, &original, is_executed).await,
        };
        let response = match found? {
            Found::Response(response) => Ok(response),
            Found::Id(id) => {
                protection.release();
                self.follow(&protection.entry.skill_id, &id, original).await
            }
        };
        response.map(|response| CallResponse { attempts, delay_ms, ..response })
    }

    /// Polls until the run's execution is identified, or until it is certain that there is none.
    async fn find(
        &self,
        protection: &mut Protection<'_, P>,
        original: &Failure<P::Value>,
        is_executed: bool,
    ) -> Result<Found<P>, Error<P::Value>> {
        let platform = &self.engine.platform;
        protection.reacquire_lock(self).await.map_err(with_unknown_outcome)?;
        if let Some(id) = protection.execution_id() {
            return Ok(Found::Id(id.to_owned()));
        }
        let Some(key) = protection.key else { return Err(outcome_unknown(copy_of(original), None)) };
        let until_ms = protection.until_ms();
        let mut backoff = protection.polling();
        let mut failures = 0_u32;
        loop {
            let left_ms = self.left_ms();
            if left_ms <= 0.0 {
                return Err(outcome_unknown(self.times.timeout_failure(platform, TimeLimit::Total), None));
            }
            match protection.executions(self).newest(left_ms).await {
                Ok(list) => {
                    failures = 0;
                    protection.apply_list(&list, false).await;
                    protection.take_claim();
                    if let Some(id) = protection.execution_id() {
                        return Ok(Found::Id(id.to_owned()));
                    }
                    if !protection.ledger().is_open(key) {
                        return Err(outcome_unknown(copy_of(original), None));
                    }
                    let is_over = list.sent_ms >= until_ms;
                    if protection.mode == RecoveryMode::SharedAccount {
                        let candidates = protection.ledger().candidates(key);
                        if let Some(found) =
                            self.accepted(protection, &candidates, &list.items, is_over).await?
                        {
                            return Ok(found);
                        }
                        if is_over {
                            let unrelated = protection.ledger().unrelated(key);
                            let candidates = if candidates.is_empty() { unrelated } else { candidates };
                            protection.conclude(&candidates).await;
                            return Err(conclusion_error(original, &candidates, &list.items, is_executed));
                        }
                    } else {
                        let verdict = if is_over {
                            protection.ledger().conclude(key)
                        } else {
                            protection.ledger().claim(key)
                        };
                        match verdict {
                            Verdict::Claimed(id) => {
                                protection.claimed(id.clone()).await;
                                return Ok(Found::Id(id));
                            }
                            Verdict::NoMatch | Verdict::Ambiguous(_) if !is_over => {}
                            Verdict::Ambiguous(ids) => {
                                protection.conclude(&ids).await;
                                return Err(conclusion_error(original, &ids, &list.items, is_executed));
                            }
                            Verdict::NoMatch => {
                                let unrelated = protection.ledger().unrelated(key);
                                protection.conclude(&unrelated).await;
                                return Err(conclusion_error(original, &unrelated, &list.items, is_executed));
                            }
                        }
                    }
                }
                Err(Error::Failed(failure)) if !is_transient(&failure) => {
                    return Err(outcome_unknown(failure, None));
                }
                Err(Error::Failed(_)) => {
                    failures = failures.saturating_add(1);
                    if failures >= FAILED_POLLS && self.now_ms() >= until_ms {
                        return Err(outcome_unknown(copy_of(original), None));
                    }
                }
                Err(aborted) => return Err(aborted),
            }
            let delay_ms = backoff.next(platform.random()).min(self.left_ms());
            self.pause(delay_ms).await?;
        }
    }

    /// Returns the only candidate that the caller's `accept` function accepts. Running executions are considered once
    /// the grace period has passed.
    async fn accepted(
        &self,
        protection: &Protection<'_, P>,
        candidates: &[String],
        items: &[P::Value],
        is_over: bool,
    ) -> Result<Option<Found<P>>, Error<P::Value>> {
        let Some(accept) = &protection.recover.accept else { return Ok(None) };
        let executions = protection.executions(self);
        let mut accepted = Vec::new();
        for id in candidates {
            let item =
                items.iter().find(|item| item.get("id").and_then(|id| id.as_string()).as_ref() == Some(id));
            let Some(item) = item else { continue };
            let has_output = item.get("hasOutput").and_then(|value| value.as_bool()) == Some(true);
            if !has_output || !(has_ended(item) || is_over) {
                continue;
            }
            let output = executions.output(id, self.left_ms().min(WAIT_MS)).await;
            let output = match output {
                Ok(output) => output,
                Err(Error::Failed(_)) => continue,
                Err(aborted) => return Err(aborted),
            };
            let verdict = self.engine.platform.invoke(accept, &output.data).await;
            if verdict.is_ok_and(|verdict| verdict.as_bool() == Some(true)) {
                let data = recovered(id, item, output.data);
                accepted.push(CallResponse { data, ..output });
            }
        }
        Ok(if accepted.len() == 1 { accepted.pop().map(Found::Response) } else { None })
    }
}

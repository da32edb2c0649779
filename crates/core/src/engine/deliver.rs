//! The end of a protected run: its response is delivered, or what became of it is found out.

use super::call::{Boxed, Call, CallResponse, CallResult, outcome_unknown};
use super::error::{Error, Failure, TimeLimit};
use super::event::EventKind;
use super::follow::{WAIT_MS, has_ended, is_transient, recovered};
use super::options::Recover;
use super::platform::Platform;
use super::protect::{Protection, RecoveryMode};
use super::value::Value;
use crate::api::node::Node;
use crate::api::problem::ErrorCode;
use crate::policy::claim::Verdict;

/// How many polls in a row may fail after the grace.
const FAILED_POLLS: u32 = 10;

impl<P: Platform> Call<'_, P> {
    /// Executes. If the response is original, finds out what became of the execution.
    #[inline(never)]
    pub fn execute<'b>(&'b self, recover: &'b Recover<P>) -> Boxed<'b, CallResult<P::Value>> {
        Box::pin(self.execute_protected(recover))
    }

    async fn execute_protected(&self, recover: &Recover<P>) -> CallResult<P::Value> {
        let mut protection = Protection::new(self, recover);
        let response = match self.send(Some(&mut protection)).await {
            Ok(response) => Ok(response),
            Err(Error::Failed(original)) if original.maybe_executed => {
                self.recover(&mut protection, original).await
            }
            Err(Error::Failed(failure)) => {
                protection.not_executed().await;
                return Err(failure.into());
            }
            Err(aborted) => {
                if !protection.was_sent {
                    protection.not_executed().await;
                }
                return Err(aborted);
            }
        };
        self.finish(&mut protection, response).await
    }

    /// Hands an outcome over: the journal's entry goes when `deliver` has resolved, or when the outcome is that nothing ran.
    pub async fn finish(
        &self,
        protection: &mut Protection<'_, P>,
        outcome: CallResult<P::Value>,
    ) -> CallResult<P::Value> {
        match outcome {
            Ok(response) => {
                protection.record_response(self).await;
                protection.release();
                self.deliver(protection, response).await
            }
            Err(Error::Failed(failure)) if failure.maybe_executed => {
                // The poll of another run may have found it.
                protection.take_claim();
                if protection.abandon() {
                    // When its request ended, and whether it executed.
                    self.engine.try_write_entry(&protection.entry).await;
                }
                protection.release();
                Err(outcome_unknown(failure, protection.execution_id()))
            }
            Err(Error::Failed(failure)) => {
                protection.not_executed().await;
                protection.release();
                Err(failure.into())
            }
            Err(aborted) => Err(aborted),
        }
    }

    async fn deliver(
        &self,
        protection: &mut Protection<'_, P>,
        response: CallResponse<P::Value>,
    ) -> CallResult<P::Value> {
        let Some(deliver) = &protection.recover.deliver else {
            return Ok(response);
        };
        match self.engine.platform.invoke(deliver, &response.data).await {
            Ok(_) => {
                protection.take_claim();
                self.engine.delivered(&protection.entry).await;
                Ok(response)
            }
            Err(cause) => {
                let message = "deliver failed; the execution stays in the journal, and resume() has it";
                let failure = Failure::new(ErrorCode::Journal, message);
                let failure = failure.with(|failure| failure.cause = cause);
                protection.take_claim();
                Err(outcome_unknown(failure, protection.execution_id()))
            }
        }
    }

    /// Finds the execution of a request whose response was `original`, waits until it has ended and fetches its output.
    pub async fn recover(
        &self,
        protection: &mut Protection<'_, P>,
        original: Box<Failure<P::Value>>,
    ) -> CallResult<P::Value> {
        if protection.mode == RecoveryMode::IdempotencyKey {
            // The key makes repeating safe, and the attempts have done so.
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

    /// Polls until the execution of a run is known, or until it is certain that it never will be.
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
                            return Err(concluded(original, &candidates, &list.items, is_executed));
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
                                return Err(concluded(original, &ids, &list.items, is_executed));
                            }
                            Verdict::NoMatch => {
                                let unrelated = protection.ledger().unrelated(key);
                                protection.conclude(&unrelated).await;
                                return Err(concluded(original, &unrelated, &list.items, is_executed));
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

    /// The one candidate whose result the caller recognises. Waits, after the grace, for those that still run.
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

/// What a search ends with.
enum Found<P: Platform> {
    /// The id of the execution.
    Id(String),
    /// Its response.
    Response(CallResponse<P::Value>),
}

/// The error of a run of which every execution had to be listed: these may be its own, or none is.
pub(super) fn concluded<V: Value>(
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
            failure.message.push_str(
                "; no execution was listed: the request never arrived, and it is safe to send it again",
            );
        });
        return failure.into();
    }
    let is_candidate =
        |item: &&V| item.get("id").and_then(|id| id.as_string()).is_some_and(|id| candidates.contains(&id));
    let items: Vec<V> = items.iter().filter(is_candidate).cloned().collect();
    let message =
        "The response was original, and it cannot be proved which execution is its own: see candidates";
    let failure = Failure::new(ErrorCode::AmbiguousExecution, message).with(|failure| {
        failure.candidates = V::array(items);
        failure.attempts = original.attempts;
        failure.total_delay_ms = original.total_delay_ms;
        failure.cause = original.cause.clone();
    });
    outcome_unknown(failure, None)
}

/// A failure that is told again.
fn copy_of<V: Value>(original: &Failure<V>) -> Box<Failure<V>> {
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

/// An error after the request may have left.
pub(super) fn with_unknown_outcome<V: Value>(error: Error<V>) -> Error<V> {
    match error {
        Error::Failed(failure) => outcome_unknown(failure, None),
        aborted => aborted,
    }
}

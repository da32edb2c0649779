//! The end of a protected run: its response is delivered, or what became of it is found out.

use super::call::{Answered, Boxed, Call, Called, undecided};
use super::error::{Error, Failure, TimeLimit};
use super::event::EventKind;
use super::follow::{WAIT_MS, has_ended, is_transient, recovered};
use super::options::Recover;
use super::platform::Platform;
use super::protect::{Mode, Protection};
use super::value::Value;
use crate::api::node::Node;
use crate::api::problem::ErrorCode;
use crate::policy::claim::Verdict;

/// How many polls in a row may fail after the grace.
const FAILED_POLLS: u32 = 10;

impl<P: Platform> Call<'_, P> {
    /// Executes. If the response is lost, finds out what became of the execution.
    #[inline(never)]
    pub fn execute<'b>(&'b self, recover: &'b Recover<P>) -> Boxed<'b, Called<P::Value>> {
        Box::pin(self.execute_protected(recover))
    }

    async fn execute_protected(&self, recover: &Recover<P>) -> Result<Answered<P::Value>, Error<P::Value>> {
        let mut protection = Protection::new(self, recover);
        let answered = match self.send(Some(&mut protection)).await {
            Ok(answered) => Ok(answered),
            Err(Error::Failed(lost)) if lost.maybe_executed => self.recover(&mut protection, lost).await,
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
        self.settle(&mut protection, answered).await
    }

    /// Hands an outcome over: the journal's entry goes when `deliver` has resolved, or when the outcome is that nothing ran.
    pub async fn settle(
        &self,
        protection: &mut Protection<'_, P>,
        outcome: Result<Answered<P::Value>, Error<P::Value>>,
    ) -> Result<Answered<P::Value>, Error<P::Value>> {
        match outcome {
            Ok(answered) => {
                protection.answered(self).await;
                protection.release();
                self.deliver(protection, answered).await
            }
            Err(Error::Failed(failure)) if failure.maybe_executed => {
                // The poll of another run may have found it.
                protection.take_claim();
                if protection.abandon() {
                    // When its request ended, and whether it executed.
                    self.engine.write_late(&protection.entry).await;
                }
                protection.release();
                Err(undecided(failure, protection.execution_id()))
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
        answered: Answered<P::Value>,
    ) -> Result<Answered<P::Value>, Error<P::Value>> {
        let Some(deliver) = &protection.recover.deliver else {
            return Ok(answered);
        };
        match self.engine.platform.invoke(deliver, &answered.data).await {
            Ok(_) => {
                protection.take_claim();
                self.engine.delivered(&protection.entry).await;
                Ok(answered)
            }
            Err(cause) => {
                let message = "deliver failed; the execution stays in the journal, and resume() has it";
                let failure = Failure::new(ErrorCode::Journal, message);
                let failure = failure.with(|failure| failure.cause = cause);
                protection.take_claim();
                Err(undecided(failure, protection.execution_id()))
            }
        }
    }

    /// Finds the execution of a request whose response was `lost`, waits until it has ended and fetches its output.
    pub async fn recover(
        &self,
        protection: &mut Protection<'_, P>,
        lost: Box<Failure<P::Value>>,
    ) -> Result<Answered<P::Value>, Error<P::Value>> {
        if protection.mode == Mode::Keyed {
            // The key makes repeating safe, and the attempts have done so.
            return Err(undecided(lost, None));
        }
        self.emit(EventKind::RecoveryStarted { attempts: lost.attempts, code: lost.code });
        let is_executed =
            protection.entry.is_executed || lost.status.is_some_and(|status| (200..300).contains(&status));
        protection.end(is_executed);
        let (attempts, delay_ms) = (lost.attempts, lost.total_delay_ms);
        let found = match protection.execution_id() {
            Some(id) => Ok(Found::Id(id.to_owned())),
            None => self.find(protection, &lost, is_executed).await,
        };
        let answered = match found? {
            Found::Answered(answered) => Ok(answered),
            Found::Id(id) => {
                protection.release();
                self.follow(&protection.entry.skill_id, &id, lost).await
            }
        };
        answered.map(|answered| Answered { attempts, delay_ms, ..answered })
    }

    /// Polls until the execution of a run is known, or until it is certain that it never will be.
    async fn find(
        &self,
        protection: &mut Protection<'_, P>,
        lost: &Failure<P::Value>,
        is_executed: bool,
    ) -> Result<Found<P>, Error<P::Value>> {
        let platform = &self.engine.platform;
        protection.lock_again(self).await.map_err(unclear)?;
        if let Some(id) = protection.execution_id() {
            return Ok(Found::Id(id.to_owned()));
        }
        let Some(key) = protection.key else { return Err(undecided(again(lost), None)) };
        let until_ms = protection.until_ms();
        let mut backoff = protection.polling();
        let mut failures = 0_u32;
        loop {
            let left_ms = self.left_ms();
            if left_ms <= 0.0 {
                return Err(undecided(self.times.ran_out(platform, TimeLimit::Total), None));
            }
            match protection.executions(self).newest(left_ms).await {
                Ok(list) => {
                    failures = 0;
                    protection.took_in(&list, false).await;
                    protection.take_claim();
                    if let Some(id) = protection.execution_id() {
                        return Ok(Found::Id(id.to_owned()));
                    }
                    if !protection.ledger().is_open(key) {
                        return Err(undecided(again(lost), None));
                    }
                    let is_over = list.sent_ms >= until_ms;
                    if protection.mode == Mode::Shared {
                        let candidates = protection.ledger().candidates(key);
                        if let Some(found) =
                            self.accepted(protection, &candidates, &list.items, is_over).await?
                        {
                            return Ok(found);
                        }
                        if is_over {
                            let foreign = protection.ledger().foreign(key);
                            let candidates = if candidates.is_empty() { foreign } else { candidates };
                            protection.conclude(&candidates).await;
                            return Err(concluded(lost, &candidates, &list.items, is_executed));
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
                            Verdict::Nothing | Verdict::Unclear(_) if !is_over => {}
                            Verdict::Unclear(ids) => {
                                protection.conclude(&ids).await;
                                return Err(concluded(lost, &ids, &list.items, is_executed));
                            }
                            Verdict::Nothing => {
                                let foreign = protection.ledger().foreign(key);
                                protection.conclude(&foreign).await;
                                return Err(concluded(lost, &foreign, &list.items, is_executed));
                            }
                        }
                    }
                }
                Err(Error::Failed(failure)) if !is_transient(&failure) => {
                    return Err(undecided(failure, None));
                }
                Err(Error::Failed(_)) => {
                    failures = failures.saturating_add(1);
                    if failures >= FAILED_POLLS && self.now_ms() >= until_ms {
                        return Err(undecided(again(lost), None));
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
            let item = items.iter().find(|item| item.get("id").and_then(|id| id.text()).as_ref() == Some(id));
            let Some(item) = item else { continue };
            let has_output = item.get("hasOutput").and_then(|value| value.truth()) == Some(true);
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
            if verdict.is_ok_and(|verdict| verdict.truth() == Some(true)) {
                let data = recovered(id, item, output.data);
                accepted.push(Answered { data, ..output });
            }
        }
        Ok(if accepted.len() == 1 { accepted.pop().map(Found::Answered) } else { None })
    }
}

/// What a search ends with.
enum Found<P: Platform> {
    /// The id of the execution.
    Id(String),
    /// Its response.
    Answered(Answered<P::Value>),
}

/// The error of a run of which every execution had to be listed: these may be its own, or none is.
pub(super) fn concluded<V: Value>(
    lost: &Failure<V>,
    candidates: &[String],
    items: &[V],
    is_executed: bool,
) -> Error<V> {
    if candidates.is_empty() && is_executed {
        return undecided(again(lost), None);
    }
    if candidates.is_empty() {
        let failure = again(lost).with(|failure| {
            failure.maybe_executed = false;
            failure.retryable = true;
            failure.message.push_str(
                "; no execution was listed: the request never arrived, and it is safe to send it again",
            );
        });
        return failure.into();
    }
    let is_candidate =
        |item: &&V| item.get("id").and_then(|id| id.text()).is_some_and(|id| candidates.contains(&id));
    let items: Vec<V> = items.iter().filter(is_candidate).cloned().collect();
    let message = "The response was lost, and it cannot be proved which execution is its own: see candidates";
    let failure = Failure::new(ErrorCode::AmbiguousExecution, message).with(|failure| {
        failure.candidates = V::list(items);
        failure.attempts = lost.attempts;
        failure.total_delay_ms = lost.total_delay_ms;
        failure.cause = lost.cause.clone();
    });
    undecided(failure, None)
}

/// A failure that is told again.
fn again<V: Value>(lost: &Failure<V>) -> Box<Failure<V>> {
    Failure::new(lost.code, &lost.message).with(|failure| {
        failure.status = lost.status;
        failure.detail.clone_from(&lost.detail);
        failure.limit = lost.limit;
        failure.elapsed_ms = lost.elapsed_ms;
        failure.attempts = lost.attempts;
        failure.total_delay_ms = lost.total_delay_ms;
        failure.body = lost.body.clone();
        failure.text = lost.text.clone();
        failure.headers = lost.headers.clone();
        failure.cause = lost.cause.clone();
    })
}

/// An error after the request may have left.
pub(super) fn unclear<V: Value>(error: Error<V>) -> Error<V> {
    match error {
        Error::Failed(failure) => undecided(failure, None),
        aborted => aborted,
    }
}

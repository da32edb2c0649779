//! Sends a request, and sends it again as often as `policy::attempt` allows.

use super::attempt::{Attempted, Sending};
use super::call::{Answered, Call};
use super::error::{Error, Failure};
use super::event::{EventKind, duration};
use super::limiter::ConcurrencyStats;
use super::platform::{KeyError, KeyReason, Platform, Response};
use super::protect::Protection;
use super::response::decode;
use super::value::Interrupted;
use crate::api::operation::Method;
use crate::api::problem::ErrorCode;
use crate::policy::attempt::{Attempts, Next, Outcome, Policy};
use crate::policy::retry;

/// Attempts after the first one, by default.
const MAX_RETRIES: u32 = 2;
/// Longest `Retry-After` that is honoured by default, in milliseconds: 60 seconds.
const MAX_RETRY_AFTER_MS: f64 = 60_000.0;

const OFFLINE: &str = "This device is offline; nothing was sent";
const REDACTED: &str = "The response is not what the contract promises where it repeats the key";

impl<P: Platform> Call<'_, P> {
    /// Sends until a response ends the call.
    pub async fn send(
        &self,
        mut protection: Option<&mut Protection<'_, P>>,
    ) -> Result<Answered<P::Value>, Error<P::Value>> {
        let limits = self.options.limits.or(self.engine.options.limits);
        let row = self.prepared.row;
        let is_keyed = self.engine.options.idempotency && row.takes_idempotency_key;
        let mut attempts = Attempts::new(Policy {
            max_retries: limits.max_retries.unwrap_or(MAX_RETRIES),
            safe_to_resend: row.safe_to_resend || is_keyed || self.options.always_resend,
            is_recovery: is_keyed,
            gone_is_done: row.method == Method::Delete,
            key_may_change: self.engine.platform.key_may_change(),
            max_retry_after_ms: limits.max_retry_after_ms.unwrap_or(MAX_RETRY_AFTER_MS),
            deadline_ms: self.times.deadline_ms,
        });
        let idempotency_key = match &protection {
            Some(protection) => protection.idempotency_key().map(str::to_owned),
            None => is_keyed.then(|| self.engine.platform.unique_id()),
        };
        let replay_only = protection.as_ref().is_some_and(|protection| protection.is_replay);
        let idempotency = idempotency_key.as_deref().map(|key| (key, replay_only));
        let result = self.send_with_retries(&mut attempts, idempotency, &mut protection).await;
        result.map_err(|mut error| {
            if let Error::Failed(failure) = &mut error {
                failure.attempts = attempts.made();
                failure.total_delay_ms = attempts.delay_ms();
                failure.maybe_executed = attempts.may_have_been_done();
            }
            error
        })
    }

    async fn send_with_retries(
        &self,
        attempts: &mut Attempts,
        idempotency: Option<(&str, bool)>,
        protection: &mut Option<&mut Protection<'_, P>>,
    ) -> Result<Answered<P::Value>, Error<P::Value>> {
        let Self { engine, prepared, .. } = self;
        let takes_session = prepared.row.takes_session;
        let mut reason = KeyReason::Needed;
        let mut refusals = 0_u32;
        let mut slot = None;
        loop {
            if takes_session && slot.is_none() {
                // Polled only if no slot is free.
                let limit = async {
                    let ConcurrencyStats { waiting, running } = engine.limiter.pending();
                    self.emit(EventKind::WaitingForSlot { waiting, running });
                    engine.platform.pause(self.signal(), self.left_ms()).await
                };
                let acquired = engine.limiter.acquire(refusals > 0, limit).await;
                slot = Some(acquired.map_err(|end| self.times.interrupted(&engine.platform, end))?);
            }
            let attempted = self.attempt(attempts.made(), reason, idempotency, protection).await;
            let (outcome, failure) = match attempted? {
                Attempted::Answered(response, key) => match decode(&engine.platform, prepared.row, &response)
                {
                    Ok(data) => {
                        attempts.succeeded(&mut engine.budget.borrow_mut());
                        if takes_session {
                            engine.limiter.succeeded(self.now_ms());
                        }
                        let Response { status, headers, .. } = response;
                        return Ok(self.answered(data, status, headers, key, attempts));
                    }
                    Err(_) => {
                        // Once more without the key, should it be in the text: what the parser says quotes from it.
                        let response = engine.platform.redacted(response, &key);
                        let failure = decode(&engine.platform, prepared.row, &response).err();
                        (
                            Outcome::Final,
                            failure.unwrap_or_else(|| Failure::new(ErrorCode::Response, REDACTED)),
                        )
                    }
                },
                Attempted::Ended(outcome, failure) => (outcome, failure),
            };
            let now_ms = self.now_ms();
            let chance = engine.platform.random();
            let next = match self.queue_again(outcome, &failure, refusals, chance) {
                // Nothing ran and nothing was charged: back to the queue, for as long as the call may take.
                Some(delay_ms) => {
                    refusals = refusals.saturating_add(1);
                    attempts.refused();
                    slot = None;
                    Next::SendAfter(delay_ms)
                }
                None => attempts.ended(outcome, now_ms, chance, &mut engine.budget.borrow_mut()),
            };
            let delay_ms = match next {
                Next::SendAfter(delay_ms) => Some(delay_ms),
                Next::SendWithAnotherKey => None,
                Next::Done => {
                    let status = failure.status.unwrap_or_default();
                    let undefined = P::Value::default();
                    return Ok(self.answered(
                        undefined.clone(),
                        status,
                        failure.headers,
                        undefined,
                        attempts,
                    ));
                }
                Next::GiveUp => {
                    let retryable = attempts.is_retryable();
                    return Err(failure.with(|failure| failure.retryable = retryable).into());
                }
            };
            // Others may go first.
            if let Some(protection) = protection.as_mut().filter(|_| !attempts.may_have_been_done()) {
                protection.not_executed().await;
            }
            reason = KeyReason::Rejected;
            if let Some(delay_ms) = delay_ms {
                reason = KeyReason::Needed;
                self.emit(EventKind::RetryPlanned {
                    attempt: attempts.made(),
                    status: failure.status,
                    code: failure.code,
                    delay: duration(delay_ms),
                });
                self.pause(delay_ms).await?;
            }
        }
    }

    /// How long a call waits before it is queued again that was refused because of too many sessions.
    fn queue_again(
        &self,
        outcome: Outcome,
        failure: &Failure<P::Value>,
        refusals: u32,
        chance: f64,
    ) -> Option<f64> {
        if !self.prepared.row.takes_session || !outcome.is_for_sessions() {
            return None;
        }
        let limiter = &self.engine.limiter;
        limiter.refused(self.now_ms());
        let backoff_ms = || retry::backoff_ms(refusals, true, chance);
        let delay_ms = failure.retry_after_ms.unwrap_or_else(backoff_ms);
        (limiter.is_limited() && delay_ms < self.left_ms()).then_some(delay_ms)
    }

    /// Makes one attempt. `Err` is for what no further attempt may follow.
    async fn attempt(
        &self,
        made: u32,
        reason: KeyReason,
        idempotency: Option<(&str, bool)>,
        protection: &mut Option<&mut Protection<'_, P>>,
    ) -> Result<Attempted<P>, Error<P::Value>> {
        let Self { engine, options, prepared, times, .. } = self;
        let platform = &engine.platform;
        if let Some(protection) = protection.as_mut() {
            protection.enter(self).await?;
        }
        let began_ms = platform.now_ms();
        let (limit, milliseconds) = times.next(began_ms);
        let not_sent = |failure| Ok(Attempted::Ended(Outcome::NotSent, failure));
        let key = match platform.key(prepared.row, reason, options.signal.as_ref(), milliseconds).await {
            Ok(key) => key,
            Err(KeyError::Interrupted(Interrupted::TimedOut)) => {
                return not_sent(times.ran_out(platform, limit));
            }
            Err(KeyError::Interrupted(interrupted)) => return Err(interrupted.into()),
            Err(KeyError::Unavailable(failure)) => return not_sent(failure),
            Err(KeyError::Invalid(failure)) => return Err(failure.into()),
        };
        if platform.is_offline(prepared.row) {
            return not_sent(Failure::new(ErrorCode::Network, OFFLINE));
        }
        let key_ms = platform.now_ms() - began_ms;
        let sending = Sending { made, key: &key, key_ms, idempotency };
        match protection {
            Some(protection) => protection.attempt(self, sending).await,
            None => self.send_once(sending).await,
        }
    }

    fn answered(
        &self,
        data: P::Value,
        status: u16,
        headers: P::Value,
        key: P::Value,
        attempts: &Attempts,
    ) -> Answered<P::Value> {
        Answered {
            data,
            status,
            headers,
            key,
            call_id: self.id,
            attempts: attempts.made(),
            delay_ms: attempts.delay_ms(),
            sent_ms: self.sent_ms.get(),
        }
    }
}

//! Sends a request, and sends it again as often as `policy::attempt` allows.

use super::call::{Answered, Call};
use super::error::{Error, Failure, TimeLimit};
use super::event::{EventKind, duration};
use super::platform::{Interrupted, KeyError, KeyReason, Platform, Request, Response, SendError};
use super::protect::Protection;
use super::response::{Headers, decode, refusal};
use crate::api::operation::Method;
use crate::api::problem::ErrorCode;
use crate::policy::attempt::{Attempts, Next, Outcome, Policy};
use crate::policy::retry;

/// Attempts after the first one, by default.
const MAX_RETRIES: u32 = 2;
/// Longest `Retry-After` that is honoured by default, in milliseconds: 60 seconds.
const MAX_RETRY_AFTER_MS: f64 = 60_000.0;

const NO_RESPONSE: &str = "No response: the connection failed, or the server does not allow this page (CORS)";
const OFFLINE: &str = "This device is offline; nothing was sent";
const REDACTED: &str = "The response is not what the contract promises where it repeats the key";
const NOT_A_RESPONSE: &str = "What fetch returned has no status and no text()";

/// How one attempt ended.
pub(super) enum Attempted<P: Platform> {
    Answered(Response<P::Value>, P::Value),
    Ended(Outcome, Box<Failure<P::Value>>),
}

/// What one attempt sends besides the request.
#[derive(Clone, Copy)]
pub(super) struct Sending<'a, V> {
    /// How many attempts were made before.
    made: u32,
    key: &'a V,
    /// How much of the attempt's time getting the key took, in milliseconds.
    key_ms: f64,
    /// An idempotency key, and whether only its kept response is requested.
    idempotency: Option<(&'a str, bool)>,
}

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
                slot = Some(engine.limiter.acquire(self, refusals > 0).await?);
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
        let delay_ms = failure.retry_after.map_or_else(backoff_ms, |seconds| seconds * 1000.0);
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

    /// Sends the request once.
    pub async fn send_once(&self, sending: Sending<'_, P::Value>) -> Result<Attempted<P>, Error<P::Value>> {
        let Sending { made, key, key_ms, idempotency } = sending;
        let Self { engine, options, prepared, times, .. } = self;
        let platform = &engine.platform;
        let signal = options.signal.as_ref();
        let not_sent = |failure| Ok(Attempted::Ended(Outcome::NotSent, failure));
        let sent_ms = platform.now_ms();
        let (limit, milliseconds) = times.next(sent_ms);
        let left_ms = match limit {
            TimeLimit::Attempt => milliseconds - key_ms,
            TimeLimit::Total | TimeLimit::Wait => milliseconds,
        };
        // A timer may be late: nothing leaves after a limit.
        if left_ms <= 0.0 {
            return not_sent(times.ran_out(platform, limit));
        }
        let attempt = made.saturating_add(1);
        let undefined = P::Value::default();
        let request = Request {
            row: prepared.row,
            url: &prepared.url,
            body: &prepared.body,
            key,
            headers: if prepared.row.is_download() { &undefined } else { &options.headers },
            idempotency_key: idempotency.map(|(key, _)| key),
            replay_only: idempotency.is_some_and(|(_, replay_only)| replay_only),
        };
        self.emit(EventKind::RequestSent { attempt });
        self.sent_ms.set(sent_ms);
        let response = match platform.send(&request, signal, left_ms).await {
            Ok(response) => response,
            Err(SendError::Interrupted(Interrupted::TimedOut)) => {
                return Ok(Attempted::Ended(Outcome::Lost, times.ran_out(platform, limit)));
            }
            Err(SendError::Interrupted(Interrupted::Failed(cause))) => {
                return Ok(Attempted::Ended(Outcome::Lost, no_response(cause)));
            }
            Err(SendError::Interrupted(aborted)) => return Err(aborted.into()),
            Err(SendError::NotSent(cause)) => return not_sent(no_response(cause)),
            Err(SendError::NotAResponse(cause)) => {
                let failure = Failure::new(ErrorCode::Response, NOT_A_RESPONSE);
                return Ok(Attempted::Ended(Outcome::Final, failure.with(|failure| failure.cause = cause)));
            }
        };
        let duration = duration(platform.now_ms() - sent_ms);
        self.emit(EventKind::ResponseReceived { attempt, status: response.status, duration });
        if (200..300).contains(&response.status) {
            return Ok(Attempted::Answered(response, key.clone()));
        }
        let headers = Headers::of(platform, &response);
        // A server may repeat the key in what it says of it.
        let (outcome, failure) = refusal(platform, prepared.row, &platform.redacted(response, key), &headers);
        Ok(Attempted::Ended(outcome, failure))
    }

    fn answered(
        &self,
        data: P::Value,
        status: u16,
        headers: P::Value,
        key: P::Value,
        attempts: &Attempts,
    ) -> Answered<P::Value> {
        let (attempts, delay_ms) = (attempts.made(), attempts.delay_ms());
        Answered {
            data,
            status,
            headers,
            key,
            call_id: self.id,
            attempts,
            delay_ms,
            sent_ms: self.sent_ms.get(),
        }
    }
}

fn no_response<V: super::platform::Value>(cause: V) -> Box<Failure<V>> {
    Failure::new(ErrorCode::Network, NO_RESPONSE).with(|failure| failure.cause = cause)
}

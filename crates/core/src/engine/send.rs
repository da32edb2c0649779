//! Sends a request with retries, as `policy::retry` decides.

use super::attempt::{AttemptInput, AttemptResult};
use super::call::{Call, CallResponse, CallResult};
use super::error::{Error, Failure, TimeLimit};
use super::event::{EventKind, duration};
use super::limiter::ConcurrencyStats;
use super::platform::{KeyError, KeyReason, Platform, Response};
use super::protect::Protection;
use super::response::decode;
use super::select::{Either, select};
use super::value::Interrupted;
use crate::api::operation_spec::Method;
use crate::api::problem::ErrorCode;
use crate::policy::retry::{AttemptFailure, RetryDecision, RetryPolicy, RetryState};
use crate::policy::retry_delay;

/// Default number of retries.
const MAX_RETRIES: u32 = 2;
/// Default of the maximum `Retry-After`, in milliseconds: 60 seconds.
const MAX_RETRY_AFTER_MS: f64 = 60_000.0;

const OFFLINE: &str = "This device is offline; nothing was sent";
const REDACTED: &str = "Unexpected response, where it contains the key";

impl<P: Platform> Call<'_, P> {
    /// Sends the request until a response ends the call.
    pub async fn send(&self, mut protection: Option<&mut Protection<'_, P>>) -> CallResult<P::Value> {
        let limits = self.options.limits.or(self.engine.options.limits);
        let spec = self.prepared.spec;
        let is_keyed = self.engine.options.idempotency && spec.takes_idempotency_key;
        let mut retries = RetryState::new(RetryPolicy {
            max_retries: limits.max_retries.unwrap_or(MAX_RETRIES),
            safe_to_resend: spec.safe_to_resend || is_keyed || self.options.always_resend,
            is_recovery: is_keyed,
            not_found_is_success: spec.method == Method::Delete,
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
        let result = self.send_with_retries(&mut retries, idempotency, &mut protection).await;
        result.map_err(|mut error| {
            if let Error::Failed(failure) = &mut error {
                failure.attempts = retries.attempts();
                failure.total_delay_ms = retries.delay_ms();
                failure.maybe_executed = retries.maybe_executed();
            }
            error
        })
    }

    async fn send_with_retries(
        &self,
        retries: &mut RetryState,
        idempotency: Option<(&str, bool)>,
        protection: &mut Option<&mut Protection<'_, P>>,
    ) -> CallResult<P::Value> {
        let Self { engine, prepared, .. } = self;
        let takes_session = prepared.spec.takes_session;
        let mut reason = KeyReason::Needed;
        let mut refusals = 0_u32;
        let mut slot = None;
        loop {
            if takes_session && slot.is_none() {
                let queued = engine.limiter.enter(refusals > 0);
                if !queued.admitted.is_notified() {
                    let ConcurrencyStats { waiting, running } = engine.limiter.pending();
                    self.emit(EventKind::WaitingForSlot { waiting, running });
                    let limit = engine.platform.pause(self.signal(), self.left_ms());
                    if let Either::Second(interrupted) = select(queued.admitted.wait(), limit).await {
                        return Err(self.times.interrupted(&engine.platform, interrupted));
                    }
                }
                slot = Some(queued);
            }
            let result = self.attempt(retries.attempts(), reason, idempotency, protection).await;
            let (outcome, failure) = match result? {
                AttemptResult::Response(response, key) => {
                    match decode(&engine.platform, prepared.spec, &response) {
                        Ok(data) => {
                            retries.record_success(&mut engine.budget.borrow_mut());
                            if takes_session {
                                engine.limiter.succeeded(self.now_ms());
                            }
                            let Response { status, headers, .. } = response;
                            return Ok(self.response(data, status, headers, key, retries));
                        }
                        Err(_) => {
                            // Decodes the redacted response again: the parser's message may quote the key.
                            let response = engine.platform.redacted(response, &key);
                            let failure = decode(&engine.platform, prepared.spec, &response).err();
                            (
                                AttemptFailure::NotRetryable,
                                failure.unwrap_or_else(|| Failure::new(ErrorCode::Response, REDACTED)),
                            )
                        }
                    }
                }
                AttemptResult::Failure(outcome, failure) => (outcome, failure),
            };
            let now_ms = match failure.limit {
                // The timer may fire before the deadline on this clock; there is no time for a retry.
                Some(TimeLimit::Total) => self.times.deadline_ms,
                _ => self.now_ms(),
            };
            let chance = engine.platform.random();
            let next = match self.queue_again(outcome, &failure, refusals, chance) {
                // Nothing was executed or charged: the call returns to the queue until `totalTimeout`.
                Some(delay_ms) => {
                    refusals = refusals.saturating_add(1);
                    retries.record_refusal();
                    slot = None;
                    RetryDecision::RetryAfter(delay_ms)
                }
                None => retries.record_failure(outcome, now_ms, chance, &mut engine.budget.borrow_mut()),
            };
            let delay_ms = match next {
                RetryDecision::RetryAfter(delay_ms) => Some(delay_ms),
                RetryDecision::RetryWithNewKey => None,
                RetryDecision::Done => {
                    let status = failure.status.unwrap_or_default();
                    let undefined = P::Value::default();
                    return Ok(self.response(undefined.clone(), status, failure.headers, undefined, retries));
                }
                RetryDecision::GiveUp => {
                    let retryable = retries.is_retryable();
                    return Err(failure.with(|failure| failure.retryable = retryable).into());
                }
            };
            // Lets other runs start first.
            if let Some(protection) = protection.as_mut().filter(|_| !retries.maybe_executed()) {
                protection.not_executed().await;
            }
            reason = KeyReason::Rejected;
            if let Some(delay_ms) = delay_ms {
                reason = KeyReason::Needed;
                self.emit(EventKind::RetryPlanned {
                    attempt: retries.attempts(),
                    status: failure.status,
                    code: failure.code,
                    delay: duration(delay_ms),
                });
                self.pause(delay_ms).await?;
            }
        }
    }

    /// Delay before a call that was refused because of too many sessions joins the queue again. `None` if it does not.
    fn queue_again(
        &self,
        outcome: AttemptFailure,
        failure: &Failure<P::Value>,
        refusals: u32,
        chance: f64,
    ) -> Option<f64> {
        if !self.prepared.spec.takes_session || !outcome.is_session_limit() {
            return None;
        }
        let limiter = &self.engine.limiter;
        limiter.refused(self.now_ms());
        let backoff_ms = || retry_delay::backoff_ms(refusals, true, chance);
        let delay_ms = failure.retry_after_ms.unwrap_or_else(backoff_ms);
        (limiter.is_limited() && delay_ms < self.left_ms()).then_some(delay_ms)
    }

    /// Makes one attempt. An `Err` ends the call.
    async fn attempt(
        &self,
        made: u32,
        reason: KeyReason,
        idempotency: Option<(&str, bool)>,
        protection: &mut Option<&mut Protection<'_, P>>,
    ) -> Result<AttemptResult<P>, Error<P::Value>> {
        let Self { engine, options, prepared, times, .. } = self;
        let platform = &engine.platform;
        if let Some(protection) = protection.as_mut() {
            protection.enter(self).await?;
        }
        let began_ms = platform.now_ms();
        let (limit, milliseconds) = times.next(began_ms);
        let not_sent = |failure| Ok(AttemptResult::Failure(AttemptFailure::NotSent, failure));
        let key = match platform.key(prepared.spec, reason, options.signal.as_ref(), milliseconds).await {
            Ok(key) => key,
            Err(KeyError::Interrupted(Interrupted::TimedOut)) => {
                return not_sent(times.timeout_failure(platform, limit));
            }
            Err(KeyError::Interrupted(interrupted)) => return Err(interrupted.into()),
            Err(KeyError::Unavailable(failure)) => return not_sent(failure),
            Err(KeyError::Invalid(failure)) => return Err(failure.into()),
        };
        if platform.is_offline(prepared.spec) {
            return not_sent(Failure::new(ErrorCode::Network, OFFLINE));
        }
        let key_ms = if platform.key_may_change() { platform.now_ms() - began_ms } else { 0.0 };
        let sending = AttemptInput { made, key: &key, key_ms, idempotency };
        match protection {
            Some(protection) => protection.attempt(self, sending).await,
            None => self.send_once(sending).await,
        }
    }

    fn response(
        &self,
        data: P::Value,
        status: u16,
        headers: P::Value,
        key: P::Value,
        retries: &RetryState,
    ) -> CallResponse<P::Value> {
        CallResponse {
            data,
            status,
            headers,
            key,
            call_id: self.id,
            attempts: retries.attempts(),
            delay_ms: retries.delay_ms(),
            sent_ms: self.sent_ms.get(),
        }
    }
}

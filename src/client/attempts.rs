//! Drives the attempts of one call: the machine of `call::attempt` says what, `transport` does it.

use js_sys::Math;
use wasm_bindgen::JsValue;

use super::answer::{decode, refusal};
use super::call::{Answered, Call, pause, stopped};
use super::hooks::What;
use super::key::{KeyFault, KeyReason, KeySource};
use crate::api::operation::Method;
use crate::api::problem::ErrorCode;
use crate::call::attempt::{Attempts, Next, Outcome, Policy};
use crate::error::{Error, Failure};
use crate::transport::clock;
use crate::transport::engine::{self, Stop};
use crate::transport::fetch::{self, Answer, Fault, Request};

/// Attempts after the first one, by default.
const MAX_RETRIES: u32 = 2;
/// Longest delay that a server may ask for, in milliseconds: 60 seconds.
const MAX_RETRY_AFTER_MS: f64 = 60_000.0;

const NO_ANSWER: &str = "No answer: the connection failed, or the server does not allow this page (CORS)";
const OFFLINE: &str = "This device is offline; nothing was sent";
const REDACTED: &str = "The answer is not what the contract promises where it repeats the key";
const NO_RESPONSE: &str = "What fetch gave back has no status and no text()";

/// How one attempt ended.
enum Attempted {
    Answered(Answer, JsValue),
    Ended(Outcome, Box<Failure>),
}

impl Call<'_> {
    /// Sends until an answer comes that ends it.
    pub async fn attempts(&self) -> Result<Answered, Error> {
        let Self { settings, options, prepared, times, .. } = self;
        let row = prepared.row;
        let limits = options.limits.or(settings.limits);
        let mut attempts = Attempts::new(Policy {
            max_retries: limits.max_retries.unwrap_or(MAX_RETRIES),
            safe_to_resend: row.safe_to_resend || options.always_resend,
            gone_is_done: row.method == Method::Delete,
            key_may_change: matches!(settings.key, KeySource::Provider(_)),
            max_retry_after_ms: limits.max_retry_after_ms.unwrap_or(MAX_RETRY_AFTER_MS),
            deadline_ms: times.deadline_ms,
        });
        let result = self.attempts_of(&mut attempts).await;
        result.map_err(|mut error| {
            if let Error::Failed(failure) = &mut error {
                failure.attempts = attempts.made();
                failure.total_delay_ms = attempts.delay_ms();
                failure.maybe_executed = attempts.may_have_been_done();
            }
            error
        })
    }

    async fn attempts_of(&self, attempts: &mut Attempts) -> Result<Answered, Error> {
        let Self { settings, options, prepared, .. } = self;
        let takes_session = prepared.row.takes_session;
        let mut reason = KeyReason::Needed;
        loop {
            let (outcome, failure) = match self.attempt(attempts.made(), reason).await? {
                Attempted::Answered(answer, key) => match decode(prepared.row, &answer) {
                    Ok(data) => {
                        attempts.succeeded(&mut settings.budget.borrow_mut());
                        if takes_session {
                            settings.slots.succeeded();
                        }
                        return Ok(answered(data, answer.status, answer.headers, attempts));
                    }
                    Err(_) => {
                        // Once more without the key, should it be in the text: what the parser says quotes from it.
                        let answer = answer.without(&key);
                        let failure = decode(prepared.row, &answer).err();
                        (
                            Outcome::Final,
                            failure.unwrap_or_else(|| Failure::new(ErrorCode::Response, REDACTED)),
                        )
                    }
                },
                Attempted::Ended(outcome, failure) => (outcome, failure),
            };
            if takes_session && failure.status == Some(429) {
                settings.slots.refused();
            }
            let (now_ms, chance) = (clock::now_ms(), Math::random());
            let next = attempts.ended(outcome, now_ms, chance, &mut settings.budget.borrow_mut());
            reason = KeyReason::Needed;
            match next {
                Next::SendAfter(milliseconds) => {
                    let code = failure.code.as_str();
                    let what = What { status: failure.status, code, milliseconds };
                    self.tell("onRetry", attempts.made(), what);
                    pause(options, milliseconds).await?;
                }
                Next::SendWithAnotherKey => reason = KeyReason::Rejected,
                Next::Done => {
                    let status = failure.status.unwrap_or_default();
                    return Ok(answered(JsValue::UNDEFINED, status, failure.headers, attempts));
                }
                Next::GiveUp => {
                    let retryable = attempts.is_retryable();
                    return Err(failure.with(|failure| failure.retryable = retryable).into());
                }
            }
        }
    }

    /// Sends once. `Err` is for what no further attempt may follow.
    async fn attempt(&self, made: u32, reason: KeyReason) -> Result<Attempted, Error> {
        let Self { settings, options, prepared, times, .. } = self;
        let (limit, milliseconds) = times.next();
        let (signal, began_ms) = (options.signal.as_ref(), clock::now_ms());
        let key = match settings.key_for(prepared.row, reason, signal, milliseconds).await {
            Ok(key) => key,
            Err(KeyFault::Stopped(Stop::TimedOut)) => {
                return Ok(Attempted::Ended(Outcome::NotSent, times.ran_out(limit)));
            }
            Err(KeyFault::Stopped(stop)) => return Err(stopped(stop)),
            Err(KeyFault::Unavailable(failure)) => return Ok(Attempted::Ended(Outcome::NotSent, failure)),
            Err(KeyFault::Unfit(failure)) => return Err(failure.into()),
        };
        if self.is_unreachable() {
            return Ok(Attempted::Ended(Outcome::NotSent, Failure::new(ErrorCode::Network, OFFLINE)));
        }
        let (nothing, headers) = (JsValue::UNDEFINED, settings.headers.with(&key));
        let ours = |value| if prepared.row.is_download() { &nothing } else { value };
        let request = Request {
            address: &prepared.address,
            method: prepared.row.method.as_str(),
            headers: ours(&headers),
            extra: ours(&options.headers),
            body: &prepared.body,
            credentials: ours(&settings.credentials),
        };
        let number = made.saturating_add(1);
        let sent_ms = clock::now_ms();
        // Only a key that is asked for has taken any of the time.
        let is_asked = matches!(settings.key, KeySource::Provider(_));
        let left_ms = if is_asked { milliseconds - (sent_ms - began_ms) } else { milliseconds };
        // A timer may be late: nothing leaves after a limit.
        if left_ms <= 0.0 {
            return Ok(Attempted::Ended(Outcome::NotSent, times.ran_out(limit)));
        }
        self.tell("onRequest", number, What::default());
        let answer = match fetch::send(&request, settings.fetch.as_ref(), signal, left_ms).await {
            Ok(answer) => answer,
            Err(Fault::Stopped(Stop::TimedOut)) => {
                return Ok(Attempted::Ended(Outcome::Lost, times.ran_out(limit)));
            }
            Err(Fault::Stopped(Stop::Failed(cause))) => {
                // A custom `fetch` may have sent the request before, and tell of its last attempt only.
                let was_sent = settings.fetch.is_some() || !engine::never_connected(&cause);
                let outcome = if was_sent { Outcome::Lost } else { Outcome::NotSent };
                let failure =
                    Failure::new(ErrorCode::Network, NO_ANSWER).with(|failure| failure.cause = cause);
                return Ok(Attempted::Ended(outcome, failure));
            }
            Err(Fault::Stopped(stop)) => return Err(stopped(stop)),
            Err(Fault::NoResponse(cause)) => {
                let failure =
                    Failure::new(ErrorCode::Response, NO_RESPONSE).with(|failure| failure.cause = cause);
                return Ok(Attempted::Ended(Outcome::Final, failure));
            }
        };
        let milliseconds = clock::now_ms() - sent_ms;
        self.tell("onResponse", number, What { status: Some(answer.status), code: "", milliseconds });
        if (200..300).contains(&answer.status) {
            return Ok(Attempted::Answered(answer, key));
        }
        // A server may repeat the key in what it says of it.
        let (outcome, failure) = refusal(prepared.row, &answer.without(&key));
        Ok(Attempted::Ended(outcome, failure))
    }

    /// Whether a request cannot leave: the device is offline, and the API is on another one.
    fn is_unreachable(&self) -> bool {
        let Self { settings, prepared, .. } = self;
        let base_url = &settings.base_url;
        settings.fetch.is_none()
            && !base_url.is_loopback()
            && engine::is_offline(prepared.row.method.as_str(), base_url.is_relative())
    }

    fn tell(&self, hook: &str, attempt: u32, what: What) {
        self.settings.hooks.tell(hook, self.number, self.operation, attempt, what);
    }
}

const fn answered(data: JsValue, status: u16, headers: JsValue, attempts: &Attempts) -> Answered {
    Answered { data, status, headers, attempts: attempts.made(), delay_ms: attempts.delay_ms() }
}

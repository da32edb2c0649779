//! Drives the attempts of one call: the machine of `call::attempt` says what, `transport` does it.

use js_sys::Math;
use wasm_bindgen::JsValue;

use super::answer::{decode, refusal};
use super::key::{KeyFault, KeyReason, KeySource};
use super::request::{Prepared, whole};
use super::settings::{CallOptions, Limits, Settings};
use crate::api::operation::{Method, Operation, Row};
use crate::api::problem::ErrorCode;
use crate::call::attempt::{Attempts, Next, Outcome, Policy};
use crate::call::header;
use crate::error::{Error, Failure, TimeLimit};
use crate::transport::clock;
use crate::transport::fetch::{self, Answer, Fault, Request};
use crate::transport::interrupt::{Interrupt, Stop};

/// Attempts after the first one, by default.
const MAX_RETRIES: u32 = 2;
/// Longest delay that a server may ask for, in milliseconds: 60 seconds.
const MAX_RETRY_AFTER_MS: f64 = 60_000.0;

const NO_ANSWER: &str = "No answer: the connection failed, or the server does not allow this page (CORS)";
const OFFLINE: &str = "This device is offline; nothing was sent";
const NO_RESPONSE: &str = "What fetch gave back has no status and no text()";

/// What a call resolves to.
#[cfg_attr(
    not(feature = "js"),
    allow(dead_code, reason = "all but the data is for withResponse() of JavaScript")
)]
pub(crate) struct Answered {
    /// The parsed body, or undefined for an operation that answers nothing.
    pub data: JsValue,
    /// The status of the answer.
    pub status: u16,
    /// The headers as `fetch` gave them.
    pub headers: JsValue,
    /// How many requests were sent.
    pub attempts: u32,
    /// How long was waited between them, in milliseconds.
    pub delay_ms: f64,
}

/// How one attempt ended.
enum Attempted {
    Answered(Answer, Option<String>),
    Ended(Outcome, Box<Failure>),
}

/// The time limits of one call.
struct Times {
    started_ms: f64,
    attempt_ms: f64,
    deadline_ms: f64,
}

impl Settings {
    /// Makes a call.
    pub async fn call(
        &self,
        operation: Operation,
        ids: &[JsValue],
        input: &JsValue,
        options: &CallOptions,
    ) -> Result<Answered, Error> {
        let row = operation.row();
        let limits = options.limits.or(self.limits);
        let times = Times::new(row, limits);
        let mut attempts = Attempts::new(Policy {
            max_retries: limits.max_retries.unwrap_or(MAX_RETRIES),
            safe_to_resend: row.safe_to_resend || options.always_resend,
            gone_is_done: row.method == Method::Delete,
            key_may_change: matches!(self.key, KeySource::Provider(_)),
            max_retry_after_ms: limits.max_retry_after_ms.unwrap_or(MAX_RETRY_AFTER_MS),
            deadline_ms: times.deadline_ms,
        });
        let result = match self.prepare(row, ids, input, options) {
            Ok(prepared) => self.attempts(&prepared, options, &times, &mut attempts).await,
            Err(failure) => Err(failure.into()),
        };
        result.map_err(|mut error| {
            if let Error::Failed(failure) = &mut error {
                failure.operation = Some(operation);
                failure.attempts = attempts.made();
                failure.total_delay_ms = attempts.delay_ms();
                failure.maybe_executed = attempts.may_have_been_done();
            }
            error
        })
    }

    async fn attempts(
        &self,
        call: &Prepared,
        options: &CallOptions,
        times: &Times,
        attempts: &mut Attempts,
    ) -> Result<Answered, Error> {
        let mut reason = KeyReason::Needed;
        loop {
            let (outcome, failure) = match self.attempt(call, options, times, reason).await? {
                Attempted::Answered(answer, key) => match decode(call.row, &answer) {
                    Ok(data) => {
                        attempts.succeeded(&mut self.budget.borrow_mut());
                        return Ok(answered(data, answer.status, answer.headers, attempts));
                    }
                    Err(failure) => {
                        // Once more without the key, should it be in the text: what the parser says quotes from it.
                        let answer = answer.without(key.as_deref());
                        (Outcome::Final, decode(call.row, &answer).err().unwrap_or(failure))
                    }
                },
                Attempted::Ended(outcome, failure) => (outcome, failure),
            };
            let (now_ms, chance) = (clock::now_ms(), Math::random());
            let next = attempts.ended(outcome, now_ms, chance, &mut self.budget.borrow_mut());
            reason = KeyReason::Needed;
            match next {
                Next::SendAfter(milliseconds) => pause(options, milliseconds).await?,
                Next::SendWithAnotherKey => reason = KeyReason::Rejected,
                Next::Done => {
                    let status = failure.status.unwrap_or_default();
                    return Ok(answered(JsValue::UNDEFINED, status, failure.headers, attempts));
                }
                Next::GiveUp => return Err(failure.into()),
            }
        }
    }

    /// Sends once. `Err` is for what no further attempt may follow.
    async fn attempt(
        &self,
        call: &Prepared,
        options: &CallOptions,
        times: &Times,
        reason: KeyReason,
    ) -> Result<Attempted, Error> {
        let (limit, milliseconds) = times.next();
        let interrupt = Interrupt::new(options.signal.as_ref(), milliseconds).map_err(stopped)?;
        let key = match self.key_for(call.row, reason, &interrupt).await {
            Ok(key) => key,
            Err(KeyFault::Stopped(Stop::TimedOut)) => {
                return Ok(Attempted::Ended(Outcome::NotSent, times.ran_out(limit, milliseconds)));
            }
            Err(KeyFault::Stopped(stop)) => return Err(stopped(stop)),
            Err(KeyFault::Unavailable(failure)) => return Ok(Attempted::Ended(Outcome::NotSent, failure)),
            Err(KeyFault::Unfit(failure)) => return Err(failure.into()),
        };
        if self.fetch.is_none() && self.base_url.is_remote() && fetch::is_offline() {
            return Ok(Attempted::Ended(Outcome::NotSent, Failure::new(ErrorCode::Network, OFFLINE)));
        }
        let headers = self.headers_for(call, options, key.as_deref());
        let request = Request {
            address: &call.address,
            method: call.row.method.as_str(),
            headers: &headers,
            body: &call.body,
            credentials: self.credentials.as_deref(),
        };
        let answer = match fetch::send(&request, self.fetch.as_ref(), &interrupt).await {
            Ok(answer) => answer,
            Err(Fault::Stopped(Stop::TimedOut)) => {
                return Ok(Attempted::Ended(Outcome::Lost, times.ran_out(limit, milliseconds)));
            }
            Err(Fault::Stopped(Stop::Failed(cause))) => {
                let failure =
                    Failure::new(ErrorCode::Network, NO_ANSWER).with(|failure| failure.cause = cause);
                return Ok(Attempted::Ended(Outcome::Lost, failure));
            }
            Err(Fault::Stopped(stop)) => return Err(stopped(stop)),
            Err(Fault::NoResponse(cause)) => {
                let failure =
                    Failure::new(ErrorCode::Response, NO_RESPONSE).with(|failure| failure.cause = cause);
                return Ok(Attempted::Ended(Outcome::Final, failure));
            }
        };
        if (200..300).contains(&answer.status) {
            return Ok(Attempted::Answered(answer, key));
        }
        // A server may repeat the key in what it says of it.
        let (outcome, failure) = refusal(call.row, &answer.without(key.as_deref()));
        Ok(Attempted::Ended(outcome, failure))
    }

    fn headers_for(
        &self,
        call: &Prepared,
        options: &CallOptions,
        key: Option<&str>,
    ) -> Vec<(String, String)> {
        let is_kept = |name: &str| !options.headers.iter().any(|(other, _)| other.eq_ignore_ascii_case(name));
        let of_client = self.headers.iter().filter(|(name, _)| is_kept(name));
        let mut headers: Vec<_> = of_client.chain(&options.headers).cloned().collect();
        headers.extend(key.map(|key| (header::KEY.to_owned(), key.to_owned())));
        if !call.body.is_undefined() {
            headers.push(("Content-Type".to_owned(), "application/json".to_owned()));
        }
        headers
    }
}

impl Times {
    fn new(row: &Row, limits: Limits) -> Self {
        let started_ms = clock::now_ms();
        Self {
            started_ms,
            attempt_ms: limits.timeout_ms.unwrap_or_else(|| f64::from(row.timeout_ms)),
            deadline_ms: started_ms + limits.total_timeout_ms.unwrap_or(f64::INFINITY),
        }
    }

    /// What bounds the next attempt, and to how many milliseconds.
    fn next(&self) -> (TimeLimit, f64) {
        let left = self.deadline_ms - clock::now_ms();
        if left < self.attempt_ms {
            (TimeLimit::Total, left.max(0.0))
        } else {
            (TimeLimit::Attempt, self.attempt_ms)
        }
    }

    fn ran_out(&self, limit: TimeLimit, milliseconds: f64) -> Box<Failure> {
        let elapsed_ms = match limit {
            TimeLimit::Attempt => milliseconds,
            TimeLimit::Total => clock::now_ms() - self.started_ms,
        };
        let message = match limit {
            TimeLimit::Attempt => {
                ["No complete answer within ", &whole(milliseconds), " ms (timeout)"].concat()
            }
            TimeLimit::Total => {
                ["No success within ", &whole(self.deadline_ms - self.started_ms), " ms (totalTimeout)"]
                    .concat()
            }
        };
        Failure::new(ErrorCode::Timeout, &message).with(|failure| {
            failure.limit = Some(limit);
            failure.elapsed_ms = Some(elapsed_ms);
        })
    }
}

const fn answered(data: JsValue, status: u16, headers: JsValue, attempts: &Attempts) -> Answered {
    Answered { data, status, headers, attempts: attempts.made(), delay_ms: attempts.delay_ms() }
}

fn stopped(stop: Stop) -> Error {
    match stop {
        Stop::Aborted(reason) => Error::Aborted(reason),
        Stop::TimedOut => Failure::new(ErrorCode::Timeout, "The time was up").into(),
        Stop::Failed(cause) => {
            Failure::new(ErrorCode::Internal, "A promise failed").with(|failure| failure.cause = cause).into()
        }
    }
}

/// Waits, unless the caller's signal is aborted.
pub(super) async fn pause(options: &CallOptions, milliseconds: f64) -> Result<(), Error> {
    let interrupt = Interrupt::new(options.signal.as_ref(), milliseconds).map_err(stopped)?;
    interrupt.complete();
    interrupt.sleep().await.map_err(stopped)
}

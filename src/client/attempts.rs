//! Drives the attempts of one call: the machine of `call::attempt` says what, `transport` does it.

use js_sys::Math;
use wasm_bindgen::JsValue;

use super::answer::{decode, refusal};
use super::request::{Prepared, place, whole};
use super::settings::{CallOptions, KeySource, Settings};
use crate::api::operation::{Operation, Row};
use crate::api::problem::ErrorCode;
use crate::call::attempt::{Attempts, Next, Outcome, Policy};
use crate::call::header;
use crate::error::{Error, Failure};
use crate::transport::fetch::{self, Answer, Fault, Request};
use crate::transport::interrupt::{Interrupt, Stop};
use crate::transport::json;

/// Attempts after the first one, by default.
const MAX_RETRIES: u32 = 2;
/// Longest delay that a server may ask for, in milliseconds: 60 seconds.
const MAX_RETRY_AFTER_MS: f64 = 60_000.0;

const NO_ANSWER: &str = "No answer: the connection failed, or the server does not allow this page (CORS)";
const NO_RESPONSE: &str = "What fetch gave back has no status and no text()";

/// Why there is no key to send.
enum KeyFault {
    Stopped(Stop),
    Refused(Failure),
}

/// How one attempt ended.
enum Attempted {
    Answered(Answer),
    Ended(Outcome, Error),
}

impl Settings {
    /// Makes a call. Resolves to the parsed answer, or `undefined` for an operation that has none.
    pub async fn call(
        &self,
        operation: Operation,
        ids: &[JsValue],
        input: &JsValue,
        options: &CallOptions,
    ) -> Result<JsValue, Error> {
        let mut attempts = Attempts::new(Policy {
            max_retries: options.max_retries.or(self.max_retries).unwrap_or(MAX_RETRIES),
            safe_to_resend: operation.row().safe_to_resend,
            max_retry_after_ms: MAX_RETRY_AFTER_MS,
        });
        let result = self.attempts(operation.row(), ids, input, options, &mut attempts).await;
        result.map_err(|mut error| {
            if let Error::Failed(failure) = &mut error {
                failure.operation = Some(operation);
                failure.attempts = attempts.made();
            }
            error
        })
    }

    async fn attempts(
        &self,
        row: &'static Row,
        ids: &[JsValue],
        input: &JsValue,
        options: &CallOptions,
        attempts: &mut Attempts,
    ) -> Result<JsValue, Error> {
        let prepared = self.prepare(row, ids, input, options)?;
        loop {
            let (outcome, error) = match self.attempt(&prepared, options).await? {
                Attempted::Answered(answer) => match decode(row, &answer) {
                    Ok(value) => return Ok(value),
                    Err(failure) => (Outcome::Final, failure.into()),
                },
                Attempted::Ended(outcome, error) => (outcome, error),
            };
            match attempts.ended(outcome, Math::random()) {
                Next::GiveUp => return Err(error),
                Next::SendAfter(milliseconds) => pause(options, milliseconds).await?,
            }
        }
    }

    /// Sends once. `Err` is for what no further attempt may follow.
    async fn attempt(&self, call: &Prepared, options: &CallOptions) -> Result<Attempted, Error> {
        let limit = options.timeout_ms.or(self.timeout_ms).unwrap_or_else(|| f64::from(call.row.timeout_ms));
        let timed_out = |sent: bool| {
            let message = ["No complete answer within ", &whole(limit), " ms"].concat();
            let maybe_executed = sent;
            Error::from(Failure { maybe_executed, ..Failure::new(ErrorCode::Timeout, message) })
        };
        let interrupt = match Interrupt::new(options.signal.as_ref(), limit) {
            Ok(interrupt) => interrupt,
            Err(stop) => return Err(stopped(stop)),
        };
        let key = match self.key(call.row, &interrupt).await {
            Ok(key) => key,
            Err(KeyFault::Stopped(Stop::TimedOut)) => return Err(timed_out(false)),
            Err(KeyFault::Stopped(stop)) => return Err(stopped(stop)),
            Err(KeyFault::Refused(failure)) => return Err(failure.into()),
        };
        let mut headers = merge(&self.headers, &options.headers);
        headers.extend(key.iter().map(|key| (header::KEY.to_owned(), key.clone())));
        if !call.body.is_undefined() {
            headers.push(("Content-Type".to_owned(), "application/json".to_owned()));
        }
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
                return Ok(Attempted::Ended(Outcome::Lost, timed_out(true)));
            }
            Err(Fault::Stopped(Stop::Failed(cause))) => {
                let failure =
                    Failure { maybe_executed: true, cause, ..Failure::new(ErrorCode::Network, NO_ANSWER) };
                return Ok(Attempted::Ended(Outcome::Lost, failure.into()));
            }
            Err(Fault::Stopped(stop)) => return Err(stopped(stop)),
            Err(Fault::NoResponse(cause)) => {
                let failure = Failure { cause, ..Failure::new(ErrorCode::Response, NO_RESPONSE) };
                return Ok(Attempted::Ended(Outcome::Final, failure.into()));
            }
        };
        let answer = Answer { text: json::without(&answer.text, key.as_deref()), ..answer };
        if (200..300).contains(&answer.status) {
            return Ok(Attempted::Answered(answer));
        }
        let (outcome, failure) = refusal(call.row, &answer);
        Ok(Attempted::Ended(outcome, failure.into()))
    }

    async fn key(&self, row: &Row, interrupt: &Interrupt) -> Result<Option<String>, KeyFault> {
        if !row.needs_key {
            return Ok(None);
        }
        let key = match &self.key {
            KeySource::None => return Ok(None),
            KeySource::Fixed(key) => key.clone(),
            KeySource::Provider(provide) => {
                let provided = provide();
                let promise =
                    wasm_bindgen_futures::future_to_promise(async { provided.await.map(JsValue::from) });
                let key = match interrupt.wait_for(&promise).await {
                    Ok(key) => key,
                    Err(Stop::Failed(cause)) => {
                        let failure = Failure::new(ErrorCode::Authentication, "The apiKey function failed");
                        return Err(KeyFault::Refused(Failure { cause, ..failure }));
                    }
                    Err(stop) => return Err(KeyFault::Stopped(stop)),
                };
                key.as_string().unwrap_or_default()
            }
        };
        if let Some(fault) = header::key_fault(&key) {
            let issue = place("options", "apiKey", "value_error", ["the key ", fault].concat());
            return Err(KeyFault::Refused(Failure::invalid(vec![issue])));
        }
        if !self.base_url.is_private() {
            let issue = place(
                "options",
                "baseUrl",
                "value_error",
                "a key goes out over https or to this machine only",
            );
            return Err(KeyFault::Refused(Failure::invalid(vec![issue])));
        }
        Ok(Some(key))
    }
}

fn stopped(stop: Stop) -> Error {
    match stop {
        Stop::Aborted(reason) => Error::Aborted(reason),
        Stop::TimedOut => Failure::new(ErrorCode::Timeout, "The time was up").into(),
        Stop::Failed(cause) => {
            Failure { cause, ..Failure::new(ErrorCode::Internal, "A promise failed") }.into()
        }
    }
}

async fn pause(options: &CallOptions, milliseconds: f64) -> Result<(), Error> {
    let interrupt = Interrupt::new(options.signal.as_ref(), milliseconds).map_err(stopped)?;
    interrupt.complete();
    interrupt.sleep().await.map_err(stopped)
}

/// Headers of the client and of the call; the call's win.
fn merge(client: &[(String, String)], call: &[(String, String)]) -> Vec<(String, String)> {
    let is_kept = |name: &str| !call.iter().any(|(other, _)| other.eq_ignore_ascii_case(name));
    client.iter().filter(|(name, _)| is_kept(name)).chain(call).cloned().collect()
}

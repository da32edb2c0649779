//! Sends one request, and classifies its outcome.

use super::call::Call;
use super::error::{Error, Failure, TimeLimit};
use super::event::{EventKind, duration};
use super::platform::{Platform, Request, Response, SendError};
use super::response::{Headers, error_response};
use super::value::{Interrupted, Value};
use crate::api::problem::ErrorCode;
use crate::policy::retry::AttemptFailure;

const NO_RESPONSE: &str = "No response: the connection failed, or the server does not allow this page (CORS)";
const NOT_A_RESPONSE: &str = "fetch returned a value without status and text()";

/// Outcome of one attempt.
pub(super) enum AttemptResult<P: Platform> {
    Response(Response<P::Value>, P::Value),
    Failure(AttemptFailure, Box<Failure<P::Value>>),
}

/// Input of one attempt besides the prepared request.
#[derive(Clone, Copy)]
pub(super) struct AttemptInput<'a, V> {
    /// Number of earlier attempts.
    pub made: u32,
    pub key: &'a V,
    /// Time spent on getting the key, in milliseconds. It counts towards the attempt's timeout.
    pub key_ms: f64,
    /// The idempotency key, and whether only the stored response is requested.
    pub idempotency: Option<(&'a str, bool)>,
}

impl<P: Platform> Call<'_, P> {
    /// Sends the request once.
    pub async fn send_once(
        &self,
        sending: AttemptInput<'_, P::Value>,
    ) -> Result<AttemptResult<P>, Error<P::Value>> {
        let AttemptInput { made, key, key_ms, idempotency } = sending;
        let Self { engine, options, prepared, times, .. } = self;
        let platform = &engine.platform;
        let signal = options.signal.as_ref();
        let not_sent = |failure| Ok(AttemptResult::Failure(AttemptFailure::NotSent, failure));
        let sent_ms = platform.now_ms();
        let (limit, milliseconds) = times.next(sent_ms);
        let left_ms = match limit {
            TimeLimit::Attempt => milliseconds - key_ms,
            TimeLimit::Total | TimeLimit::Wait => milliseconds,
        };
        // Timers can fire late: never send after a deadline.
        if left_ms <= 0.0 {
            return not_sent(times.timeout_failure(platform, limit));
        }
        let attempt = made.saturating_add(1);
        let undefined = P::Value::default();
        let request = Request {
            spec: prepared.spec,
            url: &prepared.url,
            body: &prepared.body,
            key,
            headers: if prepared.spec.is_download() { &undefined } else { &options.headers },
            idempotency_key: idempotency.map(|(key, _)| key),
            replay_only: idempotency.is_some_and(|(_, replay_only)| replay_only),
            must_be_fresh: options.must_be_fresh,
        };
        self.emit(EventKind::RequestSent { attempt });
        self.sent_ms.set(sent_ms);
        let response = match platform.send(&request, signal, left_ms).await {
            Ok(response) => response,
            Err(SendError::Interrupted(Interrupted::TimedOut)) => {
                return Ok(AttemptResult::Failure(
                    AttemptFailure::NoResponse,
                    times.timeout_failure(platform, limit),
                ));
            }
            Err(SendError::Interrupted(Interrupted::Failed(cause))) => {
                return Ok(AttemptResult::Failure(AttemptFailure::NoResponse, no_response(cause)));
            }
            Err(SendError::Interrupted(aborted)) => return Err(aborted.into()),
            Err(SendError::NotSent(cause)) => return not_sent(no_response(cause)),
            Err(SendError::NotAResponse(cause)) => {
                let failure = Failure::new(ErrorCode::Response, NOT_A_RESPONSE);
                return Ok(AttemptResult::Failure(
                    AttemptFailure::NotRetryable,
                    failure.with(|failure| failure.cause = cause),
                ));
            }
        };
        let duration = duration(platform.now_ms() - sent_ms);
        self.emit(EventKind::ResponseReceived { attempt, status: response.status, duration });
        if (200..300).contains(&response.status) {
            return Ok(AttemptResult::Response(response, key.clone()));
        }
        let headers = Headers::of(platform, &response);
        // The server may echo the key.
        let (outcome, failure) =
            error_response(platform, prepared.spec, &platform.redacted(response, key), &headers);
        Ok(AttemptResult::Failure(outcome, failure))
    }
}

fn no_response<V: Value>(cause: V) -> Box<Failure<V>> {
    Failure::new(ErrorCode::Network, NO_RESPONSE).with(|failure| failure.cause = cause)
}

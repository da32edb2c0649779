//! One call, from its prepared request to its response.

use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;

use super::engine::Engine;
use super::error::{Error, Failure};
use super::event::{Event, EventKind, Listener, duration};
use super::options::CallOptions;
use super::platform::Platform;
use super::times::Times;
use super::value::{Interrupted, Value};
use crate::api::check::{Issue, canonical_id};
use crate::api::operation::{Operation, OperationSpec};
use crate::api::problem::ErrorCode;
use crate::policy::url::BaseUrl;

/// What a call resolves to.
#[derive(Clone, Debug)]
pub struct CallResponse<V> {
    /// The parsed body, or undefined for an operation that returns nothing.
    pub data: V,
    /// The status of the response.
    pub status: u16,
    /// The headers as the platform has them.
    pub headers: V,
    /// The key that was sent, to redact it from the headers; undefined if there was none.
    pub key: V,
    /// Identifies the call in events.
    pub call_id: u32,
    /// How many requests were sent.
    pub attempts: u32,
    /// How long was waited between them, in milliseconds.
    pub delay_ms: f64,
    /// When the last of them left, on the monotonic clock.
    pub sent_ms: f64,
}

/// One request, validated and written out: what is sent at every attempt.
#[derive(Clone, Debug)]
pub struct Prepared<V> {
    /// The spec of the operation.
    pub spec: &'static OperationSpec,
    /// Where to.
    pub url: String,
    /// A string of JSON, or undefined.
    pub body: V,
    /// The values of the path's parameters; an id in its one notation.
    pub ids: Vec<String>,
}

impl<V> Prepared<V> {
    /// A request without a query. However a caller spells an id, it is the same skill: locks, journal and ledger know it by the
    /// one notation.
    #[must_use]
    pub fn new(spec: &'static OperationSpec, base_url: &BaseUrl, values: Vec<String>, body: V) -> Self {
        let ids: Vec<String> =
            values.into_iter().map(|value| canonical_id(&value).unwrap_or(value)).collect();
        Self { spec, url: base_url.join(spec, &ids), body, ids }
    }
}

/// The result of a call.
pub(super) type CallResult<V> = Result<CallResponse<V>, Error<V>>;

/// A future on the heap.
pub(super) type Boxed<'a, Output> = Pin<Box<dyn Future<Output = Output> + 'a>>;

/// One call.
pub(super) struct Call<'a, P: Platform> {
    pub engine: &'a Engine<P>,
    pub operation: Operation,
    pub prepared: &'a Prepared<P::Value>,
    pub options: &'a CallOptions<P>,
    pub times: Times,
    /// When its last request left.
    pub sent_ms: Cell<f64>,
    /// Identifies it in events.
    pub id: u32,
}

impl<P: Platform> Engine<P> {
    /// Makes a call.
    pub fn call<'a>(
        &'a self,
        operation: Operation,
        prepared: &'a Prepared<P::Value>,
        options: &'a CallOptions<P>,
    ) -> Boxed<'a, CallResult<P::Value>> {
        // Recovery makes calls within a call.
        Box::pin(async move {
            let call = self.begin(operation, prepared, options);
            let result = call.run().await;
            call.end(result)
        })
    }

    /// The error of a call whose input is invalid: nothing is sent.
    pub fn refuse(
        &self,
        operation: Operation,
        failure: Box<Failure<P::Value>>,
        listener: Option<&Listener<Event>>,
    ) -> Error<P::Value> {
        let call_id = self.next_call_id();
        let error = with_call(failure.into(), operation, call_id);
        for kind in [EventKind::CallStarted, failed(&error, 0.0)] {
            self.emit(listener, Event { call_id, operation: operation.spec().name, kind });
        }
        error
    }

    pub(super) fn begin<'a>(
        &'a self,
        operation: Operation,
        prepared: &'a Prepared<P::Value>,
        options: &'a CallOptions<P>,
    ) -> Call<'a, P> {
        let limits = options.limits.or(self.options.limits);
        let times = Times::new(&self.platform, prepared.spec, limits, options.begun_at);
        let sent_ms = Cell::new(times.started_ms);
        let call =
            Call { engine: self, operation, prepared, options, times, sent_ms, id: self.next_call_id() };
        call.emit(EventKind::CallStarted);
        call
    }
}

impl<P: Platform> Call<'_, P> {
    async fn run(&self) -> CallResult<P::Value> {
        match &self.options.recover {
            None if self.operation == Operation::SkillsExecute => self.execute_unprotected().await,
            None => self.send(None).await,
            Some(_) if self.options.always_resend => {
                Err(self.cannot_recover("does not go with retry: \"always\", which may execute twice"))
            }
            Some(recover) if self.operation == Operation::SkillsExecute => self.execute(recover).await,
            Some(recover)
                if self.operation == Operation::MarketplaceExecute && self.engine.options.idempotency =>
            {
                self.execute(recover).await
            }
            Some(_) => Err(self.cannot_recover(
                "is for skills.execute, and with idempotency keys for marketplace.execute: the API lists the executions of nothing else",
            )),
        }
    }

    fn cannot_recover(&self, reason: &'static str) -> Error<P::Value> {
        Failure::invalid(vec![Issue::at("options", "recover", reason)]).into()
    }

    /// Waits, unless the caller's signal is aborted.
    pub async fn pause(&self, milliseconds: f64) -> Result<(), Error<P::Value>> {
        match self.engine.platform.pause(self.options.signal.as_ref(), milliseconds).await {
            Interrupted::TimedOut => Ok(()),
            interrupted => Err(interrupted.into()),
        }
    }

    pub fn now_ms(&self) -> f64 {
        self.engine.platform.now_ms()
    }

    pub fn left_ms(&self) -> f64 {
        self.times.left_ms(self.now_ms())
    }

    pub fn signal(&self) -> Option<&P::Signal> {
        self.options.signal.as_ref()
    }

    /// Emits the last event of the call, and identifies the call in its result.
    pub fn end(&self, result: CallResult<P::Value>) -> CallResult<P::Value> {
        let elapsed_ms = self.now_ms() - self.times.started_ms;
        match result {
            Ok(response) => {
                let CallResponse { attempts, status, .. } = response;
                self.emit(EventKind::CallSucceeded { attempts, status, duration: duration(elapsed_ms) });
                Ok(CallResponse { call_id: self.id, ..response })
            }
            Err(error) => {
                let error = with_call(error, self.operation, self.id);
                self.emit(failed(&error, elapsed_ms));
                Err(error)
            }
        }
    }

    pub fn emit(&self, kind: EventKind) {
        let event = Event { call_id: self.id, operation: self.operation.spec().name, kind };
        self.engine.emit(self.options.on_event.as_ref(), event);
    }
}

fn failed<V>(error: &Error<V>, elapsed_ms: f64) -> EventKind {
    let failure = error.failure();
    EventKind::CallFailed {
        attempts: failure.map_or(0, |failure| failure.attempts),
        status: failure.and_then(|failure| failure.status),
        code: error.code(),
        duration: duration(elapsed_ms),
    }
}

/// An error that says which call failed.
fn with_call<V>(mut error: Error<V>, operation: Operation, call_id: u32) -> Error<V> {
    if let Error::Failed(failure) = &mut error {
        failure.operation = Some(operation);
        failure.call_id = Some(call_id);
    }
    error
}

/// What a failure becomes that leaves open whether something was executed.
pub(super) fn outcome_unknown<V: Value>(failure: Box<Failure<V>>, execution_id: Option<&str>) -> Error<V> {
    let is_unclear = failure.code != ErrorCode::AmbiguousExecution;
    failure
        .with(|failure| {
            failure.maybe_executed = true;
            failure.retryable = false;
            if is_unclear {
                failure.execution_id = execution_id.map(str::to_owned);
            }
        })
        .into()
}

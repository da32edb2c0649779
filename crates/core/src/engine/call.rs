//! One call: from the prepared request to the response.

use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;

use super::engine::Engine;
use super::error::{Error, Failure};
use super::event::{Event, EventKind, Listener, duration};
use super::options::CallOptions;
use super::platform::Platform;
use super::times::Times;
use super::value::Interrupted;
use crate::api::check::canonical_id;
use crate::api::issue::Issue;
use crate::api::operation::Operation;
use crate::api::operation_spec::OperationSpec;
use crate::policy::url::BaseUrl;

/// Successful result of a call.
#[derive(Clone, Debug)]
pub struct CallResponse<V> {
    /// The parsed body; undefined if the operation returns nothing.
    pub data: V,
    /// HTTP status.
    pub status: u16,
    /// Response headers in the platform's representation.
    pub headers: V,
    /// The key that was sent, for redacting it from the headers; undefined if none was sent.
    pub key: V,
    /// Identifies the call in events.
    pub call_id: u32,
    /// Number of requests sent.
    pub attempts: u32,
    /// Total delay between the attempts, in milliseconds.
    pub delay_ms: f64,
    /// When the last request was sent, on the monotonic clock.
    pub sent_ms: f64,
}

/// A validated and serialized request, sent at every attempt.
#[derive(Clone, Debug)]
pub struct Prepared<V> {
    /// Specification of the operation.
    pub spec: &'static OperationSpec,
    /// Request URL.
    pub url: String,
    /// JSON text, or undefined.
    pub body: V,
    /// Values of the path parameters. UUIDs are in canonical form.
    pub ids: Vec<String>,
}

impl<V> Prepared<V> {
    /// Prepares a request without a query. UUIDs are converted to canonical form, because they identify the skill in
    /// locks, the journal and the ledger.
    #[must_use]
    pub fn new(spec: &'static OperationSpec, base_url: &BaseUrl, mut ids: Vec<String>, body: V) -> Self {
        for id in &mut ids {
            if let Some(canonical) = canonical_id(id) {
                *id = canonical;
            }
        }
        Self { spec, url: base_url.join(spec, &ids), body, ids }
    }
}

/// Result of a call.
pub(super) type CallResult<V> = Result<CallResponse<V>, Error<V>>;

/// A boxed future.
pub(super) type Boxed<'a, Output> = Pin<Box<dyn Future<Output = Output> + 'a>>;

/// A call in progress.
pub(super) struct Call<'a, P: Platform> {
    pub engine: &'a Engine<P>,
    pub operation: Operation,
    pub prepared: &'a Prepared<P::Value>,
    pub options: &'a CallOptions<P>,
    pub times: Times,
    /// When its last request was sent.
    pub sent_ms: Cell<f64>,
    /// Identifies the call in events.
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
        // Boxed, because recovery makes calls within a call.
        Box::pin(async move {
            let call = self.begin(operation, prepared, options);
            let result = call.run().await;
            call.end(result)
        })
    }

    /// Rejects a call whose input is invalid. Nothing is sent.
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
                Err(self.cannot_recover("cannot be combined with retry: \"always\", which may execute twice"))
            }
            Some(recover) if self.operation == Operation::SkillsExecute => self.execute(recover).await,
            Some(recover)
                if self.operation == Operation::MarketplaceExecute && self.engine.options.idempotency =>
            {
                self.execute(recover).await
            }
            Some(_) => Err(self.cannot_recover(
                "is supported for skills.execute, and with idempotency keys for marketplace.execute: the API lists no other executions",
            )),
        }
    }

    fn cannot_recover(&self, reason: &'static str) -> Error<P::Value> {
        Failure::invalid(vec![Issue::at("options", "recover", reason)]).into()
    }

    /// Waits for a delay. Fails if the caller's signal is aborted.
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

    /// Emits the last event of the call, and adds the call's id to its result.
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

/// Adds the operation and the id of the call to an error.
fn with_call<V>(mut error: Error<V>, operation: Operation, call_id: u32) -> Error<V> {
    if let Error::Failed(failure) = &mut error {
        failure.operation = Some(operation);
        failure.call_id = Some(call_id);
    }
    error
}

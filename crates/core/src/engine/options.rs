//! Options of an engine and of a call.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use super::entry::BatchRow;
use super::event::{Event, Listener};
use super::limiter::ConcurrencyStats;
use super::platform::Platform;
use crate::policy::url::BaseUrl;

/// Default of [`Recover::grace_ms`]: 20 seconds.
pub const GRACE_MS: f64 = 20_000.0;

/// Options of an engine.
#[derive(Clone, Debug)]
pub struct EngineOptions {
    /// Base URL of the API.
    pub base_url: BaseUrl,
    /// Default limits of calls.
    pub limits: Limits,
    /// Maximum number of concurrent executions and creations; infinite for no limit.
    pub max_concurrent: f64,
    /// Whether other users run the same skills in the same account. Then the list of executions does not identify a
    /// run.
    pub shared_account: bool,
    /// Whether the server (the proxy of this package) supports `Idempotency-Key`.
    pub idempotency: bool,
    /// Receives the events of all calls.
    pub on_event: Option<Listener<Event>>,
    /// Called whenever the number of queued or running calls has changed.
    pub on_pending: Option<Listener<ConcurrencyStats>>,
}

impl Default for EngineOptions {
    fn default() -> Self {
        Self {
            base_url: BaseUrl::default(),
            limits: Limits::default(),
            max_concurrent: f64::INFINITY,
            shared_account: false,
            idempotency: false,
            on_event: None,
            on_pending: None,
        }
    }
}

/// Options of a call.
pub struct CallOptions<P: Platform> {
    /// Aborts the call.
    pub signal: Option<P::Signal>,
    /// Additional headers: an object of validated names and values, or undefined.
    pub headers: P::Value,
    /// Limits of this call. Absent ones have the engine's value.
    pub limits: Limits,
    /// Whether the caller accepts that a retry may execute twice.
    pub always_resend: bool,
    /// Recovers the execution if its response is lost.
    pub recover: Option<Recover<P>>,
    /// Receives the events of this call, besides the client's listener.
    pub on_event: Option<Listener<Event>>,
    /// Whether a stored response, which may be old, would break a guarantee.
    pub must_be_fresh: bool,
    /// Start of the call on the platform's monotonic clock. By default the time when it reaches the engine.
    pub begun_at: Option<f64>,
}

impl<P: Platform> Clone for CallOptions<P> {
    fn clone(&self) -> Self {
        Self {
            signal: self.signal.clone(),
            headers: self.headers.clone(),
            limits: self.limits,
            always_resend: self.always_resend,
            recover: self.recover.clone(),
            on_event: self.on_event.clone(),
            must_be_fresh: self.must_be_fresh,
            begun_at: self.begun_at,
        }
    }
}

impl<P: Platform> Default for CallOptions<P> {
    fn default() -> Self {
        Self {
            signal: None,
            headers: P::Value::default(),
            limits: Limits::default(),
            always_resend: false,
            recover: None,
            on_event: None,
            must_be_fresh: false,
            begun_at: None,
        }
    }
}

/// Options for recovering an execution whose response was lost.
pub struct Recover<P: Platform> {
    /// Maximum delay until an execution is listed, in milliseconds.
    pub grace_ms: f64,
    /// The caller's name for the run, stored in the journal.
    pub tag: Option<String>,
    /// Stores the result. The journal entry is removed once it has resolved.
    pub deliver: Option<P::Callback>,
    /// Recognises the result of this run in a shared account.
    pub accept: Option<P::Callback>,
    /// For a run of a batch: its row, and where its result is stored.
    pub batch: Option<Rc<BatchRun<P>>>,
}

/// A run of a batch.
pub struct BatchRun<P: Platform> {
    /// The row; `None` for runs that are resumed, whose entries have it.
    pub row: Option<BatchRow>,
    /// Stores the result. The journal entry is removed once it has resolved.
    pub store: Box<StoreResult<P>>,
}

/// Stores the response of a row, and the id of its execution if it is identified.
pub type StoreResult<P> =
    dyn Fn(BatchRow, <P as Platform>::Value, Option<&str>) -> Pin<Box<dyn Future<Output = ()>>>;

impl<P: Platform> Clone for Recover<P> {
    fn clone(&self) -> Self {
        Self {
            grace_ms: self.grace_ms,
            tag: self.tag.clone(),
            deliver: self.deliver.clone(),
            accept: self.accept.clone(),
            batch: self.batch.clone(),
        }
    }
}

impl<P: Platform> Default for Recover<P> {
    fn default() -> Self {
        Self { grace_ms: GRACE_MS, tag: None, deliver: None, accept: None, batch: None }
    }
}

/// Time limits and retries. Absent ones have the default of the client or of the operation.
#[derive(Clone, Copy, Debug, Default)]
pub struct Limits {
    /// Maximum duration of an attempt, in milliseconds.
    pub timeout_ms: Option<f64>,
    /// Maximum duration of the call, in milliseconds.
    pub total_timeout_ms: Option<f64>,
    /// Maximum number of retries.
    pub max_retries: Option<u32>,
    /// Maximum `Retry-After` to wait for, in milliseconds.
    pub max_retry_after_ms: Option<f64>,
}

impl Limits {
    /// Fills in absent limits from others.
    #[must_use]
    pub fn or(self, others: Self) -> Self {
        Self {
            timeout_ms: self.timeout_ms.or(others.timeout_ms),
            total_timeout_ms: self.total_timeout_ms.or(others.total_timeout_ms),
            max_retries: self.max_retries.or(others.max_retries),
            max_retry_after_ms: self.max_retry_after_ms.or(others.max_retry_after_ms),
        }
    }
}

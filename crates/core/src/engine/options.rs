//! What an engine is configured with, and what one call may ask for.

use super::event::{Event, Listener};
use super::limiter::ConcurrencyStats;
use super::platform::Platform;
use crate::policy::url::BaseUrl;

/// How long an execution may take to be listed by default, in milliseconds: 20 seconds.
pub const GRACE_MS: f64 = 20_000.0;

/// What an engine is configured with.
#[derive(Clone, Debug)]
pub struct EngineOptions {
    /// Where the API is.
    pub base_url: BaseUrl,
    /// Limits of calls that have none of their own.
    pub limits: Limits,
    /// How many executions and creations may run at once; infinite for no limit.
    pub max_concurrent: f64,
    /// Whether others may run the same skills in the same account: then the list alone proves nothing.
    pub shared_account: bool,
    /// Whether the server (our own proxy) honours `Idempotency-Key`.
    pub idempotency: bool,
    /// Receives the events of all calls.
    pub on_event: Option<Listener<Event>>,
    /// CallResult whenever the number of queued or running calls has changed.
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

/// What one call asks for besides its input.
pub struct CallOptions<P: Platform> {
    /// Aborts the call.
    pub signal: Option<P::Signal>,
    /// Headers of this call: an object of names and values, validated; or undefined.
    pub headers: P::Value,
    /// Limits of this call.
    pub limits: Limits,
    /// The caller knows that doing it twice does no harm.
    pub always_resend: bool,
    /// Whether the execution must not be original.
    pub recover: Option<Recover<P>>,
    /// Receives the events of this call, besides the client's listener.
    pub on_event: Option<Listener<Event>>,
    /// When the call began, on the platform's clock; by default when it reaches the engine.
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
            begun_at: None,
        }
    }
}

/// How an execution is found again whose response was original.
pub struct Recover<P: Platform> {
    /// How long an execution may take to be listed, in milliseconds.
    pub grace_ms: f64,
    /// The caller's name for the run, kept in the journal.
    pub tag: Option<String>,
    /// Stores the execution. Its journal entry is removed once this has resolved.
    pub deliver: Option<P::Callback>,
    /// Recognises the result of this run in an account that others use too.
    pub accept: Option<P::Callback>,
}

impl<P: Platform> Clone for Recover<P> {
    fn clone(&self) -> Self {
        Self {
            grace_ms: self.grace_ms,
            tag: self.tag.clone(),
            deliver: self.deliver.clone(),
            accept: self.accept.clone(),
        }
    }
}

impl<P: Platform> Default for Recover<P> {
    fn default() -> Self {
        Self { grace_ms: GRACE_MS, tag: None, deliver: None, accept: None }
    }
}

/// How long, and how often. What is absent is left to the client, and then to the operation.
#[derive(Clone, Copy, Debug, Default)]
pub struct Limits {
    /// Longest that one attempt may take, in milliseconds.
    pub timeout_ms: Option<f64>,
    /// Longest that the whole call may take, in milliseconds.
    pub total_timeout_ms: Option<f64>,
    /// Attempts after the first one, at most.
    pub max_retries: Option<u32>,
    /// Longest `Retry-After` that is honoured, in milliseconds.
    pub max_retry_after_ms: Option<f64>,
}

impl Limits {
    /// These, and where they are absent, others.
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

//! Interface to network, timers, locks and storage.

use std::future::Future;
use std::rc::Rc;

use super::error::Failure;
use super::shared_state::SharedState;
use super::value::{Interrupted, Value};
use crate::api::operation_spec::OperationSpec;

/// Why a key is requested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyReason {
    /// For the next request.
    Needed,
    /// The server rejected the last key with 401. A cached key should be renewed.
    Rejected,
}

/// Why no key is available.
#[derive(Debug)]
pub enum KeyError<V> {
    /// The wait was interrupted.
    Interrupted(Interrupted<V>),
    /// The key provider failed. A retry may succeed.
    Unavailable(Box<Failure<V>>),
    /// The key cannot be sent. A retry would fail again.
    Invalid(Box<Failure<V>>),
}

/// An HTTP request.
#[derive(Debug)]
pub struct Request<'a, V> {
    /// Specification of the operation or the download.
    pub spec: &'static OperationSpec,
    /// Request URL.
    pub url: &'a str,
    /// JSON text, or undefined.
    pub body: &'a V,
    /// The key, or undefined.
    pub key: &'a V,
    /// Headers of this call: an object, or undefined.
    pub headers: &'a V,
    /// Value of the `Idempotency-Key` header.
    pub idempotency_key: Option<&'a str>,
    /// Whether to request only the stored response of the idempotency key. Then nothing is executed.
    pub replay_only: bool,
    /// Whether a stored response, which may be old, would break a guarantee.
    pub must_be_fresh: bool,
}

/// A complete HTTP response.
#[derive(Clone, Debug)]
pub struct Response<V> {
    /// HTTP status; 0 if it is not a valid one.
    pub status: u16,
    /// Headers in the platform's representation.
    pub headers: V,
    /// The body as a string.
    pub text: V,
}

/// Why a request has no response.
#[derive(Debug)]
pub enum SendError<V> {
    /// Interrupted, possibly after the request was sent.
    Interrupted(Interrupted<V>),
    /// The request was not sent.
    NotSent(V),
    /// `fetch` returned a value that is not a response.
    NotAResponse(V),
}

/// The environment of an engine: a browser, or the simulator.
///
/// Durations are in milliseconds. Every wait takes the caller's signal and a limit, which may be infinite.
pub trait Platform: Sized + 'static {
    /// A JSON value.
    type Value: Value;
    /// The abort signal of a call.
    type Signal: Clone;
    /// A lock, released on drop.
    type Lock: 'static;
    /// A function of the caller.
    type Callback: Clone;

    /// Monotonic clock, for delays and limits.
    fn now_ms(&self) -> f64;
    /// Time since the epoch, for data that outlives the page.
    fn epoch_ms(&self) -> f64;
    /// A random number in 0..1.
    fn random(&self) -> f64;
    /// A new UUID.
    fn unique_id(&self) -> String;
    /// The state shared by all calls of this tab.
    fn shared_state(&self) -> Rc<SharedState<Self::Lock>>;

    /// Waits before a poll: at least this long, longer while polling would be wasted (the page is hidden or offline), but
    /// not longer than `limit_ms`.
    fn pause_before_poll(
        &self,
        signal: Option<&Self::Signal>,
        milliseconds: f64,
        limit_ms: f64,
    ) -> impl Future<Output = Interrupted<Self::Value>> {
        self.pause(signal, milliseconds.min(limit_ms))
    }

    /// Waits for a duration, or until the signal is aborted.
    fn pause(
        &self,
        signal: Option<&Self::Signal>,
        milliseconds: f64,
    ) -> impl Future<Output = Interrupted<Self::Value>>;

    /// Whether a rejected key can be replaced by another one.
    fn key_may_change(&self) -> bool;
    /// Returns the key for a request; undefined if the operation needs none or none is configured.
    fn key(
        &self,
        spec: &'static OperationSpec,
        reason: KeyReason,
        signal: Option<&Self::Signal>,
        milliseconds: f64,
    ) -> impl Future<Output = Result<Self::Value, KeyError<Self::Value>>>;
    /// Whether no request can be sent, because the device is offline.
    fn is_offline(&self, spec: &'static OperationSpec) -> bool;
    /// Sends a request and reads the whole response.
    fn send(
        &self,
        request: &Request<'_, Self::Value>,
        signal: Option<&Self::Signal>,
        milliseconds: f64,
    ) -> impl Future<Output = Result<Response<Self::Value>, SendError<Self::Value>>>;
    /// Returns a header of a response of [`Platform::send`].
    fn header(&self, response: &Response<Self::Value>, name: &str) -> Option<String>;
    /// Prepares a response for callers: converts its headers to an object and redacts the key.
    fn redacted(&self, response: Response<Self::Value>, key: &Self::Value) -> Response<Self::Value>;
    /// The `Date` header of a successful response: milliseconds since the epoch, in whole seconds.
    fn date_ms(&self, headers: &Self::Value) -> Option<f64>;
    /// Parses JSON.
    fn parse(&self, text: &Self::Value) -> Result<Self::Value, Self::Value>;
    /// Parses a date and time of RFC 3339 or RFC 9110: milliseconds since the epoch; NaN if it is invalid.
    fn date_time_ms(&self, text: &Self::Value) -> f64;

    /// Calls a function and awaits its result. The error is what it throws.
    fn invoke(
        &self,
        callback: &Self::Callback,
        argument: &Self::Value,
    ) -> impl Future<Output = Result<Self::Value, Self::Value>>;

    /// Waits for an exclusive lock, shared by all tabs of the origin where the platform supports it.
    fn lock(
        &self,
        name: &str,
        signal: Option<&Self::Signal>,
        milliseconds: f64,
    ) -> impl Future<Output = Result<Self::Lock, Interrupted<Self::Value>>>;

    /// Whether a journal is configured.
    fn has_journal(&self) -> bool;
    /// Writes an entry of the journal. Removes it if there is no value.
    fn journal_write(
        &self,
        id: &str,
        entry: Option<&Self::Value>,
        signal: Option<&Self::Signal>,
        milliseconds: f64,
    ) -> impl Future<Output = Result<(), Interrupted<Self::Value>>>;
    /// Reads all entries of the journal.
    fn journal_entries(
        &self,
        signal: Option<&Self::Signal>,
        milliseconds: f64,
    ) -> impl Future<Output = Result<Vec<Self::Value>, Interrupted<Self::Value>>>;
}

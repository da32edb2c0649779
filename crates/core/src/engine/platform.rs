//! What the engine needs from its surroundings.

use std::future::Future;
use std::rc::Rc;

use super::error::Failure;
use super::shared_state::SharedState;
use super::value::{Interrupted, Value};
use crate::api::operation::OperationSpec;

/// Why the key is requested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyReason {
    /// A request is about to be sent.
    Needed,
    /// The server responded to the last one with 401: a cached key should be renewed.
    Rejected,
}

/// Why there is no key to send.
#[derive(Debug)]
pub enum KeyError<V> {
    /// The wait for it was interrupted.
    Interrupted(Interrupted<V>),
    /// Its source failed; it may work the next time.
    Unavailable(Box<Failure<V>>),
    /// It cannot be sent, now or later.
    Invalid(Box<Failure<V>>),
}

/// One HTTP request.
#[derive(Debug)]
pub struct Request<'a, V> {
    /// The operation's spec, or that of a download.
    pub spec: &'static OperationSpec,
    /// Where to.
    pub url: &'a str,
    /// The body as a string of JSON, or undefined.
    pub body: &'a V,
    /// The key, or undefined.
    pub key: &'a V,
    /// Headers of this call: an object, or undefined.
    pub headers: &'a V,
    /// The value of `Idempotency-Key`, if it is sent along.
    pub idempotency_key: Option<&'a str>,
    /// Whether the server must not run anything: only the response that it has kept for the key is requested.
    pub replay_only: bool,
}

/// A complete response.
#[derive(Clone, Debug)]
pub struct Response<V> {
    /// Its status; 0 if it has none that HTTP knows.
    pub status: u16,
    /// Its headers, as the platform has them.
    pub headers: V,
    /// Its body as a string.
    pub text: V,
}

/// Why there is no response.
#[derive(Debug)]
pub enum SendError<V> {
    /// Interrupted after the request may have left.
    Interrupted(Interrupted<V>),
    /// Nothing left the machine.
    NotSent(V),
    /// What came back is not a response.
    NotAResponse(V),
}

/// The surroundings of an engine. One implementation drives a browser, another a simulated world.
///
/// Times are milliseconds. A wait takes the caller's signal and a limit, which may be infinite.
pub trait Platform: Sized + 'static {
    /// A JSON value.
    type Value: Value;
    /// What a caller aborts a call by.
    type Signal: Clone;
    /// A lock that is held until it is dropped.
    type Lock: 'static;
    /// A function of the caller.
    type Callback: Clone;

    /// The monotonic clock: for delays and limits.
    fn now_ms(&self) -> f64;
    /// The time since the epoch: for what outlives the page.
    fn epoch_ms(&self) -> f64;
    /// A number in 0..1.
    fn random(&self) -> f64;
    /// A UUID that no other call has.
    fn unique_id(&self) -> String;
    /// What the calls of this tab share.
    fn shared_state(&self) -> Rc<SharedState<Self::Lock>>;

    /// Waits until the time is up, or until the signal is aborted.
    fn pause(
        &self,
        signal: Option<&Self::Signal>,
        milliseconds: f64,
    ) -> impl Future<Output = Interrupted<Self::Value>>;

    /// Whether another key may be had when one is rejected.
    fn key_may_change(&self) -> bool;
    /// The key for a request; undefined if the operation needs none or there is none.
    fn key(
        &self,
        spec: &'static OperationSpec,
        reason: KeyReason,
        signal: Option<&Self::Signal>,
        milliseconds: f64,
    ) -> impl Future<Output = Result<Self::Value, KeyError<Self::Value>>>;
    /// Whether a request cannot leave, because there is no network.
    fn is_offline(&self, spec: &'static OperationSpec) -> bool;
    /// Sends a request and reads the whole response.
    fn send(
        &self,
        request: &Request<'_, Self::Value>,
        signal: Option<&Self::Signal>,
        milliseconds: f64,
    ) -> impl Future<Output = Result<Response<Self::Value>, SendError<Self::Value>>>;
    /// A header of a response as [`Platform::send`] gave it.
    fn header(&self, response: &Response<Self::Value>, name: &str) -> Option<String>;
    /// The response for callers: its headers as an object, and the key nowhere in it.
    fn redacted(&self, response: Response<Self::Value>, key: &Self::Value) -> Response<Self::Value>;
    /// The server's clock from the `Date` of a successful response's headers: milliseconds since the epoch, in whole seconds.
    fn date_ms(&self, headers: &Self::Value) -> Option<f64>;
    /// The value that a string of JSON writes.
    fn parse(&self, text: &Self::Value) -> Result<Self::Value, Self::Value>;
    /// Milliseconds since the epoch of a date and time of RFC 3339 or RFC 9110; NaN for anything else.
    fn date_time_ms(&self, text: &Self::Value) -> f64;

    /// Calls a function and waits for what it resolves to. What it throws is the error.
    fn invoke(
        &self,
        callback: &Self::Callback,
        argument: &Self::Value,
    ) -> impl Future<Output = Result<Self::Value, Self::Value>>;

    /// Waits for an exclusive lock, shared by all tabs of the origin where the platform can.
    fn lock(
        &self,
        name: &str,
        signal: Option<&Self::Signal>,
        milliseconds: f64,
    ) -> impl Future<Output = Result<Self::Lock, Interrupted<Self::Value>>>;

    /// Whether there is a journal.
    fn has_journal(&self) -> bool;
    /// Writes or replaces an entry of the journal; removes it if there is no value.
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

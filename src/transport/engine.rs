//! What `engine.js` does for Rust, and how a wait ends.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use js_sys::{Array, Function, Promise};
use slab::Slab;
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

use super::fetch::Request;

#[wasm_bindgen(module = "/src/transport/engine.js")]
extern "C" {
    #[wasm_bindgen(js_name = pause)]
    fn begin_to_pause(tell: &JsValue, id: usize, signal: Option<&AbortSignal>, milliseconds: f64);
    #[wasm_bindgen(js_name = wait)]
    fn begin_to_wait(
        tell: &JsValue,
        id: usize,
        value: &JsValue,
        signal: Option<&AbortSignal>,
        milliseconds: f64,
    );
    #[wasm_bindgen(js_name = send)]
    fn begin_to_send(
        tell: &JsValue,
        id: usize,
        fetch: Option<&Function>,
        address: &str,
        method: &str,
        headers: &JsValue,
        extra: &JsValue,
        body: &JsValue,
        credentials: &JsValue,
        signal: Option<&AbortSignal>,
        milliseconds: f64,
    );
    #[wasm_bindgen(js_name = headersOf)]
    pub(super) fn headers_of(headers: &JsValue, secret: &JsValue) -> JsValue;
    pub(super) fn without(text: &JsValue, secret: &JsValue) -> JsValue;
    #[wasm_bindgen(js_name = kindOf)]
    pub(super) fn kind_of(value: &JsValue) -> u32;
    pub(super) fn learn(model: usize, name: &str);
    #[wasm_bindgen(js_name = kindsOf)]
    pub(super) fn kinds_of(object: &JsValue, model: usize, from: usize) -> f64;
    #[wasm_bindgen(js_name = strangersOf)]
    pub(super) fn strangers_of(object: &JsValue, model: usize) -> Array;
    #[wasm_bindgen(js_name = keysOf)]
    pub(super) fn keys_of(object: &JsValue) -> Array;
    #[wasm_bindgen(js_name = itemsOf)]
    pub(super) fn items_of(array: &JsValue) -> Array;
    /// An object with the fields of two, those of the second in the place of others. Reading them may throw.
    #[wasm_bindgen(catch)]
    pub fn assigned(one: &JsValue, other: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_name = propertyOf)]
    pub(super) fn property_of(value: &JsValue, name: &str) -> JsValue;
    /// Whether a request to another machine, or to the page's own origin, cannot leave: there is no network.
    #[wasm_bindgen(js_name = isOffline)]
    pub fn is_offline(method: &str, is_relative: bool) -> bool;
    /// Whether what `fetch` threw proves that there was no connection.
    #[wasm_bindgen(js_name = neverConnected)]
    pub fn never_connected(thrown: &JsValue) -> bool;
    /// Whether there is a page or worker that an address may be relative to.
    #[cfg(feature = "js")]
    #[wasm_bindgen(js_name = hasLocation)]
    pub fn has_location() -> bool;
    /// Tells a listener. What it throws, at once or later, is its own affair.
    pub fn tell(
        listeners: &JsValue,
        hook: &str,
        call: u32,
        operation: &str,
        attempt: u32,
        status: Option<u32>,
        code: &str,
        milliseconds: f64,
    );
    /// What a promise of JavaScript resolves to: the data, and what is known of the way it came.
    #[cfg(feature = "js")]
    pub fn answered(
        data: &JsValue,
        status: u16,
        headers: &JsValue,
        attempts: u32,
        total_delay: f64,
    ) -> JsValue;
    /// A promise with what settles it.
    pub fn deferred() -> JsValue;
    /// The promise.
    #[wasm_bindgen(js_name = promiseOf)]
    pub fn promise_of(deferred: &JsValue) -> Promise;
    /// Settles the promise.
    pub fn settle(deferred: &JsValue, is_ok: bool, value: &JsValue);
}

/// Why a wait ended without its value.
#[derive(Debug)]
pub enum Stop {
    /// The caller's signal was aborted; this is its reason.
    Aborted(JsValue),
    /// The time was up.
    TimedOut,
    /// What was waited for failed with this.
    Failed(JsValue),
}

/// What a wait ended with.
#[derive(Debug)]
pub struct Outcome {
    /// Whether it is a response, for a request.
    pub is_response: bool,
    /// The values.
    pub parts: [JsValue; 3],
}

/// Whom a wait that has begun is for.
enum State {
    Begun(Option<Waker>),
    Ended(Result<Outcome, Stop>),
    /// Whoever waited is gone. The place is kept until `engine.js` has told, so that nobody else is told in its stead.
    Forgotten,
}

thread_local! {
    static WAITS: RefCell<Slab<State>> = const { RefCell::new(Slab::new()) };
    /// What `engine.js` calls when a wait has ended. One for all: making one costs more than the rest of a call.
    static TELL: Closure<dyn Fn(usize, u32, JsValue, JsValue, JsValue)> = Closure::new(ended);
}

fn ended(place: usize, how: u32, first: JsValue, second: JsValue, third: JsValue) {
    let outcome = match how {
        1 => Err(Stop::Aborted(first)),
        2 => Err(Stop::TimedOut),
        3 => Err(Stop::Failed(first)),
        _ => Ok(Outcome { is_response: how == 0, parts: [first, second, third] }),
    };
    let waker = WAITS.with_borrow_mut(|waits| {
        let state = waits.get_mut(place)?;
        match std::mem::replace(state, State::Ended(outcome)) {
            State::Begun(waker) => waker,
            State::Ended(_) | State::Forgotten => {
                waits.try_remove(place);
                None
            }
        }
    });
    // Without a borrow: whoever is woken goes on at once, and begins to wait anew.
    if let Some(waker) = waker {
        waker.wake();
    }
}

/// A wait that has begun.
#[derive(Debug)]
#[must_use]
pub struct Waiting {
    /// Its place among the waits, until it has ended.
    place: Option<usize>,
}

impl Waiting {
    fn begin(begin: impl FnOnce(&JsValue, usize)) -> Self {
        let place = WAITS.with_borrow_mut(|waits| waits.insert(State::Begun(None)));
        TELL.with(|tell| begin(tell.as_ref(), place));
        Self { place: Some(place) }
    }
}

impl Future for Waiting {
    type Output = Result<Outcome, Stop>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let Some(place) = self.place else { return Poll::Pending };
        WAITS.with_borrow_mut(|waits| {
            if let Some(State::Begun(waker)) = waits.get_mut(place) {
                *waker = Some(context.waker().clone());
                return Poll::Pending;
            }
            self.place = None;
            match waits.try_remove(place) {
                Some(State::Ended(outcome)) => Poll::Ready(outcome),
                _ => Poll::Pending,
            }
        })
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let Some(place) = self.place else { return };
        WAITS.with_borrow_mut(|waits| match waits.get_mut(place) {
            Some(state @ State::Begun(_)) => *state = State::Forgotten,
            _ => drop(waits.try_remove(place)),
        });
    }
}

/// Waits for a value, or a promise of any realm, or the signal, or the time limit, which may be infinite.
pub fn wait(value: &JsValue, signal: Option<&AbortSignal>, milliseconds: f64) -> Waiting {
    Waiting::begin(|tell, id| begin_to_wait(tell, id, value, signal, milliseconds))
}

/// Waits until the time is up, or for the signal.
pub fn pause(signal: Option<&AbortSignal>, milliseconds: f64) -> Waiting {
    Waiting::begin(|tell, id| begin_to_pause(tell, id, signal, milliseconds))
}

/// Sends a request and waits for the whole answer: status, headers and text.
pub(super) fn send(
    request: &Request<'_>,
    fetch: Option<&Function>,
    signal: Option<&AbortSignal>,
    milliseconds: f64,
) -> Waiting {
    let Request { address, method, headers, extra, body, credentials } = request;
    Waiting::begin(|tell, id| {
        begin_to_send(
            tell,
            id,
            fetch,
            address,
            method,
            headers,
            extra,
            body,
            credentials,
            signal,
            milliseconds,
        );
    })
}

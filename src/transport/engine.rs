//! What `engine.js` does for Rust, and how a wait ends.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use js_sys::{Array, Function, Promise};
use slab::Slab;
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

use super::json::Json;
use browser_use_skills_core::engine::{Interrupted, Request};

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
    #[wasm_bindgen(js_name = lock)]
    fn begin_to_lock(tell: &JsValue, id: usize, name: &str, signal: Option<&AbortSignal>, milliseconds: f64);
    fn cancel(id: usize);
    /// Releases a lock.
    pub fn release(lock: &JsValue);
    /// Releases the locks of an instance that has trapped.
    #[cfg(feature = "js")]
    #[wasm_bindgen(js_name = releaseAll)]
    pub fn release_all();
    /// A UUID.
    #[wasm_bindgen(js_name = uniqueId)]
    pub fn unique_id() -> String;
    /// A URL as an absolute one, with its parts in one notation; undefined if it is none.
    pub fn resolved(url: &str) -> Option<String>;
    /// Calls a method.
    #[wasm_bindgen(catch)]
    pub fn invoke(
        object: &JsValue,
        method: &str,
        first: &JsValue,
        second: &JsValue,
    ) -> Result<JsValue, JsValue>;
    /// A header of a response.
    pub fn header(headers: &JsValue, name: &str) -> Option<String>;
    /// All headers of a response as an object, without a secret.
    #[wasm_bindgen(js_name = headersOf)]
    pub fn headers_of(headers: &JsValue, secret: &JsValue) -> JsValue;
    /// A string without a secret.
    pub fn without(text: &JsValue, secret: &JsValue) -> JsValue;
    #[wasm_bindgen(js_name = kindOf)]
    pub(super) fn kind_of(value: &JsValue) -> u32;
    pub(super) fn learn(model: usize, name: &str);
    #[wasm_bindgen(js_name = kindsOf)]
    pub(super) fn kinds_of(object: &JsValue, model: usize, from: usize) -> f64;
    #[wasm_bindgen(js_name = strangersOf)]
    pub(super) fn strangers_of(object: &JsValue, model: usize) -> Array;
    #[wasm_bindgen(js_name = keysOf)]
    pub(super) fn keys_of(object: &JsValue) -> Array;
    /// The items of an array, none where reading them throws.
    #[wasm_bindgen(js_name = itemsOf)]
    pub fn items_of(array: &JsValue) -> Array;
    /// An object with the fields of two, those of the second in the place of others. Reading them may throw.
    #[wasm_bindgen(catch)]
    pub fn assigned(one: &JsValue, other: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_name = propertyOf)]
    pub(super) fn property_of(value: &JsValue, name: &str) -> JsValue;
    /// Whether a request to another machine cannot leave: there is no network.
    #[wasm_bindgen(js_name = isOffline)]
    pub fn is_offline(method: &str) -> bool;
    /// Whether what `fetch` threw proves that there was no connection.
    #[wasm_bindgen(js_name = neverConnected)]
    pub fn never_connected(thrown: &JsValue) -> bool;
    /// Tells a listener. What it throws, at once or later, is ignored.
    pub fn emit(
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
    #[wasm_bindgen(catch, js_name = toJson)]
    pub(super) fn to_json(value: &JsValue) -> Result<JsValue, JsValue>;
    /// A promise with what settles it.
    pub fn deferred() -> JsValue;
    /// The promise.
    #[wasm_bindgen(js_name = promiseOf)]
    pub fn promise_of(deferred: &JsValue) -> Promise;
    /// Settles the promise.
    pub fn settle(deferred: &JsValue, is_ok: bool, value: &JsValue);
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
    Ended(Result<Outcome, Interrupted<Json>>),
}

thread_local! {
    static WAITS: RefCell<Slab<State>> = const { RefCell::new(Slab::new()) };
    /// What `engine.js` calls when a wait has ended. One for all: making one costs more than the rest of a call.
    static TELL: Closure<dyn Fn(usize, u32, JsValue, JsValue, JsValue)> = Closure::new(ended);
}

fn ended(place: usize, how: u32, first: JsValue, second: JsValue, third: JsValue) {
    let outcome = match how {
        1 => Err(Interrupted::Aborted(Json(first))),
        2 => Err(Interrupted::TimedOut),
        3 => Err(Interrupted::Failed(Json(first))),
        _ => Ok(Outcome { is_response: how == 0, parts: [first, second, third] }),
    };
    let waker = WAITS.with_borrow_mut(|waits| {
        let state = waits.get_mut(place)?;
        match std::mem::replace(state, State::Ended(outcome)) {
            State::Begun(waker) => waker,
            State::Ended(_) => None,
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
    is_lock: bool,
}

impl Waiting {
    fn begin(begin: impl FnOnce(&JsValue, usize)) -> Self {
        let place = WAITS.with_borrow_mut(|waits| waits.insert(State::Begun(None)));
        TELL.with(|tell| begin(tell.as_ref(), place));
        Self { place: Some(place), is_lock: false }
    }
}

impl Future for Waiting {
    type Output = Result<Outcome, Interrupted<Json>>;

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
        cancel(place);
        let state = WAITS.with_borrow_mut(|waits| waits.try_remove(place));
        if let (true, Some(State::Ended(Ok(Outcome { parts: [lock, ..], .. })))) = (self.is_lock, state) {
            release(&lock);
        }
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

/// Waits for a lock. Its value releases it. Without any time, the lock is had at once or not at all.
pub fn lock(name: &str, signal: Option<&AbortSignal>, milliseconds: f64) -> Waiting {
    let mut waiting = Waiting::begin(|tell, id| begin_to_lock(tell, id, name, signal, milliseconds));
    waiting.is_lock = true;
    waiting
}

/// Sends a request and waits for the whole response: status, headers and text.
pub fn send(
    request: &Request<'_, Json>,
    headers: &JsValue,
    credentials: &JsValue,
    fetch: Option<&Function>,
    signal: Option<&AbortSignal>,
    milliseconds: f64,
) -> Waiting {
    let Request { row, url, headers: extra, body, .. } = request;
    Waiting::begin(|tell, id| {
        begin_to_send(
            tell,
            id,
            fetch,
            url,
            row.method.as_str(),
            headers,
            &extra.0,
            &body.0,
            credentials,
            signal,
            milliseconds,
        );
    })
}

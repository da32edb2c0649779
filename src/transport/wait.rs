//! Waits in JavaScript, as futures.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use browser_use_skills_core::engine::Interrupted;
use slab::Slab;
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

use super::json::Json;

#[wasm_bindgen(module = "/src/transport/wait.js")]
extern "C" {
    #[wasm_bindgen(js_name = pause)]
    fn begin_to_pause(done: &JsValue, id: usize, signal: Option<&AbortSignal>, milliseconds: f64);
    #[wasm_bindgen(js_name = pauseBeforePoll)]
    fn begin_to_pause_before_poll(
        done: &JsValue,
        id: usize,
        signal: Option<&AbortSignal>,
        milliseconds: f64,
        limit: f64,
        needs_network: bool,
    );
    #[wasm_bindgen(js_name = wait)]
    fn begin_to_wait(
        done: &JsValue,
        id: usize,
        value: &JsValue,
        signal: Option<&AbortSignal>,
        milliseconds: f64,
    );
    fn cancel(id: usize);
}

/// Result of a wait.
#[derive(Debug)]
pub struct Ended {
    /// Whether it is the response of a request.
    pub is_response: bool,
    /// The values.
    pub parts: [JsValue; 3],
}

/// State of a wait.
enum State {
    Begun(Option<Waker>),
    Done(Result<Ended, Interrupted<Json>>),
}

thread_local! {
    static WAITS: RefCell<Slab<State>> = const { RefCell::new(Slab::new()) };
    /// Called by `wait.js` when a wait has ended. One for all waits: a closure costs more than the rest of a call.
    static DONE: Closure<dyn Fn(usize, u32, JsValue, JsValue, JsValue)> = Closure::new(ended);
}

fn ended(index: usize, how: u32, first: JsValue, second: JsValue, third: JsValue) {
    let outcome = match how {
        1 => Err(Interrupted::Aborted(Json(first))),
        2 => Err(Interrupted::TimedOut),
        3 => Err(Interrupted::Failed(Json(first))),
        _ => Ok(Ended { is_response: how == 0, parts: [first, second, third] }),
    };
    let waker = WAITS.with_borrow_mut(|waits| {
        let state = waits.get_mut(index)?;
        match std::mem::replace(state, State::Done(outcome)) {
            State::Begun(waker) => waker,
            State::Done(_) => None,
        }
    });
    // Without a borrow: the woken task continues at once, and may start another wait.
    if let Some(waker) = waker {
        waker.wake();
    }
}

/// A pending wait.
#[derive(Debug)]
#[must_use]
pub struct Waiting {
    /// Its index among the waits, until it has ended.
    index: Option<usize>,
    /// Releases a value that is not taken.
    release: Option<fn(&JsValue)>,
}

impl Waiting {
    pub(super) fn begin(begin: impl FnOnce(&JsValue, usize)) -> Self {
        let index = WAITS.with_borrow_mut(|waits| waits.insert(State::Begun(None)));
        DONE.with(|done| begin(done.as_ref(), index));
        Self { index: Some(index), release: None }
    }

    /// Releases the value if the wait is dropped after it has ended.
    pub(super) fn or_release(mut self, release: fn(&JsValue)) -> Self {
        self.release = Some(release);
        self
    }
}

impl Future for Waiting {
    type Output = Result<Ended, Interrupted<Json>>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let Some(index) = self.index else { return Poll::Pending };
        WAITS.with_borrow_mut(|waits| {
            if let Some(State::Begun(waker)) = waits.get_mut(index) {
                *waker = Some(context.waker().clone());
                return Poll::Pending;
            }
            self.index = None;
            match waits.try_remove(index) {
                Some(State::Done(outcome)) => Poll::Ready(outcome),
                _ => Poll::Pending,
            }
        })
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let Some(index) = self.index else { return };
        cancel(index);
        let state = WAITS.with_borrow_mut(|waits| waits.try_remove(index));
        if let (Some(release), Some(State::Done(Ok(Ended { parts: [value, ..], .. })))) =
            (self.release, state)
        {
            release(&value);
        }
    }
}

/// Waits for a value or a promise of any realm, until the signal is aborted or the time limit is exceeded. The limit
/// may be infinite.
pub fn wait(value: &JsValue, signal: Option<&AbortSignal>, milliseconds: f64) -> Waiting {
    Waiting::begin(|done, id| begin_to_wait(done, id, value, signal, milliseconds))
}

/// Waits for a duration, or until the signal is aborted.
pub fn pause(signal: Option<&AbortSignal>, milliseconds: f64) -> Waiting {
    Waiting::begin(|done, id| begin_to_pause(done, id, signal, milliseconds))
}

/// Waits before a poll: at least this long, twice as long while the page is hidden, and while the device is offline if the
/// poll needs the network; at most `limit_ms`. Ends as soon as the page is shown or the device is online again.
pub fn pause_before_poll(
    signal: Option<&AbortSignal>,
    milliseconds: f64,
    limit_ms: f64,
    needs_network: bool,
) -> Waiting {
    Waiting::begin(|done, id| {
        begin_to_pause_before_poll(done, id, signal, milliseconds, limit_ms, needs_network);
    })
}

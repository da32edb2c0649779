//! What may end a wait early: the caller's signal, or a time limit.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::{Array, Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, AbortSignal};

use super::json::property;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(callback: &Function, milliseconds: f64) -> JsValue;
    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(timer: &JsValue);
}

/// Longest delay that timers take; beyond it they fire at once.
const LONGEST_TIMER_MS: f64 = 2_147_483_647.0;

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

/// Waits that one signal and one time limit bound together. Dropping it removes the listener and the timer, and aborts
/// the request that is still under way.
pub struct Interrupt {
    controller: AbortController,
    happened: Promise,
    timed_out: Rc<Cell<bool>>,
    signal: Option<AbortSignal>,
    timer: JsValue,
    /// Held because the timer calls it.
    _on_time: Closure<dyn FnMut()>,
    on_abort: Option<Closure<dyn FnMut()>>,
    under_way: Cell<bool>,
}

impl Interrupt {
    /// Begins to listen. `milliseconds` may be infinite.
    pub fn new(signal: Option<&AbortSignal>, milliseconds: f64) -> Result<Self, Stop> {
        if let Some(signal) = signal.filter(|signal| signal.aborted()) {
            return Err(Stop::Aborted(reason(signal)));
        }
        let controller = AbortController::new().map_err(Stop::Failed)?;
        let timed_out = Rc::new(Cell::new(false));
        let mut resolve = None;
        let happened = Promise::new(&mut |resolved, _| resolve = Some(resolved));
        let wake = {
            let controller = controller.clone();
            let resolve: Option<Function> = resolve;
            move || {
                controller.abort();
                // Resolving a promise with undefined cannot throw.
                let _ = resolve.as_ref().map(|resolve| resolve.call0(&JsValue::UNDEFINED));
            }
        };
        let on_abort = signal.map(|signal| {
            let on_abort = Closure::<dyn FnMut()>::new(wake.clone());
            let _ = signal.add_event_listener_with_callback("abort", on_abort.as_ref().unchecked_ref());
            on_abort
        });
        let on_time = Closure::<dyn FnMut()>::new({
            let timed_out = Rc::clone(&timed_out);
            move || {
                timed_out.set(true);
                wake();
            }
        });
        let timer = if milliseconds <= LONGEST_TIMER_MS {
            set_timeout(on_time.as_ref().unchecked_ref(), milliseconds)
        } else {
            JsValue::UNDEFINED
        };
        Ok(Self {
            controller,
            happened,
            timed_out,
            signal: signal.cloned(),
            timer,
            _on_time: on_time,
            on_abort,
            under_way: Cell::new(true),
        })
    }

    /// The signal to hand to `fetch`.
    pub fn signal(&self) -> AbortSignal {
        self.controller.signal()
    }

    /// Waits for a value, or a promise of any realm, or the interruption.
    pub async fn wait_for(&self, value: &JsValue) -> Result<JsValue, Stop> {
        let first = Promise::race(&Array::of2(value, &self.happened));
        let ended = JsFuture::from(first).await;
        match self.interruption() {
            Some(stop) => Err(stop),
            None => ended.map_err(Stop::Failed),
        }
    }

    /// The request has its whole answer: there is nothing left to abort.
    pub fn complete(&self) {
        self.under_way.set(false);
    }

    /// Waits until the time is up.
    pub async fn sleep(&self) -> Result<(), Stop> {
        match self.wait_for(&self.happened).await {
            Err(Stop::TimedOut) => Ok(()),
            Err(stop) => Err(stop),
            Ok(_) => Ok(()),
        }
    }

    fn interruption(&self) -> Option<Stop> {
        match &self.signal {
            Some(signal) if signal.aborted() => Some(Stop::Aborted(reason(signal))),
            _ => self.timed_out.get().then_some(Stop::TimedOut),
        }
    }
}

impl Drop for Interrupt {
    fn drop(&mut self) {
        clear_timeout(&self.timer);
        if let (Some(signal), Some(on_abort)) = (&self.signal, &self.on_abort) {
            let _ = signal.remove_event_listener_with_callback("abort", on_abort.as_ref().unchecked_ref());
        }
        // Frees the connection of a request that nobody waits for.
        if self.under_way.get() {
            self.controller.abort();
        }
    }
}

/// Why a signal was aborted. Old engines do not keep a reason; then it is what they would throw.
fn reason(signal: &AbortSignal) -> JsValue {
    let reason = property(signal, "reason");
    if !reason.is_undefined() {
        return reason;
    }
    let error = js_sys::Error::new("This operation was aborted");
    error.set_name("AbortError");
    error.into()
}

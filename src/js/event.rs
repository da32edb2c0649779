//! Events as plain objects: `CallEvent` of `npm/src/events.ts`.

use std::time::Duration;

use browser_use_skills_core::engine::{ConcurrencyStats, Event, EventKind, Listener};
use js_sys::{Function, Object};
use wasm_bindgen::JsValue;

use crate::transport::event::emit;
use crate::transport::json::set;

/// Wraps a JavaScript function as a listener of events.
pub fn event_listener(function: Function) -> Listener<Event> {
    Listener::new(move |event: &Event| emit_event(&function, event))
}

/// Wraps a JavaScript function as a listener of the concurrency limiter.
pub fn pending_listener(function: Function) -> Listener<ConcurrencyStats> {
    Listener::new(move |_: &ConcurrencyStats| {
        // Never throws: see `npm/src/bridge.ts`.
        let _ = function.call1(&JsValue::UNDEFINED, &JsValue::UNDEFINED);
    })
}

pub fn stats_object(stats: ConcurrencyStats) -> JsValue {
    let object = Object::new();
    set(&object, "waiting", &stats.waiting.into());
    set(&object, "running", &stats.running.into());
    object.into()
}

/// Emits an event. `EVENTS` in `transport/event.js` has the names of its type and its fields.
fn emit_event(listener: &Function, event: &Event) {
    let (kind, numbers, code) = match event.kind {
        EventKind::CallStarted => (0, [0.0; 3], ""),
        EventKind::WaitingForSlot { waiting, running } => (1, [f64::from(waiting), running.into(), 0.0], ""),
        EventKind::RequestSent { attempt } => (2, [attempt.into(), 0.0, 0.0], ""),
        EventKind::ResponseReceived { attempt, status, duration } => {
            (3, [attempt.into(), status.into(), milliseconds(duration)], "")
        }
        EventKind::RetryPlanned { attempt, status, code, delay } => {
            (4, [attempt.into(), number(status), milliseconds(delay)], code.as_str())
        }
        EventKind::RecoveryStarted { attempts, code } => (5, [attempts.into(), 0.0, 0.0], code.as_str()),
        EventKind::CallSucceeded { attempts, status, duration } => {
            (6, [attempts.into(), status.into(), milliseconds(duration)], "")
        }
        EventKind::CallFailed { attempts, status, code, duration } => {
            let code = code.map_or("aborted", |code| code.as_str());
            (7, [attempts.into(), number(status), milliseconds(duration)], code)
        }
        _ => return,
    };
    let [first, second, third] = numbers;
    emit(listener, kind, event.call_id, event.operation, first, second, third, code);
}

/// NaN for `None`.
fn number(status: Option<u16>) -> f64 {
    status.map_or(f64::NAN, f64::from)
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

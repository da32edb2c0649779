//! Tells who wants to know what goes on: plain objects, never with the key or with what was sent.

use std::cell::Cell;

use wasm_bindgen::JsValue;

use crate::api::operation::Operation;
use crate::transport::engine;

/// The listeners of a client: an object with functions, or nothing.
#[derive(Default)]
pub(crate) struct Hooks {
    listeners: JsValue,
    calls: Cell<u32>,
}

impl Hooks {
    #[cfg(feature = "js")]
    pub fn new(listeners: JsValue) -> Self {
        Self { listeners, calls: Cell::default() }
    }

    /// The number of the next call, by which a listener tells calls apart.
    pub fn next_call(&self) -> u32 {
        self.calls.set(self.calls.get().wrapping_add(1));
        self.calls.get()
    }

    /// Tells a listener. A failure is what the attempt or the call ended in.
    pub fn tell(&self, hook: &str, call: u32, operation: Operation, attempt: u32, what: What) {
        if self.listeners.is_undefined() {
            return;
        }
        let What { status, code, milliseconds } = what;
        let name = operation.row().name;
        engine::tell(&self.listeners, hook, call, name, attempt, status.map(u32::from), code, milliseconds);
    }
}

/// What there is to tell besides the call and the attempt.
#[derive(Default)]
pub(crate) struct What<'a> {
    /// The status of the answer, if there is one.
    pub status: Option<u16>,
    /// The code of a failure; empty for none.
    pub code: &'a str,
    /// How long it took, or will take.
    pub milliseconds: f64,
}

//! Tells who wants to know what goes on: plain objects, never with the key or with what was sent.

use std::cell::Cell;

use js_sys::Object;
use wasm_bindgen::JsValue;

use crate::transport::engine;
use crate::transport::fetch::set;
use crate::transport::json::method;

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

    /// Tells a listener.
    pub fn tell(&self, hook: &str, facts: &[(&str, JsValue)]) {
        if self.listeners.is_undefined() {
            return;
        }
        let Some(listener) = method(&self.listeners, hook) else { return };
        let event = Object::new();
        for (name, value) in facts {
            set(&event, name, value);
        }
        engine::tell(&listener, &event);
    }
}

//! The signal that aborts a call.

use crate::event::Event;
use crate::value::Value;

/// The signal that aborts a call, with a reason.
#[derive(Clone, Default)]
pub struct Signal(pub Event<Value>);

impl Signal {
    pub fn abort(&self) {
        self.0.set(Value::text_of("aborted"));
    }
}

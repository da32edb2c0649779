//! What a call is aborted by.

use crate::event::Event;
use crate::value::Value;

/// What a call is aborted by. It happens with a reason.
#[derive(Clone, Default)]
pub struct Signal(pub Event<Value>);

impl Signal {
    pub fn abort(&self) {
        self.0.set(Value::text_of("aborted"));
    }
}

//! A resumed run, for JavaScript.

use std::rc::Rc;

use browser_use_skills_core::engine::Resumed;
use js_sys::{Date, Object, Promise};
use wasm_bindgen::prelude::*;

use super::error::into_js;
use super::response::describe;
use crate::client::browser::Browser;
use crate::transport::json::set;
use crate::transport::task::promise;

/// A run of an earlier page.
#[wasm_bindgen(js_name = Resumed)]
pub struct JsResumed(Rc<Resumed<Browser>>);

impl JsResumed {
    pub(super) fn new(resumed: Resumed<Browser>) -> Self {
        Self(Rc::new(resumed))
    }
}

#[wasm_bindgen(js_class = Resumed)]
impl JsResumed {
    /// Its journal entry, as a `ResumedExecution` of `npm/src/recovery.ts`.
    pub fn entry(&self) -> JsValue {
        let entry = Object::new();
        let text = |text: Option<String>| text.map_or(JsValue::UNDEFINED, JsValue::from);
        set(&entry, "id", &self.0.id().into());
        set(&entry, "skillId", &self.0.skill_id().into());
        set(&entry, "executionId", &text(self.0.execution_id()));
        set(&entry, "tag", &text(self.0.tag()));
        set(&entry, "sentAt", &Date::new(&self.0.sent_at_ms().into()));
        entry.into()
    }

    /// The outcome of the run.
    pub fn result(&self) -> Promise {
        let resumed = Rc::clone(&self.0);
        promise(async move { resumed.result().await.map(describe).map_err(into_js) })
    }

    /// Removes its entry from the journal.
    pub fn acknowledge(&self) -> Promise {
        let resumed = Rc::clone(&self.0);
        promise(async move { resumed.acknowledge().await.map(|()| JsValue::UNDEFINED).map_err(into_js) })
    }
}

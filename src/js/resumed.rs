//! A run of an earlier page, for JavaScript.

use std::rc::Rc;

use browser_use_skills_core::engine::Resumed;
use js_sys::Promise;
use wasm_bindgen::prelude::*;

use super::client::describe;
use super::error::into_js;
use crate::client::browser::Browser;
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
    /// The id of its entry in the journal.
    pub fn id(&self) -> String {
        self.0.id()
    }

    /// The skill.
    #[wasm_bindgen(js_name = skillId)]
    pub fn skill_id(&self) -> String {
        self.0.skill_id()
    }

    /// The execution, if it is known.
    #[wasm_bindgen(js_name = executionId)]
    pub fn execution_id(&self) -> Option<String> {
        self.0.execution_id()
    }

    /// The caller's name for it.
    pub fn tag(&self) -> Option<String> {
        self.0.tag()
    }

    /// When its request was sent, in milliseconds since the epoch.
    #[wasm_bindgen(js_name = sentAt)]
    pub fn sent_at(&self) -> f64 {
        self.0.sent_at_ms()
    }

    /// What became of it.
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

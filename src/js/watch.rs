//! A watched skill, for JavaScript.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Promise;
use wasm_bindgen::prelude::*;

use super::error::into_js;
use crate::api::problem::ErrorCode;
use browser_use_skills_core::engine::Watch;

use crate::client::browser::Browser;
use crate::error::Failure;
use crate::transport::task::promise;

/// A watched skill.
#[wasm_bindgen(js_name = Watch)]
pub struct JsWatch(Rc<RefCell<Option<Watch<Browser>>>>);

impl JsWatch {
    pub(super) fn new(watch: Watch<Browser>) -> Self {
        Self(Rc::new(RefCell::new(Some(watch))))
    }
}

#[wasm_bindgen(js_class = Watch)]
impl JsWatch {
    /// The skill when it has changed; undefined when the generation has ended.
    pub fn next(&self) -> Promise {
        let shared = Rc::clone(&self.0);
        promise(async move {
            // Taken out, so that nothing is borrowed across the await.
            let taken = shared.borrow_mut().take();
            let Some(mut watch) = taken else {
                let failure = Failure::new(ErrorCode::Internal, "The watch is asked while it waits");
                return Err(into_js(failure.into()));
            };
            let next = watch.next().await;
            *shared.borrow_mut() = Some(watch);
            next.map(|skill| skill.unwrap_or_default().0).map_err(into_js)
        })
    }
}

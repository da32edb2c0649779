//! The one class that JavaScript sees. The classes with names and types stand in front of it, in `npm/`.

use std::rc::Rc;

use js_sys::{Array, Object, Promise};
use wasm_bindgen::prelude::*;

use super::error::into_js;
use super::options::{self, WaitOptions};
use super::watch::JsWatch;
use crate::api::operation::Operation;
use crate::api::parameter;
use crate::api::problem::ErrorCode;
use crate::client::call::Answered;
use crate::client::settings::Settings;
use crate::client::watch::Watch;
use crate::error::Failure;
use crate::transport::engine;
use crate::transport::fetch::set;
use crate::transport::json::{Json, property};
use crate::transport::task::promise;

/// A client, for the JavaScript in front of it.
#[wasm_bindgen(js_name = Client)]
pub struct JsClient(Rc<Settings>);

#[wasm_bindgen(js_class = Client)]
impl JsClient {
    /// Checks the options and makes a client. Throws what a call would reject with.
    #[wasm_bindgen(constructor)]
    pub fn new(given: &JsValue) -> Result<JsClient, JsValue> {
        let settings = options::settings(given).map_err(|failure| into_js(failure.into()))?;
        Ok(Self(Rc::new(settings)))
    }

    /// Makes a call. `operation` is an index of the operation table; `ids` fill in its path. `begun_at` is when the call
    /// began, by `performance.now()`: perhaps before this instance was loaded.
    pub fn call(
        &self,
        operation: usize,
        ids: Array,
        input: JsValue,
        given: &JsValue,
        begun_at: f64,
    ) -> Promise {
        // No borrow of `self` may live across an await: `free()` during a call would throw.
        let settings = Rc::clone(&self.0);
        let options = options::call_options(given, begun_at);
        promise(async move {
            let result = match (Operation::ALL.get(operation), options) {
                (Some(operation), Ok(options)) => {
                    settings.call(*operation, &ids.to_vec(), &input, &options).await
                }
                (Some(operation), Err(failure)) => {
                    Err(failure.with(|failure| failure.operation = Some(*operation)).into())
                }
                (None, _) => Err(Failure::new(ErrorCode::Internal, "No such operation").into()),
            };
            result.map(describe).map_err(into_js)
        })
    }

    /// How many executions and creations wait and run.
    pub fn pending(&self) -> JsValue {
        let (waiting, running) = self.0.slots.pending();
        let object = Object::new();
        set(&object, "waiting", &waiting.into());
        set(&object, "running", &running.into());
        object.into()
    }

    /// Refuses parameters that a skill does not take, as a call refuses its input.
    #[wasm_bindgen(js_name = checkParameters)]
    pub fn check_parameters(skill: &JsValue, given: JsValue) -> Result<(), JsValue> {
        let issues = parameter::issues(&Json(property(skill, "parameters")), &Json(given));
        if issues.is_empty() { Ok(()) } else { Err(into_js(Failure::invalid(issues).into())) }
    }

    /// Watches a skill, after a refinement for a version newer than `newer_than`. If it `must_finish`, any other end is a
    /// failure. `begun_at` is as for `call`.
    pub fn watch(
        &self,
        id: JsValue,
        newer_than: Option<u32>,
        must_finish: bool,
        given: &JsValue,
        begun_at: f64,
    ) -> Result<JsWatch, JsValue> {
        let WaitOptions { call, timeout_ms } =
            options::wait_options(given).map_err(|failure| into_js(failure.into()))?;
        let settings = Rc::clone(&self.0);
        Ok(JsWatch::new(Watch::new(settings, id, call, newer_than, begun_at, timeout_ms, must_finish)))
    }
}

fn describe(answered: Answered) -> JsValue {
    let Answered { data, status, headers, attempts, delay_ms } = answered;
    engine::answered(&data, status, &headers, attempts, delay_ms)
}

/// Begins anew with a fresh instance at the next call, after this one has trapped.
#[wasm_bindgen]
pub fn restart() {
    wasm_bindgen::handler::schedule_reinit();
}

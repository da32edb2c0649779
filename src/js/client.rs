//! The class that JavaScript uses. The public classes in `npm/` wrap it.

use std::rc::Rc;

use browser_use_skills_core::engine::Watch;
use js_sys::{Array, Function, Promise};
use wasm_bindgen::prelude::*;

use super::error::into_js;
use super::event::stats_object;
use super::options;
use super::response::describe;
use super::resumed::JsResumed;
use super::watch::JsWatch;
use crate::api::operation::Operation;
use crate::api::parameter;
use crate::api::problem::ErrorCode;
use crate::client::Core;
use crate::client::request::prepare;
use crate::error::{Failure, Json};
use crate::transport::json::property;
use crate::transport::lock;
use crate::transport::task::promise;

/// A client, for the JavaScript in `npm/`.
#[wasm_bindgen(js_name = Client)]
pub struct JsClient(Rc<Core>);

#[wasm_bindgen(js_class = Client)]
impl JsClient {
    /// Validates the options and creates a client. `journal` has `write(id, entry)` and `entries()`. `on_pending` is
    /// called whenever the result of `pending` has changed. Throws the error that a call would reject with.
    #[wasm_bindgen(constructor)]
    pub fn new(given: &JsValue, journal: JsValue, on_pending: Option<Function>) -> Result<JsClient, JsValue> {
        let core = options::core(given, journal, on_pending).map_err(|failure| into_js(failure.into()))?;
        Ok(Self(Rc::new(core)))
    }

    /// Makes a call. `operation` is an index of the operation table; `ids` are its path parameters. `begun_at` is the
    /// start of the call by `performance.now()`, which may precede this instance. `can_recover` says whether the second
    /// part of the WebAssembly is loaded, which recovery needs.
    pub fn call(
        &self,
        operation: usize,
        ids: Array,
        input: JsValue,
        given: &JsValue,
        begun_at: f64,
        can_recover: bool,
    ) -> Promise {
        // No borrow of `self` may live across an await: `free()` during a call would throw.
        let core = Rc::clone(&self.0);
        let options = options::call_options(given, begun_at);
        let listener = options::listener(given);
        promise(async move {
            let Some(operation) = Operation::ALL.get(operation).copied() else {
                return Err(into_js(Failure::new(ErrorCode::Internal, "No such operation").into()));
            };
            let prepared = options.and_then(|(options, extra)| {
                if options.recover.is_some() && !can_recover {
                    return Err(Failure::new(
                        ErrorCode::Internal,
                        "The option recover changed while it was read",
                    ));
                }
                let prepared = prepare(&core, operation.spec(), &ids.to_vec(), &input, extra.as_ref())?;
                Ok((prepared, options))
            });
            let result = match prepared {
                Ok((prepared, options)) => core.call(operation, &prepared, &options).await,
                Err(failure) => Err(core.refuse(operation, failure, listener.as_ref())),
            };
            result.map(describe).map_err(into_js)
        })
    }

    /// Number of queued and running executions and creations.
    pub fn pending(&self) -> JsValue {
        stats_object(self.0.pending())
    }

    /// Changes the maximum number of concurrent executions and creations.
    #[wasm_bindgen(js_name = setMaxConcurrent)]
    pub fn set_max_concurrent(&self, max: f64) {
        self.0.set_max_concurrent(max);
    }

    /// Validates execution parameters by the skill's declaration. Throws the error of an invalid request.
    #[wasm_bindgen(js_name = checkParameters)]
    pub fn check_parameters(skill: &JsValue, given: JsValue) -> Result<(), JsValue> {
        let issues = parameter::issues(&Json(property(skill, "parameters")), &Json(given));
        if issues.is_empty() { Ok(()) } else { Err(into_js(Failure::invalid(issues).into())) }
    }

    /// Validates the options of a wait as `watch` does, before a generation is started and charged.
    #[wasm_bindgen(js_name = checkWait)]
    pub fn check_wait(given: &JsValue) -> Result<(), JsValue> {
        let options = options::watch_options(given, None, false, 0.0);
        options.map(drop).map_err(|failure| into_js(failure.into()))
    }

    /// Watches a skill; after a refinement, for a version newer than `newer_than`. With `must_finish`, every end other
    /// than a finished skill is an error. `begun_at` is as for `call`.
    pub fn watch(
        &self,
        id: JsValue,
        newer_than: Option<u32>,
        must_finish: bool,
        given: &JsValue,
        begun_at: f64,
    ) -> Result<JsWatch, JsValue> {
        let spec = Operation::SkillsGet.spec();
        let watch = options::watch_options(given, newer_than, must_finish, begun_at).and_then(|options| {
            let prepared = prepare(&self.0, spec, &[id], &JsValue::UNDEFINED, None)?;
            Ok(Watch::new(Rc::clone(&self.0), prepared, options))
        });
        watch.map(JsWatch::new).map_err(|failure| into_js(failure.into()))
    }

    /// The runs in the journal that no tab is working on: an array of `Resumed`.
    pub fn resume(&self, given: &JsValue) -> Promise {
        let core = Rc::clone(&self.0);
        let options = options::resume_options(given);
        promise(async move {
            let options = options.map_err(|failure| into_js(failure.into()))?;
            let resumed = core.resume(&options).await.map_err(into_js)?;
            Ok(resumed.into_iter().map(JsResumed::new).map(JsValue::from).collect::<Array>().into())
        })
    }

    /// Removes an entry from the journal.
    pub fn discard(&self, id: String) -> Promise {
        let core = Rc::clone(&self.0);
        promise(async move { core.discard(&id).await.map(|()| JsValue::UNDEFINED).map_err(into_js) })
    }

    /// The result of a past execution.
    #[wasm_bindgen(js_name = executionResult)]
    pub fn execution_result(&self, ids: Array, given: &JsValue, begun_at: f64) -> Promise {
        let core = Rc::clone(&self.0);
        let options = options::call_options(given, begun_at);
        let listener = options::listener(given);
        promise(async move {
            let operation = Operation::SkillsExecutionOutput;
            let prepared = options.and_then(|(options, _)| {
                let input = JsValue::UNDEFINED;
                let prepared = prepare(&core, operation.spec(), &ids.to_vec(), &input, None)?;
                Ok((prepared.ids, options))
            });
            let result = match prepared.as_ref().map(|(ids, options)| (ids.as_slice(), options)) {
                Ok(([skill_id, execution_id], options)) => {
                    core.execution_result(skill_id, execution_id, options).await
                }
                Ok(_) => Err(Failure::new(ErrorCode::Internal, "Two ids are needed").into()),
                Err(_) => match prepared {
                    Err(failure) => Err(core.refuse(operation, failure, listener.as_ref())),
                    Ok(_) => Err(Failure::new(ErrorCode::Internal, "").into()),
                },
            };
            result.map(describe).map_err(into_js)
        })
    }
}

/// Creates a new instance at the next call, after this one has trapped.
#[wasm_bindgen]
pub fn restart() {
    lock::release_all();
    wasm_bindgen::handler::schedule_reinit();
}

//! A batch, for JavaScript. `npm/src/batch.ts` passes one object with its callbacks, so that the first part of the
//! WebAssembly has a single function for it.

use std::rc::Rc;

use browser_use_skills_core::batch::{
    Batch, BatchOptions, BatchStore, Progress, RowError, RowResult, RowSource,
};
use browser_use_skills_core::engine::{Error, Interrupted, Listener, Prepared, Value};
use js_sys::{Array, Promise};
use wasm_bindgen::prelude::*;

use super::client::JsClient;
use super::error::into_js;
use super::options;
use crate::api::node::Node;
use crate::api::operation::Operation;
use crate::api::parameter;
use crate::api::problem::ErrorCode;
use crate::client::Core;
use crate::client::browser::Browser;
use crate::client::request::prepare;
use crate::error::Failure;
use crate::transport::json::{Json, property};
use crate::transport::object;
use crate::transport::task::promise;
use crate::transport::wait;

#[wasm_bindgen(js_class = Client)]
impl JsClient {
    /// Runs a batch. `skill` is a `SkillResponse`, `io` a `BatchIo` of `npm/src/batch/io.ts`. Resolves when the batch has ended.
    pub fn batch(&self, skill: JsValue, io: JsValue) -> Promise {
        let core = Rc::clone(&self.0);
        promise(async move { run(core, Json(skill), Io(io)).await.map(|()| JsValue::UNDEFINED) })
    }
}

async fn run(core: Rc<Core>, skill: Json, io: Io) -> Result<(), JsValue> {
    let options = batch_options(&skill, &io).map_err(|failure| into_js(failure.into()))?;
    let source = Rows { core: Rc::clone(&core), skill, io: io.clone() };
    let batch = Batch::new(&core, source, io.clone(), options).map_err(into_js)?;
    let batch = Rc::new(batch);
    // Tasks of their own: the batch goes on while the caller handles a result, and commands apply at once.
    let driver = batch.run();
    let _ = promise(async move {
        driver.await;
        Ok(JsValue::UNDEFINED)
    });
    let (controlled, commands) = (Rc::clone(&batch), io.clone());
    let _ = promise(async move {
        while let Ok(command) = commands.call("nextCommand", [&JsValue::UNDEFINED; 2]).await {
            match command.as_string().as_deref() {
                Some("pause") => controlled.pause(),
                Some("continue") => controlled.proceed(),
                Some("cancel") => controlled.cancel().await,
                Some(_) => {}
                None => match command.as_f64() {
                    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates")]
                    Some(max) => controlled.set_max_executions(Some(max as u32)),
                    None => break,
                },
            }
        }
        Ok(JsValue::UNDEFINED)
    });
    while let Some(result) = batch.next().await {
        let result = describe(result.map_err(into_js)?);
        io.call("addResult", [&result.0, &JsValue::UNDEFINED])
            .await
            .map_err(|cause| into_js(Error::Aborted(cause)))?;
    }
    Ok(())
}

fn batch_options(skill: &Json, io: &Io) -> Result<BatchOptions<Browser>, Box<Failure>> {
    let text = |of: &JsValue, key| property(of, key).as_string().unwrap_or_default();
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float cast saturates")]
    let number = |key| property(&io.0, key).as_f64().map(|number| number as u32);
    let (call, _) = options::call_options(&property(&io.0, "call"), 0.0)?;
    let listener = io.clone();
    Ok(BatchOptions {
        concurrency: number("concurrency"),
        max_executions: number("maxExecutions"),
        retry_failed: number("retryFailed").unwrap_or_default(),
        ordered: property(&io.0, "ordered").is_truthy(),
        call,
        on_progress: Some(Listener::new(move |progress: &Progress| {
            let _ = object::invoke(
                &listener.0,
                "setProgress",
                &describe_progress(progress).0,
                &JsValue::UNDEFINED,
            );
        })),
        ..BatchOptions::new(&text(&io.0, "id"), &text(&skill.0, "id"))
    })
}

/// The object of the caller with options and callbacks.
#[derive(Clone)]
struct Io(JsValue);

impl Io {
    /// Calls a method and awaits its result.
    async fn call(&self, method: &str, arguments: [&JsValue; 2]) -> Result<JsValue, Json> {
        let called = object::invoke(&self.0, method, arguments[0], arguments[1]).map_err(Json)?;
        match wait::wait(&called, None, f64::INFINITY).await {
            Ok(wait::Ended { parts: [value, ..], .. }) => Ok(value),
            Err(Interrupted::Aborted(cause) | Interrupted::Failed(cause)) => Err(cause),
            Err(Interrupted::TimedOut) => Err(Json::default()),
        }
    }
}

impl BatchStore<Json> for Io {
    async fn read(&self, _batch: &str, from: i64, to: i64) -> Result<Vec<(i64, Json)>, Json> {
        #[allow(clippy::cast_precision_loss, reason = "an index of a row")]
        let (from, to) = (JsValue::from_f64(from as f64), JsValue::from_f64(to as f64));
        let entries = Json(self.call("read", [&from, &to]).await?);
        let mut found = Vec::new();
        for entry in entries.items() {
            if let (Some(index), Some(value)) =
                (entry.get("index").and_then(|index| index.as_f64()), entry.get("value"))
            {
                #[allow(clippy::cast_possible_truncation, reason = "an index of a row")]
                found.push((index as i64, value));
            }
        }
        Ok(found)
    }

    async fn write(&self, _batch: &str, entries: &[(i64, Json)]) -> Result<(), Json> {
        let written = Array::new();
        for (index, value) in entries {
            #[allow(clippy::cast_precision_loss, reason = "an index of a row")]
            let index = Json::from_number(*index as f64);
            written.push(&Json::object(&[("index", index), ("value", value.clone())]).0);
        }
        self.call("write", [&written.into(), &JsValue::UNDEFINED]).await.map(|_| ())
    }

    fn is_durable(&self) -> bool {
        property(&self.0, "isDurable").is_truthy()
    }
}

/// The rows of the caller.
struct Rows {
    core: Rc<Core>,
    skill: Json,
    io: Io,
}

impl Rows {
    /// Validates the parameters of a row, and prepares its request.
    fn prepared(&self, parameters: JsValue) -> Result<Prepared<Json>, Box<Failure>> {
        let parameters = Json(parameters);
        let issues = parameter::issues(&Json(property(&self.skill.0, "parameters")), &parameters);
        if !issues.is_empty() {
            return Err(Failure::invalid(issues));
        }
        let session = Json(property(&self.io.0, "sessionId"));
        let body = Json::object(&[("parameters", parameters), ("sessionId", session)]);
        let id = property(&self.skill.0, "id");
        prepare(&self.core, Operation::SkillsExecute.spec(), &[id], &body.0, None)
    }
}

impl RowSource<Json> for Rows {
    async fn next_row(&self) -> Option<Result<Prepared<Json>, RowError<Json>>> {
        match self.io.call("nextRow", [&JsValue::UNDEFINED; 2]).await {
            Ok(parameters) if parameters.is_undefined() => None,
            Ok(parameters) => Some(self.prepared(parameters).map_err(RowError::Invalid)),
            Err(cause) => {
                let failure = Failure::new(ErrorCode::InvalidRequest, "The rows could not be read");
                Some(Err(RowError::Failed(failure.with(|failure| failure.cause = cause))))
            }
        }
    }
}

fn describe(result: RowResult<Json>) -> Json {
    let text = |text: Option<String>| text.as_deref().map(Json::from_string).unwrap_or_default();
    #[allow(clippy::cast_precision_loss, reason = "an index of a row")]
    let index = Json::from_number(result.index as f64);
    Json::object(&[
        ("index", index),
        ("status", Json::from_string(result.status.as_str())),
        ("execution", result.output),
        ("executionId", text(result.execution_id)),
        ("attempts", Json::from_number(f64::from(result.attempts))),
        ("candidates", result.candidates),
        ("error", result.error),
    ])
}

fn describe_progress(progress: &Progress) -> Json {
    let number = |number: u32| Json::from_number(f64::from(number));
    Json::object(&[
        ("done", number(progress.done)),
        ("failed", number(progress.failed)),
        ("rejected", number(progress.rejected)),
        ("unknown", number(progress.unknown)),
        ("running", number(progress.running)),
        ("queued", number(progress.queued)),
        ("executions", number(progress.executions)),
        ("isFollowing", Json::from_bool(progress.is_following)),
        ("paused", progress.pause.map_or_else(Json::default, |pause| Json::from_string(pause.as_str()))),
    ])
}

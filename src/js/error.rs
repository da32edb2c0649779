//! Errors as plain objects, which the JavaScript in `npm/` converts to error classes.

use js_sys::Object;
use wasm_bindgen::JsValue;

use crate::api::issue::{Issue, Loc};
use crate::error::{EngineError, Failure, TimeLimit};
use crate::transport::json::{array_of, set};

/// The value that a promise rejects with: `{ aborted: reason }` or `{ failure: { code, … } }`.
pub fn into_js(error: EngineError) -> JsValue {
    let object = Object::new();
    match error {
        EngineError::Aborted(reason) => set(&object, "aborted", &reason.0),
        EngineError::Failed(failure) => set(&object, "failure", &describe(&failure)),
    }
    object.into()
}

fn describe(failure: &Failure) -> JsValue {
    let object = Object::new();
    let number = |value: Option<f64>| value.map_or(JsValue::UNDEFINED, JsValue::from_f64);
    let text = |value: &Option<String>| value.as_deref().map_or(JsValue::UNDEFINED, JsValue::from_str);
    set(&object, "code", &failure.code.as_str().into());
    set(&object, "message", &failure.message.as_str().into());
    set(&object, "callId", &failure.call_id.map_or(JsValue::UNDEFINED, JsValue::from));
    set(
        &object,
        "operation",
        &failure.operation.map_or(JsValue::UNDEFINED, |operation| operation.spec().name.into()),
    );
    set(&object, "status", &number(failure.status.map(f64::from)));
    set(&object, "detail", &text(&failure.detail));
    set(&object, "issues", &array_of(failure.issues.iter().map(describe_issue)));
    set(&object, "retryAfter", &number(failure.retry_after_ms));
    set(&object, "path", &text(&failure.path));
    set(&object, "maybeExecuted", &failure.maybe_executed.into());
    set(&object, "retryable", &failure.retryable.into());
    set(&object, "attempts", &failure.attempts.into());
    set(&object, "totalDelay", &failure.total_delay_ms.into());
    set(&object, "limit", &failure.limit.map_or(JsValue::UNDEFINED, limit));
    set(&object, "elapsed", &number(failure.elapsed_ms));
    set(&object, "skillId", &text(&failure.skill_id));
    set(&object, "executionId", &text(&failure.execution_id));
    set(&object, "candidates", &failure.candidates.0);
    set(&object, "body", &failure.body.0);
    set(&object, "text", &failure.text.0);
    set(&object, "headers", &failure.headers.0);
    set(&object, "cause", &failure.cause.0);
    object.into()
}

fn limit(limit: TimeLimit) -> JsValue {
    match limit {
        TimeLimit::Attempt => "timeout".into(),
        TimeLimit::Total => "totalTimeout".into(),
        TimeLimit::Wait => "waitTimeout".into(),
    }
}

fn describe_issue(issue: &Issue) -> JsValue {
    let object = Object::new();
    let loc = issue.loc.iter().map(|step| match step {
        Loc::Key(key) => JsValue::from_str(key),
        Loc::Index(index) => JsValue::from(*index),
    });
    set(&object, "path", &issue.path().into());
    set(&object, "loc", &array_of(loc));
    set(&object, "msg", &(*issue.msg).into());
    set(&object, "type", &(*issue.kind).into());
    object.into()
}

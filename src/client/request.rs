//! Validates the input of a call and builds its request. Reports all violations together.

use std::borrow::Cow;

use gloo_net::http::QueryParams;
use js_sys::Object;
use wasm_bindgen::JsValue;
use web_sys::UrlSearchParams;

use browser_use_skills_core::engine::Prepared;

use super::Core;
use super::key::KeySource;
use crate::api::check::{self, Mode};
use crate::api::issue::{Issue, Loc};
use crate::api::node::{Kind, Node};
use crate::api::operation_spec::{Input, Method, OperationSpec};
use crate::api::problem::ErrorCode;
use crate::api::shape::Model;
use crate::api::text::concat;
use crate::error::Failure;
use crate::policy::url;
use crate::transport::json::{self, Json, property};
use crate::transport::object;

/// Validates the input and builds the request. `extra` is added to the body or the query without validation.
pub(crate) fn prepare(
    core: &Core,
    spec: &'static OperationSpec,
    ids: &[JsValue],
    input: &JsValue,
    extra: Option<&JsValue>,
) -> Result<Prepared<Json>, Box<Failure>> {
    let mut issues = Vec::new();
    let mut values = Vec::new();
    for (index, name) in spec.parameters().enumerate() {
        let value = Json(ids.get(index).cloned().unwrap_or_default());
        let text = value.as_string().unwrap_or_default();
        issues.extend(check::path_issue(&value, name));
        if !check::is_id(name) && url::is_dot_segment(&text) {
            issues.push(Issue::at("path", name, "must not be a step in a path"));
        }
        values.push(text);
    }
    let absent = input.is_undefined();
    let (body, query) = match spec.input {
        Input::None | Input::Constant(_) => (JsValue::UNDEFINED, None),
        Input::Body(_) if absent => (Object::new().into(), None),
        Input::Body(_) => (input.clone(), None),
        Input::Query(model) => (JsValue::UNDEFINED, Some(model)),
    };
    match spec.input {
        Input::Body(model) => {
            issues.extend(check::issues(&Json(body.clone()), model, "body", Mode::ClientRequest))
        }
        Input::Query(model) if !absent => {
            issues.extend(check::issues(&Json(input.clone()), model, "query", Mode::ClientRequest));
        }
        Input::Query(_) | Input::None | Input::Constant(_) => {}
    }
    if !issues.is_empty() {
        return Err(Failure::invalid(issues));
    }
    let body = match (spec.method, spec.input, extra) {
        (_, Input::Constant(_), Some(_)) | (Method::Delete, _, Some(_)) => {
            return Err(Failure::invalid(vec![Issue::at("options", "extraBody", "takes no body")]));
        }
        (_, Input::Constant(text), None) => text.into(),
        (Method::Post | Method::Patch, _, Some(extra)) => {
            write_body(&object::assigned(&body, extra).map_err(not_json_error)?)?
        }
        _ => write_body(&body)?,
    };
    if spec.needs_key && matches!(core.platform.key, KeySource::None) && core.base_url().is_default() {
        return Err(Failure::new(
            ErrorCode::Authentication,
            "No apiKey was given, and the cloud requires one for this operation",
        ));
    }
    let mut prepared = Prepared::new(spec, core.base_url(), values, Json(body));
    if let Some(model) = query {
        let query = query_string(input, model, extra);
        if !query.is_empty() {
            prepared.url.push('?');
            prepared.url.push_str(&query);
        }
    }
    Ok(prepared)
}

fn write_body(body: &JsValue) -> Result<JsValue, Box<Failure>> {
    if body.is_undefined() {
        return Ok(JsValue::UNDEFINED);
    }
    json::to_text(body).map_err(not_json_error)
}

fn not_json_error(cause: JsValue) -> Box<Failure> {
    let said = property(&cause, "message").as_string().unwrap_or_default();
    let message = concat(&["cannot be written as JSON: ", &said]);
    let issue = Issue::new(vec![Loc::Key(Cow::Borrowed("body"))], "json_invalid", message);
    Failure::invalid(vec![issue]).with(|failure| failure.cause = Json(cause))
}

fn query_string(input: &JsValue, model: &Model, extra: Option<&JsValue>) -> String {
    // Read back from the raw object: the way through `Display` would bring Rust's formatting into the wasm.
    let Ok(raw) = UrlSearchParams::new() else { return String::new() };
    let query = QueryParams::from_raw(raw.clone());
    let append = |name: &str, value: &Json| {
        let text = match value.kind() {
            Kind::String => value.as_string(),
            Kind::Integer | Kind::Number => value.as_f64().map(format_number),
            Kind::Boolean => value.0.as_bool().map(|truth| if truth { "true" } else { "false" }.to_owned()),
            _ => None,
        };
        if let Some(text) = text {
            query.append(name, &text);
        }
    };
    let input = Json(input.clone());
    if input.kind() == Kind::Object {
        for field in model.fields {
            if let Some(value) = input.get(field.name) {
                append(field.name, &value);
            }
        }
    }
    if let Some(extra) = extra.map(|extra| Json(extra.clone())) {
        for key in extra.keys() {
            if let Some(value) = extra.get(&key) {
                append(&key, &value);
            }
        }
    }
    raw.to_string().into()
}

/// Formats a number as JavaScript does. Rust's float formatting would enlarge the WebAssembly.
pub fn format_number(number: f64) -> String {
    json::to_text(&number.into()).ok().and_then(|text| text.as_string()).unwrap_or_default()
}

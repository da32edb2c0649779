//! Parses and validates requests. Lists every violation, as the service's 422 does.

use std::borrow::Cow;

use browser_use_skills::api::check::{Mode, issues, path_issue};
use browser_use_skills::api::issue::{Issue, Loc};
use browser_use_skills::api::operation_spec::Input;
use browser_use_skills::api::session::UpdateSessionRequest;
use browser_use_skills::api::shape::{Field, Model, Shape};
use serde_json::{Map, Value, json};

use crate::message::Request;
use crate::rejection::Rejection;
use crate::route::RouteMatch;

/// Returns the input object from the body or the query; null if the operation takes none.
pub fn read(request: &Request, found: &RouteMatch) -> Result<Value, Rejection> {
    let mut problems = Vec::new();
    for (name, text) in &found.parameters {
        let value = Value::String(text.clone());
        problems.extend(path_issue(&value, name).map(|issue| item(&issue, &value)));
    }
    let value = match found.operation.spec().input {
        Input::None => Value::Null,
        Input::Query(model) => query(&request.query, model, &mut problems),
        Input::Body(model) => body(request, model, &mut problems)?,
        Input::Constant(_) => body(request, UpdateSessionRequest::MODEL, &mut problems)?,
    };
    if problems.is_empty() { Ok(value) } else { Err(Rejection::Invalid(problems)) }
}

fn query(text: &str, model: &'static Model, problems: &mut Vec<Value>) -> Value {
    let mut raw = Map::new();
    let mut typed = Map::new();
    for (key, text) in form_urlencoded::parse(text.as_bytes()) {
        if let Some(field) = model.fields.iter().find(|field| field.name == key) {
            raw.insert(field.name.to_owned(), Value::String(text.into_owned()));
        }
    }
    let raw = Value::Object(raw);
    for field in model.fields {
        let Some(text) = raw.get(field.name).and_then(Value::as_str) else { continue };
        match typed_value(field, text) {
            Ok(value) => {
                typed.insert(field.name.to_owned(), value);
            }
            Err((kind, msg)) => {
                let loc = vec![Loc::Key(Cow::Borrowed("query")), Loc::Key(Cow::Borrowed(field.name))];
                problems.push(item(&Issue::new(loc, kind, msg), &raw));
            }
        }
    }
    let typed = Value::Object(typed);
    let found = issues(&typed, model, "query", Mode::ServerRequest);
    problems.extend(found.iter().map(|issue| item(issue, &raw)));
    typed
}

/// Parses a query value, or returns the kind and message of the violation.
fn typed_value(field: &Field, text: &str) -> Result<Value, (&'static str, &'static str)> {
    match field.shape {
        // Clamps to `i64`: all limits lie within this range.
        Shape::Integer { .. } => match text.trim().parse::<i64>() {
            Ok(number) => Ok(json!(number.clamp(-1, i64::from(u32::MAX)))),
            Err(_) => {
                Err(("int_parsing", "Input should be a valid integer, unable to parse string as an integer"))
            }
        },
        Shape::Boolean => match text.to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" | "on" | "t" | "y" => Ok(Value::Bool(true)),
            "false" | "0" | "no" | "off" | "f" | "n" => Ok(Value::Bool(false)),
            _ => Err(("bool_parsing", "Input should be a valid boolean, unable to interpret input")),
        },
        _ => Ok(Value::String(text.to_owned())),
    }
}

fn body(request: &Request, model: &'static Model, problems: &mut Vec<Value>) -> Result<Value, Rejection> {
    let value = if request.body.is_empty() {
        Value::Null
    } else if is_json(request.content_type.as_deref()) {
        let text = std::str::from_utf8(&request.body)
            .map_err(|_| Rejection::Other(400, "There was an error parsing the body"))?;
        match serde_json::from_str(text) {
            Ok(value) => value,
            Err(error) => {
                problems.push(json_error(text, &error));
                return Ok(Value::Null);
            }
        }
    } else {
        // Without a JSON content type the service treats the body as text.
        Value::String(String::from_utf8_lossy(&request.body).into_owned())
    };
    if value.is_null() {
        let issue = Issue::new(vec![Loc::Key(Cow::Borrowed("body"))], "missing", "Field required");
        problems.push(item(&issue, &Value::Null));
    } else {
        let found = issues(&value, model, "body", Mode::ServerRequest);
        problems.extend(found.iter().map(|issue| item(issue, &value)));
    }
    Ok(value)
}

/// Whether a content type is `application/json` or `application/*+json`.
fn is_json(content_type: Option<&str>) -> bool {
    let essence = content_type.and_then(|value| value.split(';').next()).unwrap_or_default();
    let essence = essence.trim().to_ascii_lowercase();
    essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
}

fn json_error(text: &str, error: &serde_json::Error) -> Value {
    let before = text.split_inclusive('\n').take(error.line().saturating_sub(1));
    let offset = before.map(|line| line.chars().count()).fold(0, usize::saturating_add);
    let offset = match error.is_eof() {
        true => text.chars().count(),
        false => offset.saturating_add(error.column().saturating_sub(1)),
    };
    let reason = error.to_string();
    let reason = reason.split(" at line").next().unwrap_or_default();
    json!({ "type": "json_invalid", "loc": ["body", offset], "msg": "JSON decode error", "input": {},
        "ctx": { "error": reason } })
}

/// One item of the 422. `input` is the value at `loc`; for a missing field, the object that lacks it.
fn item(issue: &Issue, whole: &Value) -> Value {
    let steps = issue.loc.get(1..).unwrap_or_default();
    let steps = if issue.kind == "missing" {
        steps.split_last().map_or(steps, |(_, parents)| parents)
    } else {
        steps
    };
    let input = steps.iter().try_fold(whole, |value, step| match step {
        Loc::Key(key) => value.get(key.as_ref()),
        Loc::Index(index) => value.get(usize::try_from(*index).ok()?),
    });
    let input = input.unwrap_or(whole);
    let mut item = json!({ "type": issue.kind, "loc": issue.loc, "msg": issue.msg, "input": input });
    let context = match (issue.limit, issue.msg.strip_prefix("Input should be ")) {
        (Some((name, limit)), _) => Some(json!({ name: limit })),
        (None, Some(expected)) if issue.kind == "enum" => Some(json!({ "expected": expected })),
        _ => None,
    };
    if let (Some(context), Some(fields)) = (context, item.as_object_mut()) {
        fields.insert("ctx".to_owned(), context);
    }
    item
}

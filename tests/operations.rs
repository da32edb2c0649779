//! Compares the operation table and the models with the contract, `contract/openapi.json`.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

use std::collections::BTreeSet;

use browser_use_skills::api::operation::Operation;
use browser_use_skills::api::operation_spec::{Input, Method};
use browser_use_skills::api::problem::ErrorCode;
use browser_use_skills::api::session::UpdateSessionRequest;
use browser_use_skills::api::shape::{Field, Model, Shape};
use browser_use_skills::api::value::SessionUpdateAction;
use serde_json::Value;

fn contract() -> Value {
    serde_json::from_str(include_str!("../contract/openapi.json")).expect("the contract is JSON")
}

/// The description of an operation in the contract.
fn described(contract: &Value, operation: Operation) -> &Value {
    let spec = operation.spec();
    &contract["paths"][spec.path][spec.method.as_str().to_lowercase()]
}

fn name_of(schema: &Value) -> Option<&str> {
    schema["$ref"].as_str()?.rsplit('/').next()
}

#[test]
fn the_table_has_exactly_the_operations_of_the_contract() {
    let contract = contract();
    let declared: BTreeSet<(String, String)> = contract["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, methods)| {
            methods.as_object().unwrap().keys().map(|method| (method.to_uppercase(), path.clone()))
        })
        .collect();
    let actual = Operation::ALL.iter().map(|operation| operation.spec());
    let actual: BTreeSet<_> =
        actual.map(|spec| (spec.method.as_str().to_owned(), spec.path.to_owned())).collect();
    assert_eq!(actual, declared);
    assert_eq!(Operation::ALL.len(), 22);
}

#[test]
fn each_operation_has_the_facts_of_the_contract() {
    let contract = contract();
    for operation in Operation::ALL {
        let (spec, described) = (operation.spec(), described(&contract, *operation));
        assert_eq!(spec.needs_key, described.get("security").is_some(), "{}: key", spec.name);
        let responses = described["responses"].as_object().unwrap();
        let (success, response) = responses.iter().find(|(status, _)| status.starts_with('2')).unwrap();
        assert_eq!(spec.success.to_string(), *success, "{}: status", spec.name);
        let model = name_of(&response["content"]["application/json"]["schema"]);
        assert_eq!(operation.response().map(|model| model.name), model, "{}: response", spec.name);
        let declared: BTreeSet<(u16, &str)> = responses
            .iter()
            .filter(|(status, _)| !status.starts_with('2') && *status != "422")
            .map(|(status, response)| {
                (
                    status.parse().unwrap(),
                    // The contract has no schema for this one.
                    name_of(&response["content"]["application/json"]["schema"])
                        .unwrap_or("InsufficientCreditsError"),
                )
            })
            .collect();
        let actual: BTreeSet<_> = spec.errors.iter().map(|(status, code)| (*status, code.class())).collect();
        assert_eq!(actual, declared, "{}: errors", spec.name);
        let is_read_or_repeatable = spec.method != Method::Post;
        assert_eq!(spec.safe_to_resend, is_read_or_repeatable, "{}: resend", spec.name);
    }
}

#[test]
fn each_model_has_the_fields_and_limits_of_its_schema() {
    let contract = contract();
    let mut seen = BTreeSet::new();
    for operation in Operation::ALL {
        let spec = operation.spec();
        if let Some(model) = operation.response() {
            same_model(&contract, model, &mut seen);
        }
        match spec.input {
            Input::None => {}
            Input::Constant(text) => {
                let schema = &described(&contract, *operation)["requestBody"]["content"]["application/json"];
                assert_eq!(Some(UpdateSessionRequest::MODEL.name), name_of(&schema["schema"]));
                same_model(&contract, UpdateSessionRequest::MODEL, &mut seen);
                let body: UpdateSessionRequest = serde_json::from_str(text).unwrap();
                assert_eq!(body.action, SessionUpdateAction::Stop);
            }
            Input::Body(model) => {
                let schema = &described(&contract, *operation)["requestBody"]["content"]["application/json"];
                assert_eq!(Some(model.name), name_of(&schema["schema"]));
                same_model(&contract, model, &mut seen);
            }
            Input::Query(model) => {
                let parameters = described(&contract, *operation)["parameters"].as_array().unwrap();
                let query: Vec<_> =
                    parameters.iter().filter(|parameter| parameter["in"] == "query").collect();
                assert_eq!(query.len(), model.fields.len(), "{}", model.name);
                for parameter in query {
                    let field = field(model, parameter["name"].as_str().unwrap());
                    assert_eq!(Value::Bool(field.required), parameter["required"]);
                    same_field(&contract, field, &parameter["schema"], &mut seen);
                }
            }
        }
    }
    assert!(seen.len() >= 14, "{seen:?}");
}

fn field<'a>(model: &'a Model, name: &str) -> &'a Field {
    model.fields.iter().find(|field| field.name == name).unwrap_or_else(|| panic!("{}.{name}", model.name))
}

fn same_model(contract: &Value, model: &'static Model, seen: &mut BTreeSet<&'static str>) {
    if !seen.insert(model.name) {
        return;
    }
    let schema = &contract["components"]["schemas"][model.name];
    let properties = schema["properties"].as_object().unwrap();
    assert_eq!(properties.len(), model.fields.len(), "{}", model.name);
    let no_field = Vec::new();
    let required = schema["required"].as_array().unwrap_or(&no_field);
    for (name, schema) in properties {
        let field = field(model, name);
        assert_eq!(field.required, required.contains(&Value::from(name.as_str())), "{}.{name}", model.name);
        same_field(contract, field, schema, seen);
    }
}

fn same_field(contract: &Value, field: &'static Field, schema: &Value, seen: &mut BTreeSet<&'static str>) {
    let is_null = |schema: &Value| schema["type"] == "null";
    let alternatives = schema["anyOf"].as_array();
    assert_eq!(
        field.nullable,
        alternatives.is_some_and(|any| any.iter().any(is_null)),
        "{}: null",
        field.name
    );
    let plain = alternatives.and_then(|any| any.iter().find(|schema| !is_null(schema))).unwrap_or(schema);
    same_shape(contract, &field.shape, plain, field.name, seen);
}

fn same_shape(
    contract: &Value,
    shape: &'static Shape,
    schema: &Value,
    name: &str,
    seen: &mut BTreeSet<&'static str>,
) {
    let limit =
        |key: &str, none: u32| schema[key].as_u64().map_or(none, |limit| u32::try_from(limit).unwrap());
    match *shape {
        // The server validates the 240 members.
        Shape::String { min: 2, max: 2 } => assert_eq!(name_of(schema), Some("ProxyCountryCode"), "{name}"),
        Shape::String { min, max } => {
            assert_eq!((&schema["type"], &schema["format"]), (&"string".into(), &Value::Null), "{name}");
            assert_eq!((min, max), (limit("minLength", 0), limit("maxLength", u32::MAX)), "{name}");
        }
        Shape::Integer { min, max } => {
            assert_eq!(schema["type"], "integer", "{name}");
            assert_eq!((min, max), (limit("minimum", 0), limit("maximum", u32::MAX)), "{name}");
        }
        Shape::Number => assert_eq!(schema["type"], "number", "{name}"),
        Shape::Uuid => assert_eq!(schema["format"], "uuid", "{name}"),
        Shape::DateTime => assert_eq!(schema["format"], "date-time", "{name}"),
        Shape::Boolean => assert_eq!(schema["type"], "boolean", "{name}"),
        Shape::Object => assert_eq!(schema["type"], "object", "{name}"),
        Shape::Array(item) => same_shape(contract, item, &schema["items"], name, seen),
        Shape::Model(model) => {
            assert_eq!(Some(model.name), name_of(schema), "{name}");
            same_model(contract, model, seen);
        }
        Shape::Enum(choice) => {
            assert_eq!(Some(choice.name), name_of(schema), "{name}");
            assert_eq!(Value::from(choice.members), contract["components"]["schemas"][choice.name]["enum"]);
        }
        Shape::Any => assert_eq!(schema["type"], Value::Null, "{name}"),
        _ => panic!("{name}: no schema of the contract has this shape"),
    }
}

#[test]
fn each_error_of_the_contract_has_a_class() {
    let contract = contract();
    let schemas = contract["components"]["schemas"].as_object().unwrap();
    let actual: BTreeSet<_> = ErrorCode::ALL.iter().map(|code| code.class()).collect();
    for name in schemas.keys().filter(|name| name.ends_with("Error") && *name != "HTTPValidationError") {
        assert!(actual.contains(name.as_str()), "{name}");
    }
}

#[test]
fn the_documentation_lists_every_operation_and_error() {
    // The width of the columns does not matter.
    let errors = include_str!("../docs/errors.md").split_whitespace().collect::<Vec<_>>().join(" ");
    let calls = include_str!("../docs/calls.md");
    for code in ErrorCode::ALL {
        assert!(
            errors.contains(&format!("| `{}` | `{}` |", code.class(), code.as_str())),
            "{}",
            code.class()
        );
    }
    for operation in Operation::ALL {
        let method = operation.spec().name.rsplit('.').next().unwrap();
        assert!(calls.contains(&format!("`{method}`")), "{method}");
    }
}

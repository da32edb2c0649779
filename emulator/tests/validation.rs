//! The items of a 422.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

mod common;

use browser_use_skills::api::operation::Operation;
use browser_use_skills_emulator::message::Request;
use browser_use_skills_emulator::settings::Settings;
use common::{UNKNOWN_ID, api};
use serde_json::{Value, json};

fn violations(operation: Operation, ids: &[&str], input: Value) -> Value {
    let (status, body) = api().call(operation, ids, input);
    assert_eq!(status, 422, "{body}");
    body["detail"].clone()
}

#[test]
fn every_violation_in_a_body_is_listed() {
    assert_eq!(
        violations(Operation::SkillsCreate, &[], json!({ "agentPrompt": "short", "title": 5 })),
        json!([
            { "type": "string_type", "loc": ["body", "title"], "msg": "Input should be a valid string", "input": 5 },
            { "type": "missing", "loc": ["body", "goal"], "msg": "Field required",
              "input": { "agentPrompt": "short", "title": 5 } },
            { "type": "string_too_short", "loc": ["body", "agentPrompt"],
              "msg": "String should have at least 10 characters", "input": "short", "ctx": { "min_length": 10 } },
        ])
    );
}

#[test]
fn lengths_count_code_points() {
    let goal = |length: usize| json!({ "goal": "😀".repeat(length), "agentPrompt": "0123456789" });
    assert_eq!(api().call(Operation::SkillsCreate, &[], goal(1000)).0, 202);
    let found = violations(Operation::SkillsCreate, &[], goal(1001));
    assert_eq!(found[0]["type"], "string_too_long");
    assert_eq!(found[0]["ctx"], json!({ "max_length": 1000 }));
}

#[test]
fn ids_and_objects_are_validated() {
    let found = violations(Operation::SkillsGet, &["7"], Value::Null);
    assert_eq!(found[0]["loc"], json!(["path", "skill_id"]));
    assert_eq!((&found[0]["type"], &found[0]["input"]), (&json!("uuid_parsing"), &json!("7")));
    let input = json!({ "parameters": null, "sessionId": "here" });
    let found = violations(Operation::SkillsExecute, &["8"], input);
    let kinds: Vec<_> = found.as_array().unwrap().iter().map(|item| (&item["type"], &item["loc"])).collect();
    assert_eq!(
        kinds,
        [
            (&json!("uuid_parsing"), &json!(["path", "skill_id"])),
            (&json!("dict_type"), &json!(["body", "parameters"])),
            (&json!("uuid_parsing"), &json!(["body", "sessionId"])),
        ]
    );
    let found = violations(Operation::SkillsUpdate, &[UNKNOWN_ID], json!({ "categories": ["news", "toys"] }));
    assert_eq!((&found[0]["loc"], &found[0]["input"]), (&json!(["body", "categories", 1]), &json!("toys")));
    assert!(found[0]["ctx"]["expected"].as_str().unwrap().starts_with("'search', 'e_commerce'"));
}

#[test]
fn query_values_are_parsed_to_their_types() {
    let kind = |query: &str| {
        let found = violations(Operation::SkillsList, &[], json!(query));
        (found[0]["type"].as_str().unwrap().to_owned(), found[0]["input"].clone())
    };
    assert_eq!(kind("pageSize=101"), ("less_than_equal".into(), json!("101")));
    assert_eq!(kind("pageNumber=0"), ("greater_than_equal".into(), json!("0")));
    assert_eq!(kind("pageNumber=-7"), ("greater_than_equal".into(), json!("-7")));
    assert_eq!(kind("pageSize=many"), ("int_parsing".into(), json!("many")));
    assert_eq!(kind("isPublic=maybe"), ("bool_parsing".into(), json!("maybe")));
    assert_eq!(kind("category=toys"), ("enum".into(), json!("toys")));
    assert_eq!(kind("fromDate=yesterday"), ("datetime_parsing".into(), json!("yesterday")));
    assert_eq!(kind(&format!("query={}", "x".repeat(101))).0, "string_too_long");
    let query = json!("pageSize=0&pageSize=1&isPublic=YES&isEnabled=on&unknown=1&pageNumber=99999999999");
    let page = api().ok(Operation::SkillsList, &[], query);
    assert_eq!((&page["pageSize"], &page["totalItems"], &page["items"]), (&json!(1), &json!(1), &json!([])));
}

#[test]
fn bodies_that_are_not_objects_are_rejected() {
    let send = |body: &[u8], content_type: Option<&str>| {
        let request = Request {
            method: "POST".into(),
            path: "/skills".into(),
            key: Some("bu_test".into()),
            content_type: content_type.map(Into::into),
            body: body.to_vec(),
            ..Request::default()
        };
        let reply = api().send(&request);
        (reply.status, serde_json::from_slice::<Value>(&reply.body).unwrap()["detail"].clone())
    };
    let missing = json!([{ "type": "missing", "loc": ["body"], "msg": "Field required", "input": null }]);
    assert_eq!(send(b"", None), (422, missing.clone()));
    assert_eq!(send(b"null", Some("application/json")), (422, missing));
    for content_type in [None, Some("text/plain;charset=UTF-8")] {
        let (status, detail) = send(b"{}", content_type);
        assert_eq!((status, &detail[0]["type"]), (422, &json!("model_attributes_type")));
        assert_eq!((&detail[0]["loc"], &detail[0]["input"]), (&json!(["body"]), &json!("{}")));
    }
    let (_, detail) = send(b"[1]", Some("application/json; charset=utf-8"));
    assert_eq!(detail[0]["type"], "model_attributes_type");
    let (_, detail) = send(b"{\"goal\": }", Some("application/vnd.api+json"));
    assert_eq!((&detail[0]["type"], &detail[0]["loc"]), (&json!("json_invalid"), &json!(["body", 9])));
    assert_eq!((&detail[0]["msg"], &detail[0]["input"]), (&json!("JSON decode error"), &json!({})));
    assert_eq!(send(b"{", Some("application/json")).1[0]["loc"], json!(["body", 1]));
    assert_eq!(send(b"\xff", Some("application/json")).0, 400);
}

#[test]
fn an_amount_of_the_settings_is_not_negative() {
    for name in ["credits", "createCost", "executeCost", "minimumToCreate", "minimumToExecute"] {
        let change = |usd: f64| Settings::default().changed(&json!({ name: usd }));
        assert_eq!(change(-5.0), Err(format!("{name} must not be negative")));
        assert!(change(0.0).is_ok());
    }
}

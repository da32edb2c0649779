//! What is refused before it is sent, what an answer must be, and what a refusal means.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::api::check::{Issue, Rules, issues, path_issue};
use crate::api::date_time::is_date_time;
use crate::api::execution::{ExecuteSkillRequest, ExecuteSkillResponse};
use crate::api::operation::Operation;
use crate::api::page::SkillListResponse;
use crate::api::parameter;
use crate::api::problem::{ErrorCode, Hints, classify, retry_after_seconds, server_issues};
use crate::api::shape::Model;
use crate::api::skill::{
    CreateSkillRequest, ParameterSchema, RefineSkillRequest, SkillListParams, SkillResponse,
    UpdateSkillRequest,
};
use crate::api::value::{ParameterType, Patch, SkillCategory, SkillsGenerationStatus};

fn sent(value: &Value, model: &'static Model) -> Vec<(String, String)> {
    let found = issues(value, model, "body", Rules::Sender);
    found.iter().map(|issue| (issue.path(), issue.kind.to_string())).collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(path, kind)| ((*path).to_owned(), (*kind).to_owned())).collect()
}

#[test]
fn all_problems_are_told_at_once_each_with_its_path() {
    let request = json!({ "title": "x".repeat(101), "goal": null, "agentPrompt": "too short" });
    let expected =
        [("title", "string_too_long"), ("goal", "string_type"), ("agentPrompt", "string_too_short")];
    assert_eq!(sent(&request, CreateSkillRequest::MODEL), pairs(&expected));
    let request = json!({ "categories": ["news", "nwes", 3], "domains": "example.com", "isEnabled": "yes" });
    let expected = [
        ("categories[1]", "enum"),
        ("categories[2]", "string_type"),
        ("domains", "list_type"),
        ("isEnabled", "bool_type"),
    ];
    assert_eq!(sent(&request, UpdateSkillRequest::MODEL), pairs(&expected));
}

#[test]
fn lengths_count_code_points() {
    // One code point, two UTF-16 units, four bytes.
    let request = |count: usize| json!({ "goal": "🦀".repeat(count), "agentPrompt": "🦀".repeat(10) });
    assert_eq!(sent(&request(1000), CreateSkillRequest::MODEL), []);
    assert_eq!(sent(&request(1001), CreateSkillRequest::MODEL), pairs(&[("goal", "string_too_long")]));
    let feedback = json!({ "feedback": "🦀".repeat(9) });
    assert_eq!(sent(&feedback, RefineSkillRequest::MODEL), pairs(&[("feedback", "string_too_short")]));
}

#[test]
fn null_is_legal_where_the_contract_says_so() {
    let request = json!({ "title": null, "description": null, "goal": "", "agentPrompt": "0123456789" });
    assert_eq!(sent(&request, CreateSkillRequest::MODEL), []);
    let request = json!({ "parameters": null, "sessionId": null });
    assert_eq!(sent(&request, ExecuteSkillRequest::<()>::MODEL), pairs(&[("parameters", "dict_type")]));
    assert_eq!(
        sent(&json!({ "pageSize": null }), SkillListParams::MODEL),
        pairs(&[("pageSize", "int_type")])
    );
}

#[test]
fn an_unknown_key_is_refused_by_the_sender_and_passed_over_by_the_receiver() {
    let request = json!({ "goal": "", "agentPromt": "0123456789" });
    let found = issues(&request, CreateSkillRequest::MODEL, "body", Rules::Sender);
    let unknown = found.iter().find(|issue| issue.kind == "extra_forbidden").unwrap();
    assert_eq!(unknown.path(), "agentPromt");
    assert!(unknown.msg.contains("did you mean \"agentPrompt\"?"), "{}", unknown.msg);
    let received = issues(&request, CreateSkillRequest::MODEL, "body", Rules::Receiver);
    assert_eq!(received.iter().map(Issue::path).collect::<Vec<_>>(), ["agentPrompt"]);
}

#[test]
fn numbers_of_pages_have_limits() {
    let kinds = |params: Value| sent(&params, SkillListParams::MODEL);
    assert_eq!(kinds(json!({ "pageSize": 1, "pageNumber": 1 })), []);
    assert_eq!(kinds(json!({ "pageSize": 100.0, "pageNumber": 1_000_000 })), []);
    assert_eq!(kinds(json!({ "pageSize": 0 })), pairs(&[("pageSize", "greater_than_equal")]));
    assert_eq!(kinds(json!({ "pageSize": 101 })), pairs(&[("pageSize", "less_than_equal")]));
    assert_eq!(kinds(json!({ "pageNumber": 0 })), pairs(&[("pageNumber", "greater_than_equal")]));
    assert_eq!(kinds(json!({ "pageNumber": 1.5 })), pairs(&[("pageNumber", "int_from_float")]));
}

#[test]
fn an_id_is_a_uuid_and_a_slug_is_any_text() {
    let kind = |value: Value, name| path_issue(&value, name).map(|issue| issue.kind.to_string());
    assert_eq!(kind(json!("3c90c3cc-0d44-4b50-8888-8dd25736052a"), "skill_id"), None);
    assert_eq!(kind(json!("../billing/account?x="), "skill_id").as_deref(), Some("uuid_parsing"));
    assert_eq!(kind(json!(7), "skill_id").as_deref(), Some("uuid_type"));
    assert_eq!(kind(json!("any/thing ü"), "skill_slug"), None);
    assert_eq!(kind(json!(""), "skill_slug").as_deref(), Some("string_too_short"));
}

#[test]
fn points_in_time_follow_rfc_3339() {
    for right in [
        "2026-01-31T12:00:00Z",
        "2026-01-31t12:00:00.123456z",
        "2024-02-29 23:59:59+05:30",
        "2026-12-01T00:00:00.5-00:00",
    ] {
        assert!(is_date_time(right), "{right}");
    }
    for wrong in [
        "",
        "2026-01-31",
        "2026-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-01-31T24:00:00Z",
        "2026-01-31T12:00:00",
        "2026-01-31T12:00:00.Z",
        "2026-01-31T12:00:00+0530",
        "2026-01-31T12:00:00Z ",
        "+026-01-31T12:00:00Z",
        "٢٠٢٦-01-31T12:00:00Z",
    ] {
        assert!(!is_date_time(wrong), "{wrong}");
    }
}

#[test]
fn parameters_are_held_against_what_the_skill_takes() {
    let declared = json!([
        { "name": "query", "type": "string" },
        { "name": "limit", "type": "number", "default": 10 },
        { "name": "deep", "type": "boolean", "required": false },
        { "name": "filter", "type": "object", "required": false },
        { "name": "tags", "type": "array", "required": false },
        { "name": "session", "type": "cookie" },
        { "name": "aura", "type": "hologram" },
    ]);
    let found = |given: Value| {
        let issues = parameter::issues(&declared, &given);
        issues.iter().map(|issue| (issue.path(), issue.kind.to_string())).collect::<Vec<_>>()
    };
    let right = json!({ "query": "q", "session": "s", "aura": [1], "deep": null });
    assert_eq!(found(right), []);
    let wrong = json!({
        "query": 1, "limit": "10", "deep": "yes", "filter": [], "tags": {}, "session": null, "aura": 1, "limitt": 3,
    });
    let expected = [
        ("parameters.query", "string_type"),
        ("parameters.limit", "float_type"),
        ("parameters.deep", "bool_type"),
        ("parameters.filter", "dict_type"),
        ("parameters.tags", "list_type"),
        ("parameters.session", "string_type"),
        ("parameters.limitt", "extra_forbidden"),
    ];
    assert_eq!(found(wrong), pairs(&expected));
    let missing =
        [("parameters.query", "missing"), ("parameters.session", "missing"), ("parameters.aura", "missing")];
    assert_eq!(found(json!({})), pairs(&missing));
}

fn skill() -> Value {
    json!({
        "id": "3c90c3cc-0d44-4b50-8888-8dd25736052a", "title": "t", "description": "d",
        "categories": ["search", "teleportation"], "domains": [], "status": "hibernating",
        "parameters": [{ "name": "q", "type": "hologram", "default": { "deep": [1] } }],
        "outputSchema": {}, "isEnabled": true, "isPublic": false, "currentVersion": null,
        "createdAt": "2026-01-01T00:00:00", "updatedAt": "2026-01-01T00:00:00Z", "fromTheFuture": { "x": 1 },
    })
}

#[test]
fn unknown_members_and_fields_survive_in_an_answer() {
    let answer = skill();
    assert_eq!(issues(&answer, SkillResponse::MODEL, "body", Rules::Answer), []);
    let skill: SkillResponse = serde_json::from_value(answer).unwrap();
    assert_eq!(skill.status, SkillsGenerationStatus::Unknown("hibernating".to_owned()));
    assert_eq!(skill.categories[1].as_str(), "teleportation");
    assert_eq!(skill.parameters[0].r#type, ParameterType::Unknown("hologram".to_owned()));
    assert!(skill.parameters[0].required, "required by default");
    assert_eq!(serde_json::to_value(&skill).unwrap()["status"], "hibernating");
}

#[test]
fn a_wrong_type_in_an_answer_is_told_with_its_path() {
    let mut broken = skill();
    broken["parameters"][0]["name"] = json!(3);
    let page = json!({ "items": [skill(), broken], "totalItems": 2, "pageNumber": 1, "pageSize": 10 });
    let found = issues(&page, SkillListResponse::MODEL, "body", Rules::Answer);
    assert_eq!(found.iter().map(Issue::path).collect::<Vec<_>>(), ["items[1].parameters[0].name"]);
    let mut missing = skill();
    missing.as_object_mut().unwrap().remove("currentVersion");
    let found = issues(&missing, SkillResponse::MODEL, "body", Rules::Answer);
    assert_eq!((found[0].path().as_str(), &*found[0].kind), ("currentVersion", "missing"));
}

#[test]
fn an_update_tells_absent_from_null() {
    let update =
        UpdateSkillRequest { title: Patch::Null, is_enabled: Patch::Set(true), ..Default::default() };
    assert_eq!(serde_json::to_value(&update).unwrap(), json!({ "title": null, "isEnabled": true }));
    let update: UpdateSkillRequest = serde_json::from_value(json!({ "description": null })).unwrap();
    assert_eq!((update.description, update.title), (Patch::Null, Patch::Absent));
}

#[test]
fn the_result_of_an_execution_is_of_the_callers_own_type() {
    #[derive(Debug, PartialEq, serde::Deserialize)]
    struct Story {
        title: String,
    }
    let answer = json!({ "success": true, "result": [{ "title": "a" }], "latencyMs": 12 });
    let answer: ExecuteSkillResponse<Vec<Story>> = serde_json::from_value(answer).unwrap();
    assert_eq!(answer.result, Some(vec![Story { title: "a".to_owned() }]));
    assert_eq!(answer.latency_ms, Some(12));
}

#[test]
fn every_declared_status_has_its_name() {
    for operation in Operation::ALL {
        let row = operation.row();
        for (status, code) in row.errors {
            assert_eq!(classify(row, *status, &json!({}), Hints::default()), *code, "{} {status}", row.name);
        }
        let validation = classify(row, 422, &json!({ "detail": [] }), Hints::default());
        assert_eq!(validation, ErrorCode::Validation);
    }
}

#[test]
fn a_second_meaning_is_told_by_the_text() {
    let meaning = |operation: Operation, status, body: Value| {
        classify(operation.row(), status, &body, Hints::default())
    };
    let sessions = json!({ "detail": "Too many concurrent active sessions. Please wait." });
    let throttle = json!({ "detail": "Rate limit exceeded", "retry_after_seconds": 3, "limit_rps": 5 });
    use ErrorCode::{
        Authentication, EnabledSkillsLimitExceeded, RateLimit, Server, TooManyConcurrentActiveSessions,
        UnexpectedStatus,
    };
    assert_eq!(meaning(Operation::SkillsCreate, 429, sessions.clone()), TooManyConcurrentActiveSessions);
    assert_eq!(meaning(Operation::MarketplaceExecute, 429, sessions), TooManyConcurrentActiveSessions);
    assert_eq!(meaning(Operation::SkillsCreate, 429, throttle.clone()), RateLimit);
    assert_eq!(meaning(Operation::SkillsList, 429, json!(null)), RateLimit);
    assert_eq!(retry_after_seconds(&throttle), Some(3.0));
    let plan = json!({ "detail": "Enabled skills limit exceeded for your plan" });
    assert_eq!(meaning(Operation::SkillsUpdate, 403, plan), EnabledSkillsLimitExceeded);
    let key = json!({ "detail": "Not authenticated" });
    assert_eq!(meaning(Operation::SkillsUpdate, 403, key.clone()), Authentication);
    assert_eq!(meaning(Operation::SkillsGet, 401, key), Authentication);
    assert_eq!(meaning(Operation::SkillsGet, 418, json!("teapot")), UnexpectedStatus);
    assert_eq!(meaning(Operation::SkillsGet, 502, json!(null)), Server);
}

#[test]
fn the_servers_issues_lose_what_was_sent() {
    let body = json!({ "detail": [
        { "loc": ["body", "categories", 1], "msg": "Input should be …", "type": "enum", "input": "secret cookie" },
        "nonsense",
    ] });
    let found = server_issues(&body);
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].path().as_str(), &*found[0].kind), ("categories[1]", "enum"));
}

/// Any JSON at all.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".*".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 64, 8, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..8).prop_map(Value::from),
            proptest::collection::hash_map(
                prop_oneof!["items", "detail", "loc", "status", "parameters", "[a-zA-Z]{1,12}"],
                inner,
                0..8
            )
            .prop_map(|map| map.into_iter().collect()),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_that_a_server_answers_can_break_the_checks(body in any_json(), status in any::<u16>()) {
        for operation in Operation::ALL {
            let row = operation.row();
            if let Some(model) = row.answer {
                let found = issues(&body, model, "body", Rules::Answer);
                prop_assert!(found.len() <= 1);
            }
            let _ = classify(row, status, &body, Hints::default());
        }
        let _ = server_issues(&body);
    }

    #[test]
    fn what_the_checks_let_through_can_be_read(body in any_json()) {
        if issues(&body, ParameterSchema::MODEL, "body", Rules::Answer).is_empty() {
            prop_assert!(serde_json::from_value::<ParameterSchema>(body.clone()).is_ok());
        }
        if issues(&body, CreateSkillRequest::MODEL, "body", Rules::Receiver).is_empty() {
            prop_assert!(serde_json::from_value::<CreateSkillRequest>(body).is_ok());
        }
    }

    #[test]
    fn a_category_keeps_its_text(text in ".*") {
        let category = SkillCategory::from(text.clone());
        prop_assert_eq!(category.as_str(), text);
    }
}

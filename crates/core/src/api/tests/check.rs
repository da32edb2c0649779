//! Validation of requests and responses.

use browser_use_skills_macros::Model;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::api::check::{Mode, canonical_id, did_you_mean, is_id, issues, path_issue};
use crate::api::execution::{ExecuteSkillRequest, ExecuteSkillResponse};
use crate::api::issue::{Issue, Loc};
use crate::api::operation::Operation;
use crate::api::page::SkillListResponse;
use crate::api::problem::{Hints, classify, server_issues};
use crate::api::shape::{Model, Shape, Shaped};
use crate::api::skill::{
    CreateSkillRequest, ParameterSchema, RefineSkillRequest, SkillListParams, SkillResponse,
    UpdateSkillRequest,
};
use crate::api::value::{ParameterType, SkillsGenerationStatus};

fn sent(value: &Value, model: &'static Model) -> Vec<(String, String)> {
    let found = issues(value, model, "body", Mode::ClientRequest);
    found.iter().map(|issue| (issue.path(), issue.kind.to_string())).collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(path, kind)| ((*path).to_owned(), (*kind).to_owned())).collect()
}

#[test]
fn all_violations_are_reported_at_once_each_with_its_path() {
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
    // One code point, two UTF-16 code units, four bytes.
    let request = |count: usize| json!({ "goal": "🦀".repeat(count), "agentPrompt": "🦀".repeat(10) });
    assert_eq!(sent(&request(1000), CreateSkillRequest::MODEL), []);
    assert_eq!(sent(&request(1001), CreateSkillRequest::MODEL), pairs(&[("goal", "string_too_long")]));
    let feedback = json!({ "feedback": "🦀".repeat(9) });
    assert_eq!(sent(&feedback, RefineSkillRequest::MODEL), pairs(&[("feedback", "string_too_short")]));
}

#[test]
fn a_limit_itself_is_within_it() {
    let request = json!({ "title": "x".repeat(100), "goal": "", "agentPrompt": "x".repeat(10) });
    assert_eq!(sent(&request, CreateSkillRequest::MODEL), []);
    let issue =
        |value: Value, model: &'static Model| issues(&value, model, "body", Mode::ClientRequest).remove(0);
    let short = issue(json!({ "feedback": "x" }), RefineSkillRequest::MODEL);
    assert_eq!(
        (&*short.msg, short.limit),
        ("String should have at least 10 characters", Some(("min_length", 10)))
    );
    let long = issue(json!({ "title": "x".repeat(101) }), CreateSkillRequest::MODEL);
    assert_eq!(
        (&*long.msg, long.limit),
        ("String should have at most 100 characters", Some(("max_length", 100)))
    );
    let empty = path_issue(&json!(""), "skill_slug").unwrap();
    assert_eq!(
        (&*empty.msg, empty.limit),
        ("String should have at least 1 character", Some(("min_length", 1)))
    );
    let small = issue(json!({ "pageSize": 0 }), SkillListParams::MODEL);
    assert_eq!((&*small.msg, small.limit), ("Input should be greater than or equal to 1", Some(("ge", 1))));
    let large = issue(json!({ "pageSize": 101 }), SkillListParams::MODEL);
    assert_eq!((&*large.msg, large.limit), ("Input should be less than or equal to 100", Some(("le", 100))));
}

#[test]
fn a_number_without_a_limit_may_be_larger_than_any_limit() {
    let response = |latency: Value| json!({ "success": true, "latencyMs": latency });
    let kinds = |latency: Value| {
        let found =
            issues(&response(latency), ExecuteSkillResponse::<Value>::MODEL, "body", Mode::ServerRequest);
        found.into_iter().map(|issue| issue.kind).collect::<Vec<_>>()
    };
    assert_eq!(kinds(json!(5_000_000_000_u64)), [""; 0]);
    assert_eq!(kinds(json!(-1)), ["greater_than_equal"]);
}

#[test]
fn a_client_request_gets_a_suggestion_and_a_server_request_only_the_members() {
    let msg = |rules: Mode| {
        let filter = json!({ "category": "trevel" });
        issues(&filter, SkillListParams::MODEL, "query", rules).remove(0).msg.into_owned()
    };
    assert!(msg(Mode::ServerRequest).starts_with("Input should be 'search', 'e_commerce', "));
    assert!(msg(Mode::ServerRequest).ends_with(", 'integration' or 'other'"));
    assert_eq!(msg(Mode::ClientRequest), msg(Mode::ServerRequest) + "; did you mean \"travel\"?");
}

#[test]
fn a_name_is_suggested_if_it_is_within_two_edits() {
    let suggested = |text: &str| did_you_mean(text, &["of", "goal", "title"]);
    assert_eq!(suggested("GOLA"), "; did you mean \"goal\"?");
    assert_eq!(suggested("titel"), "; did you mean \"title\"?");
    assert_eq!(suggested("tit"), "; did you mean \"title\"?");
    assert_eq!(suggested("ti"), "", "three edits");
    assert_eq!(suggested("is"), "", "nothing of the name is left");
    assert_eq!(suggested("if"), "; did you mean \"of\"?");
}

#[test]
fn a_path_is_written_as_in_code() {
    let key = |key: &'static str| Loc::Key(key.into());
    let issue = |loc| Issue::new(loc, "missing", "Field required").path();
    assert_eq!(issue(vec![key("body"), key("a"), key("b"), Loc::Index(10), key("c")]), "a.b[10].c");
    assert_eq!(issue(vec![key("body"), Loc::Index(0), Loc::Index(1)]), "[0][1]");
    assert_eq!(issue(vec![key("body")]), "");
    let option = Issue::at("options", "timeout", "must be positive");
    assert_eq!(
        (option.path().as_str(), &*option.kind, &*option.msg),
        ("timeout", "value_error", "must be positive")
    );
}

#[test]
fn an_id_has_one_canonical_form() {
    let id = "3c90c3cc-0d44-4b50-8888-8dd25736052a";
    for text in [id, "3C90C3CC0D444B5088888DD25736052A", "{3c90c3cc-0d44-4b50-8888-8dd25736052a}"] {
        assert_eq!(canonical_id(text).as_deref(), Some(id));
    }
    assert_eq!(canonical_id("3c90c3cc"), None);
    assert!(is_id("execution_id") && !is_id("skill_slug"));
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
fn an_unknown_key_is_invalid_in_a_client_request_and_ignored_in_a_server_request() {
    let request = json!({ "goal": "", "agentPromt": "0123456789" });
    let found = issues(&request, CreateSkillRequest::MODEL, "body", Mode::ClientRequest);
    let unknown = found.iter().find(|issue| issue.kind == "extra_forbidden").unwrap();
    assert_eq!(unknown.path(), "agentPromt");
    assert!(unknown.msg.contains("did you mean \"agentPrompt\"?"), "{}", unknown.msg);
    let received = issues(&request, CreateSkillRequest::MODEL, "body", Mode::ServerRequest);
    assert_eq!(received.iter().map(Issue::path).collect::<Vec<_>>(), ["agentPrompt"]);
}

#[test]
fn page_numbers_have_limits() {
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
fn unknown_members_and_fields_of_a_response_are_preserved() {
    let response = skill();
    assert_eq!(issues(&response, SkillResponse::MODEL, "body", Mode::Response), []);
    let skill: SkillResponse = serde_json::from_value(response).unwrap();
    assert_eq!(skill.status, SkillsGenerationStatus::Unknown("hibernating".to_owned()));
    assert_eq!(skill.categories[1].as_str(), "teleportation");
    assert_eq!(skill.parameters[0].r#type, ParameterType::Unknown("hologram".to_owned()));
    assert!(skill.parameters[0].required, "required by default");
    assert_eq!(serde_json::to_value(&skill).unwrap()["status"], "hibernating");
}

#[test]
fn a_response_is_validated_by_types_and_a_request_also_by_limits() {
    let kinds = |field: &str, value: Value, rules: Mode| {
        let mut skill = skill();
        skill["categories"] = json!([]);
        skill["status"] = json!("finished");
        skill["parameters"] = json!([]);
        skill["createdAt"] = json!("2026-01-01T00:00:00Z");
        skill[field] = value;
        let found = issues(&skill, SkillResponse::MODEL, "body", rules);
        found.iter().map(|issue| issue.kind.to_string()).collect::<Vec<_>>()
    };
    for (field, value, kind) in
        [("createdAt", json!("yesterday"), "datetime_parsing"), ("status", json!("hibernating"), "enum")]
    {
        assert_eq!(kinds(field, value.clone(), Mode::Response), [""; 0], "{field}");
        assert_eq!(kinds(field, value, Mode::ServerRequest), [kind]);
    }
    for (field, value, kind) in [
        ("id", json!("7"), "uuid_parsing"),
        ("id", json!(7), "uuid_type"),
        ("createdAt", json!(7), "datetime_type"),
        ("title", json!(7), "string_type"),
        ("isEnabled", json!(7), "bool_type"),
        ("outputSchema", json!([]), "dict_type"),
        ("categories", json!({}), "list_type"),
        ("currentVersion", json!("7"), "int_type"),
        ("currentVersion", json!(7.5), "int_from_float"),
        ("parameters", json!([7]), "model_attributes_type"),
    ] {
        for rules in [Mode::Response, Mode::ServerRequest] {
            assert_eq!(kinds(field, value.clone(), rules), [kind], "{field}");
        }
    }
    assert_eq!(kinds("title", json!("t"), Mode::ServerRequest), [""; 0]);
}

struct Word;

impl Shaped for Word {
    const SHAPE: Shape = Shape::String { min: 2, max: 3 };
}

/// Shapes that no field of the contract has.
#[derive(Model)]
#[expect(dead_code, reason = "only its table is used")]
struct Lists {
    objects: Vec<Map<String, Value>>,
    flags: Vec<bool>,
    words: Vec<Word>,
}

#[test]
fn each_item_of_a_list_has_the_shape_of_the_list() {
    assert_eq!(
        sent(
            &json!({ "objects": [{}, { "a": 1 }], "flags": [true, false], "words": ["ab", "abc"] }),
            Lists::MODEL
        ),
        []
    );
    let long = json!({ "objects": [], "flags": [], "words": ["abcd"] });
    assert_eq!(issues(&long, Lists::MODEL, "body", Mode::Response), []);
    let expected = [
        ("objects[1]", "dict_type"),
        ("flags[1]", "bool_type"),
        ("flags[2]", "bool_type"),
        ("words[0]", "string_too_short"),
        ("words[1]", "string_too_long"),
    ];
    assert_eq!(
        sent(&json!({ "objects": [{}, 1], "flags": [true, {}, 1], "words": ["a", "abcd"] }), Lists::MODEL),
        pairs(&expected)
    );
}

#[test]
fn a_wrong_type_in_a_response_is_reported_with_its_path() {
    let mut broken = skill();
    broken["parameters"][0]["name"] = json!(3);
    let page = json!({ "items": [skill(), broken], "totalItems": 2, "pageNumber": 1, "pageSize": 10 });
    let found = issues(&page, SkillListResponse::MODEL, "body", Mode::Response);
    assert_eq!(found.iter().map(Issue::path).collect::<Vec<_>>(), ["items[1].parameters[0].name"]);
    let mut missing = skill();
    missing.as_object_mut().unwrap().remove("currentVersion");
    let found = issues(&missing, SkillResponse::MODEL, "body", Mode::Response);
    assert_eq!((found[0].path().as_str(), &*found[0].kind), ("currentVersion", "missing"));
}

#[test]
fn the_result_of_an_execution_has_the_callers_type() {
    #[derive(Debug, PartialEq, serde::Deserialize)]
    struct Story {
        title: String,
    }
    let response = json!({ "success": true, "result": [{ "title": "a" }], "latencyMs": 12 });
    let response: ExecuteSkillResponse<Vec<Story>> = serde_json::from_value(response).unwrap();
    assert_eq!(response.result, Some(vec![Story { title: "a".to_owned() }]));
    assert_eq!(response.latency_ms, Some(12));
}

/// Any JSON value.
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
    fn no_response_of_a_server_can_break_the_checks(body in any_json(), status in any::<u16>()) {
        for operation in Operation::ALL {
            let spec = operation.spec();
            if let Some(model) = operation.response() {
                let found = issues(&body, model, "body", Mode::Response);
                prop_assert!(found.len() <= 1);
            }
            let _ = classify(spec, status, &body, Hints::default());
        }
        let _ = server_issues(&body);
    }

    #[test]
    fn a_valid_value_can_be_deserialized(body in any_json()) {
        if issues(&body, ParameterSchema::MODEL, "body", Mode::Response).is_empty() {
            prop_assert!(serde_json::from_value::<ParameterSchema>(body.clone()).is_ok());
        }
        if issues(&body, CreateSkillRequest::MODEL, "body", Mode::ServerRequest).is_empty() {
            prop_assert!(serde_json::from_value::<CreateSkillRequest>(body).is_ok());
        }
    }
}

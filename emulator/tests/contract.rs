//! Validates every operation and every declared error against the contract.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::arithmetic_side_effects)]

mod common;

use browser_use_skills::api::operation::Operation;
use browser_use_skills::api::problem::ErrorCode;
use browser_use_skills_emulator::detail_of;
use common::{Api, CONTRACT, UNKNOWN_ID, api, creation, with};
use serde_json::{Value, json};

fn feedback() -> Value {
    json!({ "feedback": "Please add the date of each story" })
}

#[test]
fn every_operation_succeeds_with_a_valid_response() {
    for operation in Operation::ALL.iter().copied() {
        let mut api = api();
        let id = api.finished();
        let clone_source = api.public("web-search");
        let (ids, input): (Vec<String>, Value) = match operation {
            Operation::SkillsCreate => (vec![], creation()),
            Operation::SkillsList => (vec![], json!("pageSize=100&query=STORIES&category=news")),
            Operation::SkillsUpdate => (vec![id], json!({ "title": "News", "isEnabled": false })),
            Operation::SkillsCancel => {
                api.ok(Operation::SkillsRefine, &[&id], feedback());
                (vec![id], Value::Null)
            }
            Operation::SkillsRefine => (vec![id], feedback()),
            Operation::SkillsRollback => {
                api.ok(Operation::SkillsRefine, &[&id], feedback());
                api.advance(3000);
                (vec![id], Value::Null)
            }
            Operation::SkillsExecute => (vec![id], json!({ "parameters": { "query": "rust" } })),
            Operation::MarketplaceExecute => {
                (vec![clone_source], json!({ "parameters": { "query": "rust" } }))
            }
            Operation::MarketplaceClone => (vec![clone_source], Value::Null),
            Operation::MarketplaceGet => (vec!["web-search".into()], Value::Null),
            Operation::MarketplaceList => (vec![], json!("pageSize=100")),
            Operation::SkillsGet | Operation::SkillsDelete => (vec![id], Value::Null),
            Operation::SkillsExecutions => {
                api.ok(Operation::SkillsExecute, &[&id], json!({ "parameters": { "query": "rust" } }));
                (vec![id], json!("pageNumber=1"))
            }
            Operation::SessionsCreate => (vec![], json!({ "proxyCountryCode": null })),
            Operation::SessionsGet | Operation::SessionsStop | Operation::SessionsDelete => {
                let session = a_session(&mut api);
                let stop = operation == Operation::SessionsStop;
                (vec![session], if stop { json!({ "action": "stop" }) } else { Value::Null })
            }
            Operation::SessionsList => {
                a_session(&mut api);
                (vec![], json!("filterBy=active"))
            }
            Operation::BillingAccount => (vec![], Value::Null),
            Operation::ProfilesList => (vec![], json!("query=login")),
            Operation::SkillsExecutionOutput => {
                let execution = an_execution(&mut api, &id);
                (vec![id, execution], Value::Null)
            }
        };
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let body = api.ok(operation, &ids, input);
        if body.get("items").is_some() {
            assert!(!body["items"].as_array().unwrap().is_empty(), "{operation:?}");
        }
    }
}

fn a_session(api: &mut Api) -> String {
    api.ok(Operation::SessionsCreate, &[], json!({}))["id"].as_str().unwrap().to_owned()
}

fn an_execution(api: &mut Api, id: &str) -> String {
    api.ok(Operation::SkillsExecute, &[id], json!({ "parameters": { "query": "rust" } }));
    api.advance(150);
    let list = api.ok(Operation::SkillsExecutions, &[id], Value::Null);
    list["items"][0]["id"].as_str().unwrap().to_owned()
}

#[test]
fn every_declared_error_is_reproducible() {
    for operation in Operation::ALL.iter().copied() {
        for (status, code) in operation.spec().errors {
            let (mut api, ids, input) = provoke(operation, *status);
            let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
            let (actual, body) = api.call(operation, &ids, input);
            assert_eq!(actual, *status, "{operation:?}: {body}");
            assert_eq!(body["detail"], detail_of(*code), "{operation:?}");
        }
    }
}

/// Sets up a state and a call that gets this status.
fn provoke(operation: Operation, status: u16) -> (Api, Vec<String>, Value) {
    let input = match operation {
        Operation::SkillsCreate => creation(),
        Operation::SkillsUpdate => json!({ "isEnabled": true }),
        Operation::SkillsRefine => feedback(),
        Operation::SessionsCreate => json!({}),
        Operation::SessionsStop => json!({ "action": "stop" }),
        Operation::SkillsExecute | Operation::MarketplaceExecute => json!({ "parameters": { "query": "x" } }),
        _ => Value::Null,
    };
    let mut api = api();
    let id = match (operation, status) {
        (Operation::MarketplaceGet, 404) => "no-such-skill".to_owned(),
        (Operation::SkillsExecutionOutput, 404) => {
            let id = api.finished();
            return (api, vec![id, UNKNOWN_ID.to_owned()], input);
        }
        (Operation::SessionsCreate, 404) => return (api, vec![], json!({ "profileId": UNKNOWN_ID })),
        // The emulator has exactly one account.
        (Operation::BillingAccount, 404) => {
            let body = json!({ "detail": detail_of(ErrorCode::AccountNotFound) });
            let operation = "billing.account";
            api.fault(json!({ "kind": "status", "status": 404, "operation": operation, "body": body }));
            return (api, vec![], input);
        }
        (_, 404) => UNKNOWN_ID.to_owned(),
        (Operation::SkillsCreate, 400) => api.created(),
        (Operation::SkillsDelete | Operation::SkillsExecute | Operation::SkillsRefine, 400) => api.created(),
        (Operation::SkillsCancel, 400) => api.finished(),
        (Operation::SkillsRollback, 400) => api.own_public(),
        (Operation::MarketplaceClone | Operation::MarketplaceExecute, 400) => {
            let id = api.public("web-search");
            api.patch_skill(&id, json!({ "status": "failed" }));
            id
        }
        (Operation::SkillsUpdate, 403) => {
            let id = api.finished();
            api.ok(Operation::SkillsUpdate, &[&id], json!({ "isEnabled": false }));
            api.admin("PATCH", "/__emulator/settings", json!({ "maxEnabledSkills": 1 }));
            id
        }
        (_, 402) => {
            let id = match operation {
                Operation::MarketplaceExecute => api.public("web-search"),
                _ => api.finished(),
            };
            api.admin("PATCH", "/__emulator/settings", json!({ "credits": 0.05 }));
            id
        }
        (_, 429) => {
            let id = api.finished();
            for _ in 0..3 {
                api.ok(Operation::SkillsExecute, &[&id], json!({ "parameters": { "query": "x" } }));
            }
            id
        }
        other => panic!("nothing provokes {other:?}"),
    };
    let is_creation = matches!(operation, Operation::SkillsCreate | Operation::SessionsCreate);
    let ids = if is_creation { vec![] } else { vec![id] };
    (api, ids, input)
}

#[test]
fn error_details_are_those_of_the_contract() {
    let mut declared = 0;
    for code in ErrorCode::ALL {
        if let Some(detail) =
            CONTRACT.pointer(&format!("/components/schemas/{}/properties/detail/default", code.class()))
        {
            assert_eq!(*detail, detail_of(*code));
            declared += 1;
        }
    }
    assert_eq!(declared, 12);
}

#[test]
fn operations_that_need_a_key_reject_requests_without_a_valid_one() {
    for operation in Operation::ALL.iter().copied() {
        for key in [None, Some(""), Some("bu_wrong")] {
            let mut api = with(json!({ "apiKey": "bu_right" }));
            api.key = key;
            let (status, body) = api.call(operation, &["web-search", UNKNOWN_ID], Value::Null);
            if operation.spec().needs_key {
                assert_eq!((status, body), (401, json!({ "detail": "Not authenticated" })));
            } else {
                assert_eq!(status, 200);
            }
        }
    }
}

#[test]
fn unknown_routes_get_404_and_wrong_methods_405() {
    let mut api = api();
    let unknown = api.reply("GET", "/nothing", None);
    assert_eq!((unknown.status, unknown.body), (404, br#"{"detail":"Not Found"}"#.to_vec()));
    let wrong = api.reply("PUT", "/skills", None);
    assert_eq!((wrong.status, wrong.body), (405, br#"{"detail":"Method Not Allowed"}"#.to_vec()));
    assert!(wrong.headers.contains(&("allow".into(), "POST, GET".into())), "{:?}", wrong.headers);
}

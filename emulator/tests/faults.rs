//! Faults and administration requests.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

mod common;

use browser_use_skills::api::operation::Operation;
use browser_use_skills_emulator::message::{Reply, WireFault};
use common::{Api, api};
use serde_json::{Value, json};

fn list(api: &mut Api) -> Reply {
    api.reply("GET", "/skills", None)
}

fn body(reply: &Reply) -> Value {
    serde_json::from_slice(&reply.body).unwrap()
}

#[test]
fn faults_apply_to_matching_requests_in_order() {
    let mut api = api();
    api.fault(json!([
        { "operation": "skills.list", "kind": "status", "status": 503, "count": 2 },
        { "kind": "status", "status": 429, "skip": 1, "retryAfter": 7,
          "body": { "retry_after_seconds": 7 }, "headers": { "X-RateLimit-Limit": "10" } },
    ]));
    // The second fault counts only the requests to which the first one does not apply.
    assert_eq!(api.reply("GET", "/marketplace/skills", None).status, 200);
    assert_eq!([list(&mut api).status, list(&mut api).status], [503, 503]);
    let reply = list(&mut api);
    assert_eq!((reply.status, body(&reply)), (429, json!({ "retry_after_seconds": 7 })));
    assert!(reply.headers.contains(&("retry-after".into(), "7".into())));
    assert!(reply.headers.contains(&("x-ratelimit-limit".into(), "10".into())));
    assert_eq!(list(&mut api).status, 200);
}

#[test]
fn faults_apply_before_or_after_the_request_is_carried_out() {
    for (fault, creations) in [
        (json!({ "kind": "status", "status": 500 }), 0),
        (json!({ "kind": "status", "status": 500, "when": "after" }), 1),
        (json!({ "kind": "redirect", "location": "https://elsewhere.example" }), 0),
        (json!({ "kind": "drop" }), 1),
        (json!({ "kind": "drop", "when": "before" }), 0),
        (json!({ "kind": "stallHeaders" }), 1),
        (json!({ "kind": "truncate", "when": "before" }), 0),
        (json!({ "kind": "delay", "ms": 5, "when": "before" }), 1),
    ] {
        let mut api = api();
        api.fault(fault.clone());
        api.reply("POST", "/skills", Some(common::creation()));
        let page = api.ok(Operation::SkillsList, &[], json!("isPublic=false"));
        assert_eq!(page["totalItems"], creations, "{fault}");
    }
}

#[test]
fn a_fault_applies_with_its_chance_as_the_seed_decides() {
    let applied = |seed: u64, chance: f64| -> Vec<bool> {
        let mut api = common::with(json!({ "seed": seed }));
        api.fault(json!({ "kind": "drop", "chance": chance, "count": 1_000_000 }));
        (0..1000).map(|_| list(&mut api).fault.is_some()).collect()
    };
    let count = |applied: &[bool]| applied.iter().filter(|applied| **applied).count();
    let three_of_ten = applied(1, 0.3);
    assert!((250..350).contains(&count(&three_of_ten)), "{}", count(&three_of_ten));
    assert_eq!(three_of_ten, applied(1, 0.3));
    assert_ne!(three_of_ten, applied(2, 0.3));
    assert_eq!((count(&applied(1, 0.0)), count(&applied(1, 1.0))), (0, 1000));
    // Requests that a fault spares do not count, and the next fault applies to them.
    let mut api = api();
    api.fault(json!([
        { "kind": "drop", "chance": 0.5, "count": 10 },
        { "kind": "stallHeaders", "count": 1_000_000 },
    ]));
    let dropped = (0..100).filter(|_| list(&mut api).fault == Some(WireFault::Drop)).count();
    assert_eq!(dropped, 10);
}

#[test]
fn each_kind_changes_the_response_as_documented() {
    let mut api = api();
    let whole = list(&mut api);
    let half = whole.body.len() / 2;
    let mut with = |fault: Value| {
        api.fault(fault);
        list(&mut api)
    };
    assert_eq!(with(json!({ "kind": "delay", "ms": 40 })), Reply { delay_ms: 40, ..whole.clone() });
    assert_eq!(with(json!({ "kind": "truncate" })).body, whole.body[..half]);
    assert_eq!(with(json!({ "kind": "empty" })), Reply { body: Vec::new(), ..whole.clone() });
    assert!(with(json!({ "kind": "notJson" })).body.starts_with(b"<!doctype html>"));
    assert_eq!(body(&with(json!({ "kind": "wrongType" })))["items"], json!({}));
    for (kind, fault) in [
        ("drop", WireFault::Drop),
        ("dropBody", WireFault::DropBody { sent: half }),
        ("stallBody", WireFault::StallBody { sent: half }),
        ("stallHeaders", WireFault::StallHeaders),
    ] {
        assert_eq!(with(json!({ "kind": kind })), Reply { fault: Some(fault), ..whole.clone() });
    }
    let redirect = with(json!({ "kind": "redirect", "location": "https://elsewhere.example" }));
    assert_eq!(redirect.status, 307);
    assert!(redirect.headers.contains(&("location".into(), "https://elsewhere.example".into())));
    let id = api.finished();
    api.fault(json!({ "operation": "skills.execute", "kind": "big", "bytes": 100_000 }));
    let response = api.ok(Operation::SkillsExecute, &[&id], json!({ "parameters": { "query": "a" } }));
    assert_eq!(response["result"].as_str().unwrap().len(), 100_000);
}

#[test]
fn invalid_faults_are_rejected_with_a_detail() {
    let mut api = api();
    for fault in [
        json!({ "kind": "explode" }),
        json!({ "kind": "status", "status": 99 }),
        json!({ "kind": "drop", "operation": "skills.fly" }),
        json!({ "kind": "drop", "chance": 1.1 }),
        json!({ "kind": "drop", "chance": -0.1 }),
        json!(5),
    ] {
        let (status, body) = api.admin("POST", "/__emulator/faults", fault);
        assert_eq!(status, 400);
        assert!(body["detail"].is_string());
    }
    api.fault(json!({ "kind": "drop" }));
    assert_eq!(api.admin("DELETE", "/__emulator/faults", Value::Null).0, 204);
    assert_eq!(list(&mut api).fault, None);
}

#[test]
fn requests_are_logged_without_their_keys() {
    let mut api = api();
    api.key = Some("bu_secret");
    list(&mut api);
    api.reply("GET", "/nowhere", None);
    let (_, requests) = api.admin("GET", "/__emulator/requests", Value::Null);
    assert_eq!(requests["counts"], json!({ "skills.list": 1, "unknown": 1 }));
    assert_eq!(
        requests["log"][0],
        json!({ "operation": "skills.list", "method": "GET", "path": "/skills", "status": 200,
                "hasKey": true, "headers": ["x-browser-use-api-key"] })
    );
    assert!(!requests.to_string().contains("bu_secret"));
    api.admin("DELETE", "/__emulator/requests", Value::Null);
    assert_eq!(api.admin("GET", "/__emulator/requests", Value::Null).1, json!({ "counts": {}, "log": [] }));
}

#[test]
fn settings_change_and_a_reset_restores_the_initial_ones() {
    let mut api = common::with(json!({ "seed": 9 }));
    let id = api.finished();
    let (status, settings) =
        api.admin("PATCH", "/__emulator/settings", json!({ "credits": 1, "executionMs": 7 }));
    assert_eq!((status, &settings["seed"], &settings["credits"]), (200, &json!(9), &json!(1.0)));
    assert_eq!(api.admin("PATCH", "/__emulator/settings", json!({ "credit": 1 })).0, 400);
    assert_eq!(api.admin("POST", "/__emulator/reset", json!({ "executionMs": 1 })).0, 204);
    let (_, settings) = api.admin("GET", "/__emulator/settings", Value::Null);
    assert_eq!((&settings["seed"], &settings["executionMs"], api.credits()), (&json!(9), &json!(1), 100.0));
    assert_eq!(api.call(Operation::SkillsGet, &[&id], Value::Null).0, 404);
    api.admin("POST", "/__emulator/reset", Value::Null);
    assert_eq!(api.admin("GET", "/__emulator/settings", Value::Null).1["executionMs"], 150);
}

#[test]
fn a_skill_can_be_set_to_any_state() {
    let mut api = api();
    let id = api.created();
    assert_eq!(api.patch_skill(&id, json!({ "status": "finished" }))["currentVersion"], 1);
    let skill = api.patch_skill(&id, json!({ "isPublic": true }));
    assert_eq!((&skill["slug"], &skill["isPublic"]), (&json!("get-the-top-stories"), &json!(true)));
    assert_eq!(api.public("get-the-top-stories"), id);
    assert_eq!(api.patch_skill(&id, json!({ "isPublic": false }))["slug"], Value::Null);
    assert_eq!(api.patch_skill(&id, json!({ "status": "recording" }))["status"], "recording");
    assert_eq!(api.patch_skill(&id, json!({ "status": "timed_out" }))["status"], "timed_out");
    api.patch_skill(&id, json!({ "status": "finished", "hasCode": false }));
    assert_eq!(api.call(Operation::SkillsExecute, &[&id], json!({})).0, 404);
    for change in [json!({ "status": "asleep" }), json!({ "colour": "red" })] {
        assert_eq!(api.admin("PATCH", &format!("/__emulator/skills/{id}"), change).0, 400);
    }
    let unknown = format!("/__emulator/skills/{}", common::UNKNOWN_ID);
    assert_eq!(api.admin("PATCH", &unknown, json!({})).0, 404);
    assert_eq!(api.admin("GET", "/__emulator/tea", Value::Null).0, 404);
}

//! Snapshots: the state survives, ids are not reused, and an invalid snapshot changes nothing.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

mod common;

use browser_use_skills::api::operation::Operation;
use common::{Api, api, with};
use serde_json::{Value, json};

const PATH: &str = "/__emulator/snapshot";

fn snapshot(api: &mut Api) -> Value {
    let (status, body) = api.admin("GET", PATH, Value::Null);
    assert_eq!(status, 200);
    body
}

/// Restores in another emulator, at the time of the first.
fn restored(from: &mut Api) -> Api {
    let state = snapshot(from);
    let mut other = Api { now: from.now, ..api() };
    assert_eq!(other.admin("PUT", PATH, state).0, 204);
    other
}

fn list(api: &mut Api) -> Value {
    api.ok(Operation::SkillsList, &[], json!("pageSize=100"))
}

#[test]
fn skills_executions_settings_and_faults_survive() {
    let mut first = with(json!({ "credits": 50, "seed": 3 }));
    let id = first.finished();
    let public = first.own_public();
    first.ok(Operation::MarketplaceClone, &[&public], Value::Null);
    first.ok(Operation::SkillsExecute, &[&id], json!({ "parameters": { "query": "ü" } }));
    first.fault(json!({ "kind": "status", "status": 503, "operation": "skills.get", "retryAfter": "2" }));
    let mut second = restored(&mut first);
    let (_, faults) = second.admin("GET", "/__emulator/faults", Value::Null);
    assert_eq!((&faults[0]["status"], &faults[0]["count"]), (&json!(503), &json!(1)));
    assert_eq!(snapshot(&mut second), snapshot(&mut first));
    assert_eq!(list(&mut second), list(&mut first));
    let executions = |api: &mut Api| api.ok(Operation::SkillsExecutions, &[&id], Value::Null);
    assert_eq!(executions(&mut second)["totalItems"], 1);
    assert_eq!(executions(&mut second), executions(&mut first));
    assert_eq!(second.credits(), 48.98);
    assert_eq!(second.reply("GET", &format!("/skills/{id}"), None).status, 503);
}

#[test]
fn a_restored_emulator_continues_the_sequence_of_ids() {
    let mut first = api();
    let id = first.finished();
    let mut second = restored(&mut first);
    let next = second.created();
    assert_ne!(next, id);
    assert_eq!(next, first.created());
}

#[test]
fn what_is_running_continues_for_the_remaining_time() {
    let mut first = api();
    let id = first.created();
    let state = snapshot(&mut first);
    let status = |api: &mut Api| api.ok(Operation::SkillsGet, &[&id], Value::Null)["status"].clone();
    for (later, expected) in [(2_999, "generating"), (3_000, "finished")] {
        let mut second = Api { now: first.now + later, ..api() };
        assert_eq!(second.admin("PUT", PATH, state.clone()).0, 204);
        assert_eq!(status(&mut second), expected);
    }
    // The system's clock was set back: the emulated time continues from the snapshot.
    let mut behind = Api { now: first.now - 100_000, ..api() };
    assert_eq!(behind.admin("PUT", PATH, state).0, 204);
    behind.now += 2_999;
    assert_eq!(status(&mut behind), "generating");
    behind.now += 1;
    assert_eq!(status(&mut behind), "finished");
}

#[test]
fn a_reset_restores_the_initial_settings_of_the_emulator() {
    let mut first = with(json!({ "credits": 7 }));
    let state = snapshot(&mut first);
    let mut second = with(json!({ "credits": 20 }));
    assert_eq!(second.admin("PUT", PATH, state).0, 204);
    assert_eq!(second.credits(), 7.0);
    assert_eq!(second.admin("POST", "/__emulator/reset", Value::Null).0, 204);
    assert_eq!(second.credits(), 20.0);
}

#[test]
fn an_invalid_snapshot_says_what_is_wrong_and_changes_nothing() {
    let mut api = api();
    let id = api.finished();
    let valid = snapshot(&mut api);
    let changed = |field: &str, value: Value| {
        let mut state = valid.clone();
        state[field] = value;
        state
    };
    let twice = json!([valid["skills"][0], valid["skills"][0]]);
    let fault = json!({ "rng": valid["ids"], "pending": [{ "kind": "status", "status": 1 }] });
    for (invalid, expected) in [
        (json!([]), "the snapshot has no version"),
        (json!({}), "the snapshot has no version"),
        (changed("version", json!(2)), "the snapshot has version 2; this emulator reads version 1"),
        (changed("skills", json!([{ "id": id }])), "the snapshot is invalid: missing field"),
        (changed("skills", twice), "two skills, executions or sessions have the id"),
        (changed("ids", json!("12")), "16 hexadecimal digits"),
        (changed("settings", json!({ "credits": "many" })), "invalid type: string"),
        (changed("surplus", json!(1)), "unknown field `surplus`"),
        (changed("faults", fault), "status"),
    ] {
        let (status, body) = api.admin("PUT", PATH, invalid);
        let detail = body["detail"].as_str().unwrap();
        assert_eq!(status, 400, "{detail}");
        assert!(detail.contains(expected), "{detail}");
    }
    assert_eq!(snapshot(&mut api), valid);
}

#[test]
fn sessions_survive() {
    let mut first = api();
    let skill = first.finished();
    let session = first.ok(Operation::SessionsCreate, &[], json!({}));
    let id = session["id"].as_str().unwrap().to_owned();
    let run = json!({ "parameters": { "query": "x" }, "sessionId": id });
    first.ok(Operation::SkillsExecute, &[&skill], run);
    let mut second = restored(&mut first);
    let session = |api: &mut Api| api.ok(Operation::SessionsGet, &[&id], Value::Null);
    assert_eq!(session(&mut second), session(&mut first));
    assert_eq!(snapshot(&mut second), snapshot(&mut first));
}

#[test]
fn a_snapshot_of_an_emulator_without_sessions_still_loads() {
    let mut first = api();
    let skill = first.finished();
    first.ok(Operation::SkillsExecute, &[&skill], json!({ "parameters": { "query": "x" } }));
    let mut state = snapshot(&mut first);
    let without = |value: &mut Value, keys: &[&str]| {
        let object = value.as_object_mut().unwrap();
        assert!(keys.iter().all(|key| object.remove(*key).is_some()), "{object:?}");
    };
    without(&mut state, &["sessions"]);
    without(&mut state["settings"], &["plan", "sessionIdleMs"]);
    without(&mut state["executions"][0], &["sessionId"]);
    let mut second = Api { now: first.now, ..api() };
    assert_eq!(second.admin("PUT", PATH, state).0, 204);
    assert_eq!(second.ok(Operation::SessionsList, &[], Value::Null)["totalItems"], 0);
    assert_eq!(second.ok(Operation::SkillsExecutions, &[&skill], Value::Null)["totalItems"], 1);
}

//! The life cycle of skills and executions, in virtual time.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

mod common;

use browser_use_skills::api::operation::Operation;
use common::{Api, api, creation, with};
use serde_json::{Value, json};

fn get(api: &mut Api, id: &str) -> Value {
    api.ok(Operation::SkillsGet, &[id], Value::Null)
}

fn execute(api: &mut Api, id: &str, parameters: Value) -> Value {
    api.ok(Operation::SkillsExecute, &[id], json!({ "parameters": parameters }))
}

fn refine(api: &mut Api, id: &str) {
    api.ok(Operation::SkillsRefine, &[id], json!({ "feedback": "Please read more closely" }));
}

#[test]
fn a_creation_is_recording_then_generating_then_finished() {
    let mut api = api();
    let id = api.created();
    let skill = get(&mut api, &id);
    assert_eq!((&skill["status"], &skill["currentVersion"]), (&json!("recording"), &Value::Null));
    assert_eq!((&skill["parameters"], &skill["outputSchema"]), (&json!([]), &json!({})));
    assert_eq!((&skill["slug"], &skill["isEnabled"]), (&Value::Null, &json!(true)));
    api.now += 1499;
    assert_eq!(get(&mut api, &id)["status"], "recording");
    api.now += 1;
    assert_eq!(get(&mut api, &id)["status"], "generating");
    api.now += 1500;
    let skill = get(&mut api, &id);
    assert_eq!((&skill["status"], &skill["currentVersion"]), (&json!("finished"), &json!(1)));
    assert_eq!(skill["title"], "Get the top stories");
    assert_eq!(skill["domains"], json!(["news.example.org"]));
    assert_eq!(skill["categories"], json!(["news"]));
    assert_eq!(skill["parameters"][0]["name"], "query");
    assert_eq!(skill["currentVersionStartedAt"], skill["createdAt"]);
    assert_eq!(skill["currentVersionFinishedAt"], skill["updatedAt"]);
    assert_eq!(api.credits(), 99.0);
}

#[test]
fn markers_make_a_creation_fail_and_its_price_is_refunded() {
    for (marker, ending) in [("[fail]", "failed"), ("[timeout]", "timed_out")] {
        let mut api = api();
        let body = json!({ "goal": marker, "agentPrompt": "do what cannot be done" });
        let id = api.ok(Operation::SkillsCreate, &[], body)["id"].as_str().unwrap().to_owned();
        assert_eq!(api.credits(), 99.0);
        api.advance(3000);
        assert_eq!(get(&mut api, &id)["status"], ending);
        assert_eq!(api.credits(), 100.0);
        assert_eq!(api.call(Operation::SkillsExecute, &[&id], json!({})).0, 404);
        let refinement = json!({ "feedback": "try it again" });
        assert_eq!(api.call(Operation::SkillsRefine, &[&id], refinement).0, 404);
    }
}

#[test]
fn a_cancelled_creation_allows_another_one() {
    let mut api = api();
    let id = api.created();
    assert_eq!(api.call(Operation::SkillsCreate, &[], creation()).0, 400);
    assert_eq!(api.ok(Operation::SkillsCancel, &[&id], Value::Null)["status"], "cancelled");
    assert_eq!(api.credits(), 100.0);
    assert_eq!(api.call(Operation::SkillsCancel, &[&id], Value::Null).0, 400);
    api.created();
}

#[test]
fn a_refinement_adds_a_version_and_the_previous_one_stays_executable() {
    let mut api = api();
    let id = api.finished();
    refine(&mut api, &id);
    let skill = get(&mut api, &id);
    assert_eq!((&skill["status"], &skill["currentVersion"]), (&json!("generating"), &json!(1)));
    assert_eq!(execute(&mut api, &id, json!({ "query": "a" }))["success"], true);
    // A refinement does not count as a creation.
    api.created();
    api.advance(3000);
    let skill = get(&mut api, &id);
    assert_eq!((&skill["status"], &skill["currentVersion"]), (&json!("finished"), &json!(2)));
    assert_eq!(skill["parameters"][2]["name"], "detailed");
    let back = api.ok(Operation::SkillsRollback, &[&id], Value::Null);
    assert_eq!((&back["currentVersion"], back["parameters"].as_array().unwrap().len()), (&json!(1), 2));
    let again = api.reply("POST", &format!("/skills/{id}/rollback"), None);
    assert_eq!((again.status, again.body), (400, br#"{"detail":"There is no earlier version"}"#.to_vec()));
}

#[test]
fn a_cancelled_refinement_leaves_the_skill_as_it_was() {
    let mut api = api();
    let id = api.finished();
    refine(&mut api, &id);
    let skill = api.ok(Operation::SkillsCancel, &[&id], Value::Null);
    assert_eq!((&skill["status"], &skill["currentVersion"]), (&json!("finished"), &json!(1)));
}

#[test]
fn a_clone_is_finished_and_private_and_increments_the_clone_count() {
    let mut api = api();
    let id = api.public("web-search");
    let before = api.ok(Operation::MarketplaceGet, &["web-search"], Value::Null);
    let copy = api.ok(Operation::MarketplaceClone, &[&id], Value::Null);
    assert_eq!((&copy["clonedFromSkillId"], &copy["status"]), (&json!(id), &json!("finished")));
    assert_eq!((&copy["isPublic"], &copy["slug"]), (&json!(false), &Value::Null));
    assert_eq!((&copy["currentVersion"], &copy["parameters"]), (&json!(1), &before["parameters"]));
    let after = api.ok(Operation::MarketplaceGet, &["web-search"], Value::Null);
    assert_eq!(after["cloneCount"].as_u64().unwrap(), before["cloneCount"].as_u64().unwrap() + 1);
    let id = copy["id"].as_str().unwrap();
    assert_eq!(api.call(Operation::SkillsCancel, &[id], Value::Null).0, 404);
    assert_eq!(execute(&mut api, id, json!({ "query": "rust" }))["success"], true);
    assert_eq!(api.call(Operation::MarketplaceExecute, &[id], json!({})).0, 404);
}

#[test]
fn new_skills_beyond_the_limit_are_disabled() {
    let mut api = with(json!({ "maxEnabledSkills": 1 }));
    let id = api.finished();
    assert_eq!(get(&mut api, &id)["isEnabled"], false);
    assert_eq!(api.call(Operation::SkillsExecute, &[&id], json!({})).0, 400);
    let own = api.own_public();
    api.ok(Operation::SkillsUpdate, &[&own], json!({ "isEnabled": false }));
    let skill = api.ok(Operation::SkillsUpdate, &[&id], json!({ "isEnabled": true, "title": null }));
    assert_eq!((&skill["isEnabled"], &skill["title"]), (&json!(true), &json!("Get the top stories")));
}

#[test]
fn an_execution_runs_and_completes_with_an_output() {
    let mut api = api();
    let id = api.finished();
    let response = execute(&mut api, &id, json!({ "query": "rust" }));
    assert_eq!((&response["latencyMs"], api.credits()), (&json!(150), 98.98));
    let list = api.ok(Operation::SkillsExecutions, &[&id], Value::Null);
    let running = &list["items"][0];
    assert_eq!((&running["status"], &running["success"]), (&json!("running"), &json!(false)));
    assert_eq!((&running["finishedAt"], &running["hasOutput"]), (&Value::Null, &json!(false)));
    let execution = running["id"].as_str().unwrap();
    assert_eq!(api.call(Operation::SkillsExecutionOutput, &[&id, execution], Value::Null).0, 404);
    api.now += 150;
    let list = api.ok(Operation::SkillsExecutions, &[&id], Value::Null);
    assert_eq!(
        (&list["items"][0]["status"], &list["items"][0]["latencyMs"]),
        (&json!("completed"), &json!(150))
    );
    let output = api.ok(Operation::SkillsExecutionOutput, &[&id, execution], Value::Null);
    let url = output["downloadUrl"].as_str().unwrap().strip_prefix("http://emulator.test").unwrap();
    assert_eq!(api.admin("GET", url, Value::Null), (200, response["result"].clone()));
    assert_eq!(api.admin("GET", &url.replace("signature=", "signature=0"), Value::Null).0, 403);
    api.now += 299_999;
    assert_eq!(api.admin("GET", url, Value::Null).0, 200);
    api.now += 1;
    assert_eq!(api.admin("GET", url, Value::Null).0, 403);
}

#[test]
fn a_failed_execution_gets_status_200() {
    let mut api = api();
    let id = api.finished();
    for (parameters, error) in [
        (json!({}), "Missing required parameter 'query'"),
        (json!({ "query": 7 }), "Parameter 'query' must be of type string"),
        (json!({ "query": "[fail]" }), "The page has an unexpected layout"),
    ] {
        let response = execute(&mut api, &id, parameters);
        assert_eq!((&response["success"], &response["error"]), (&json!(false), &json!(error)));
        assert!(response["stderr"].as_str().unwrap().contains(error) && response.get("result").is_none());
        api.advance(150);
    }
    let list = api.ok(Operation::SkillsExecutions, &[&id], json!("pageSize=2"));
    assert_eq!((&list["items"][1]["status"], &list["totalItems"]), (&json!("failed"), &json!(3)));
    let execution = list["items"][0]["id"].as_str().unwrap();
    assert_eq!(api.call(Operation::SkillsExecutionOutput, &[&id, execution], Value::Null).0, 404);
}

#[test]
fn the_session_limit_applies_to_the_callers_skills_only() {
    let mut api = with(json!({ "maxSessions": 1 }));
    let id = api.finished();
    execute(&mut api, &id, json!({ "query": "a" }));
    assert_eq!(api.call(Operation::SkillsExecute, &[&id], json!({})).0, 429);
    assert_eq!(api.call(Operation::SkillsCreate, &[], creation()).0, 429);
    assert_eq!(api.call(Operation::SkillsRefine, &[&id], json!({ "feedback": "0123456789" })).0, 429);
    let public = api.public("top-stories");
    api.ok(Operation::MarketplaceExecute, &[&public], json!({}));
    api.ok(Operation::MarketplaceClone, &[&public], Value::Null);
    api.advance(150);
    execute(&mut api, &id, json!({ "query": "b" }));
}

#[test]
fn lists_are_filtered_and_newest_first() {
    let mut api = api();
    let first = api.finished();
    let second = api.finished();
    let titles = |api: &mut Api, query: &str| {
        let page = api.ok(Operation::SkillsList, &[], json!(query));
        page["items"].as_array().unwrap().iter().map(|item| item["id"].clone()).collect::<Vec<_>>()
    };
    let own = api.own_public();
    assert_eq!(titles(&mut api, ""), [json!(second), json!(first), json!(own)]);
    assert_eq!(titles(&mut api, "isPublic=false&pageSize=1&pageNumber=2"), [json!(first)]);
    let since = get(&mut api, &second)["createdAt"].as_str().unwrap().to_owned();
    assert_eq!(titles(&mut api, &format!("fromDate={since}")), [json!(second)]);
    let page = api.ok(Operation::MarketplaceList, &[], json!("toDate=2026-01-31T00:00:00%2B01:00"));
    assert_eq!((&page["items"][0]["slug"], &page["totalItems"]), (&json!("web-search"), &json!(1)));
    let page = api.ok(Operation::MarketplaceList, &[], json!("query=mArKdown"));
    assert_eq!(page["items"][0]["id"], json!(own));
}

#[test]
fn the_same_seed_gives_the_same_ids_and_results() {
    let results = |seed: u64| {
        let mut api = with(json!({ "seed": seed }));
        let id = api.finished();
        let response = execute(&mut api, &id, json!({ "query": "rust" }));
        (api.own_public(), id, response)
    };
    assert_eq!(results(5), results(5));
    assert_ne!(results(5), results(6));
}

#[test]
fn a_session_uses_one_of_the_plan_until_it_is_stopped() {
    let mut api = with(json!({ "maxSessions": 1 }));
    let id = api.finished();
    let session = api.ok(Operation::SessionsCreate, &[], json!({ "persistMemory": false }));
    let session_id = session["id"].as_str().unwrap().to_owned();
    assert_eq!((&session["status"], &session["persistMemory"]), (&json!("active"), &json!(false)));
    assert_eq!(api.call(Operation::SkillsExecute, &[&id], json!({})).0, 429);
    assert_eq!(api.call(Operation::SessionsCreate, &[], json!({})).0, 429);
    let in_session = json!({ "parameters": { "query": "x" }, "sessionId": session_id });
    api.ok(Operation::SkillsExecute, &[&id], in_session.clone());
    api.advance(150);

    let stop = json!({ "action": "stop" });
    let stopped = api.ok(Operation::SessionsStop, &[&session_id], stop.clone());
    assert_eq!((&stopped["status"], &stopped["liveUrl"]), (&json!("stopped"), &Value::Null));
    let finished_at = stopped["finishedAt"].clone();
    api.now += 1000;
    assert_eq!(api.ok(Operation::SessionsStop, &[&session_id], stop)["finishedAt"], finished_at);
    let (status, body) = api.call(Operation::SkillsExecute, &[&id], in_session.clone());
    assert_eq!((status, &body["detail"]), (400, &json!("Session is stopped")));
    execute(&mut api, &id, json!({ "query": "x" }));

    api.ok(Operation::SessionsDelete, &[&session_id], Value::Null);
    assert_eq!(api.call(Operation::SessionsGet, &[&session_id], Value::Null).0, 404);
    let (status, body) = api.call(Operation::SkillsExecute, &[&id], in_session);
    assert_eq!((status, &body["detail"]), (404, &json!("Session not found")));
}

#[test]
fn a_session_ends_when_it_is_idle_and_an_execution_extends_it() {
    let mut api = with(json!({ "sessionIdleMs": 1000, "executionMs": 500 }));
    let id = api.finished();
    let mut create = |keep_alive: bool| {
        let body = json!({ "keepAlive": keep_alive });
        let session = api.ok(Operation::SessionsCreate, &[], body)["id"].as_str().unwrap().to_owned();
        api.advance(900);
        let body = json!({ "parameters": { "query": "x" }, "sessionId": session });
        api.ok(Operation::SkillsExecute, &[&id], body);
        let mut status_after = |ms: u64| {
            api.now += ms;
            api.ok(Operation::SessionsGet, &[&session], Value::Null)["status"].clone()
        };
        [499, 1, 999, 1].map(&mut status_after)
    };
    assert_eq!(create(true), ["active", "active", "active", "stopped"]);
    assert_eq!(create(false), ["active", "stopped", "stopped", "stopped"]);
}

#[test]
fn the_account_has_the_balance_and_the_limit_of_the_plan() {
    let mut api = with(json!({ "credits": 5, "maxSessions": 7 }));
    let account = api.ok(Operation::BillingAccount, &[], Value::Null);
    assert_eq!((&account["totalCreditsBalanceUsd"], &account["rateLimit"]), (&json!(5.0), &json!(7)));
    assert_eq!(account["planInfo"], Value::Null);
    api.admin("PATCH", "/__emulator/settings", json!({ "plan": "Business", "credits": 4.5 }));
    let account = api.ok(Operation::BillingAccount, &[], Value::Null);
    assert_eq!(account["planInfo"]["planName"], "Business");
    assert_eq!(account["monthlyCreditsBalanceUsd"], 4.5);
}

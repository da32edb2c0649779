//! The Rust API in a JavaScript engine, with a stub of the global `fetch`.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use browser_use_skills::api::execution::{ExecuteSkillRequest, ExecuteSkillResponse};
use browser_use_skills::api::problem::ErrorCode;
use browser_use_skills::api::skill::{CreateSkillRequest, SkillListParams, UpdateSkillRequest};
use browser_use_skills::api::value::{Patch, SkillsGenerationStatus};
use browser_use_skills::client::{Client, Config, Recover, RequestOptions};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use wasm_bindgen_test::wasm_bindgen_test;

const ID: Uuid = Uuid::from_u128(0x3c90_c3cc_0d44_4b50_8888_8dd2_5736_052a);
/// A skill that no other test runs: this test would have to list its executions.
const OTHER_ID: Uuid = Uuid::from_u128(0x4c90_c3cc_0d44_4b50_8888_8dd2_5736_052a);

/// Responds by method and path, and records the requests in `globalThis.requests`.
const FETCH: &str = r#"
globalThis.requests = [];
globalThis.fetch = async (url, init) => {
  requests.push(`${init.method} ${url} ${init.body ?? ""}`);
  const id = "3c90c3cc-0d44-4b50-8888-8dd25736052a";
  const skill = { id, title: "t", description: "d", categories: ["news"], domains: [], status: "finished",
    parameters: [{ name: "n", type: "number" }], outputSchema: {}, isEnabled: true, isPublic: false,
    currentVersion: 1, createdAt: "2026-01-01T00:00:00Z", updatedAt: "2026-01-01T00:00:00Z" };
  const responses = {
    "POST /skills": [202, { id }],
    "GET /skills": [200, { items: [skill], totalItems: 1, pageNumber: 1, pageSize: 10 }],
    [`GET /skills/${id}`]: [200, skill],
    [`PATCH /skills/${id}`]: [200, skill],
    [`DELETE /skills/${id}`]: [204, null],
    [`POST /skills/${id}/execute`]: [200, { success: true, result: { titles: ["a", "b"] }, latencyMs: 7 }],
  };
  const path = new URL(url).pathname.replace("/api/v2", "");
  const [status, body] = responses[`${init.method} ${path}`] ?? [404, { detail: "Skill not found" }];
  return new Response(body && JSON.stringify(body), { status });
};
"#;

#[derive(Serialize)]
struct Parameters {
    limit: u32,
}

#[derive(Debug, Deserialize, PartialEq)]
struct Titles {
    titles: Vec<String>,
}

#[wasm_bindgen_test]
async fn the_rust_api_sends_the_same_requests() {
    js_sys::eval(FETCH).unwrap();
    let client = Client::new(Config::default().api_key("bu_rust")).unwrap();

    let request = CreateSkillRequest {
        goal: "Titles of a site".to_owned(),
        agent_prompt: "Open the site and read its titles".to_owned(),
        ..Default::default()
    };
    assert_eq!(client.skills().create(&request).await.unwrap().id, ID);
    assert_eq!(client.skills().get(ID).await.unwrap().status, SkillsGenerationStatus::Finished);
    let params =
        SkillListParams { page_size: Some(5), query: Some("a b&c".to_owned()), ..Default::default() };
    assert_eq!(client.skills().list(&params).await.unwrap().items.len(), 1);
    let update = UpdateSkillRequest { title: Patch::Null, ..Default::default() };
    client.skills().update(ID, &update).await.unwrap();
    let request = ExecuteSkillRequest { parameters: Some(Parameters { limit: 2 }), session_id: None };
    let response: ExecuteSkillResponse<Titles> = client.skills().execute(ID, &request).await.unwrap();
    assert_eq!(response.result, Some(Titles { titles: vec!["a".to_owned(), "b".to_owned()] }));
    client.skills().delete(ID).await.unwrap();

    let error = client.marketplace().clone(ID).await.unwrap_err();
    assert_eq!(error.code(), Some(ErrorCode::SkillNotFound));
    let short = CreateSkillRequest { agent_prompt: "short".to_owned(), ..Default::default() };
    let error = client.skills().create(&short).await.unwrap_err();
    assert_eq!(error.code(), Some(ErrorCode::InvalidRequest));

    let requests =
        js_sys::eval("requests.join('\\n').replaceAll('https://api.browser-use.com/api/v2', '')").unwrap();
    let expected = [
        "POST /skills {\"goal\":\"Titles of a site\",\"agentPrompt\":\"Open the site and read its titles\"}",
        "GET /skills/3c90c3cc-0d44-4b50-8888-8dd25736052a ",
        "GET /skills?pageSize=5&query=a+b%26c ",
        "PATCH /skills/3c90c3cc-0d44-4b50-8888-8dd25736052a {\"title\":null}",
        "POST /skills/3c90c3cc-0d44-4b50-8888-8dd25736052a/execute {\"parameters\":{\"limit\":2}}",
        "DELETE /skills/3c90c3cc-0d44-4b50-8888-8dd25736052a ",
        "POST /marketplace/skills/3c90c3cc-0d44-4b50-8888-8dd25736052a/clone ",
    ];
    assert_eq!(requests.as_string().unwrap(), expected.join("\n"));
}

/// Responds to an execution with a gateway timeout, and then lists it as completed.
const LOSSY_FETCH: &str = r#"
globalThis.lost = [];
globalThis.fetch = async (url, init) => {
  const skillId = "4c90c3cc-0d44-4b50-8888-8dd25736052a";
  const isSent = lost.some((line) => line.startsWith("POST"));
  lost.push(`${init.method} ${new URL(url).pathname.split("/").at(-1)}`);
  if (init.method === "POST") globalThis.sentAt = new Date().toISOString();
  if (init.method === "POST") return new Response("<html>", { status: 504 });
  if (url.startsWith("https://files.example/")) return new Response('{"titles":["a"]}');
  if (url.endsWith("/output")) return Response.json({ downloadUrl: "https://files.example/output" });
  const run = { id: "7d1c5d6e-0d44-4b50-8888-8dd257360000", skillId, status: "completed", success: true,
    startedAt: globalThis.sentAt, finishedAt: globalThis.sentAt, latencyMs: 5, hasOutput: true };
  const items = isSent ? [run] : [];
  return Response.json({ items, totalItems: items.length, pageNumber: 1, pageSize: 100 });
};
"#;

#[wasm_bindgen_test]
async fn a_lost_execution_is_recovered_without_a_retry() {
    js_sys::eval(LOSSY_FETCH).unwrap();
    let client = Client::new(Config::default().api_key("bu_rust")).unwrap();
    let client = client.with(RequestOptions::default().recover(Recover::default())).unwrap();
    let request = ExecuteSkillRequest { parameters: Some(Parameters { limit: 1 }), session_id: None };
    let response: ExecuteSkillResponse<Titles> = client.skills().execute(OTHER_ID, &request).await.unwrap();
    assert_eq!(response.result, Some(Titles { titles: vec!["a".to_owned()] }));
    let lost = js_sys::eval("lost.join()").unwrap().as_string().unwrap();
    assert_eq!(lost, "GET executions,POST execute,GET executions,GET executions,GET output,GET output");
}

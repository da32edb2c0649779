//! The Rust API in a JavaScript engine, with a stub of the global `fetch`.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::error::Error as _;
use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;
use std::time::Duration;

use browser_use_skills::api::{
    CreateSkillRequest, ExecuteSkillRequest, ExecuteSkillResponse, Patch, SkillListParams,
    SkillsGenerationStatus, UpdateSkillRequest,
};
use browser_use_skills::{
    Batch, BatchConfig, BatchStore, Client, Config, Error, ErrorCode, Issue, JournalResult, PauseReason,
    Recover, RequestOptions, RowStatus, StorageJournal, TimeLimit, Uuid, WaitOptions,
};
use futures_core::Stream;
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::AbortController;

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

    let error = client.marketplace().clone_skill(ID).await.unwrap_err();
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

/// Executes a skill at once, lists its executions, and records the bodies.
const BATCH_FETCH: &str = r#"
globalThis.bodies = [];
{
  const items = [];
  globalThis.fetch = async (url, { method, body }) => {
    const date = new Date().toISOString();
    if (method === "GET") return Response.json({ items, totalItems: items.length, pageNumber: 1, pageSize: 100 });
    bodies.push(body);
    items.unshift({ id: crypto.randomUUID(), skillId: "x", status: "completed", success: true, startedAt: date,
      finishedAt: date, latencyMs: 1, hasOutput: true });
    const { limit } = JSON.parse(body).parameters;
    return Response.json({ success: true, result: { titles: [`title ${limit}`] }, latencyMs: 1 });
  };
}
"#;

/// Runs a skill with these limits.
fn batch_of(client: &Client, id: Uuid, limits: &[u32], config: BatchConfig) -> Result<Batch, Error> {
    let limits = limits.to_vec();
    let row = |limit| ExecuteSkillRequest { parameters: Some(Parameters { limit }), session_id: None };
    client.batch(id, limits.into_iter().map(row), config)
}

#[wasm_bindgen_test]
async fn a_batch_runs_each_row_once_and_pauses_at_its_budget() {
    js_sys::eval(BATCH_FETCH).unwrap();
    let client = Client::new(Config::default().api_key("bu_rust")).unwrap();
    let id = Uuid::from_u128(0x6c90_c3cc_0d44_4b50_8888_8dd2_5736_052a);
    let config = BatchConfig::new("titles").concurrency(2).max_executions(2).ordered();
    let mut batch = batch_of(&client, id, &[1, 2, 3], config).unwrap();
    let mut titles = Vec::new();
    for index in 0..3 {
        let row = poll_fn(|context| Pin::new(&mut batch).poll_next(context)).await.unwrap().unwrap();
        assert_eq!((row.index(), row.status(), row.attempts()), (index, RowStatus::Done, 1));
        titles.extend(row.response::<Titles>().unwrap().result.unwrap().titles);
        if index == 1 {
            assert_eq!(batch.progress().pause, Some(PauseReason::Budget));
            batch.set_max_executions(Some(3));
        }
    }
    assert!(batch.next().await.is_none());
    assert_eq!(titles, ["title 1", "title 2", "title 3"]);
    let progress = batch.progress();
    assert_eq!((progress.done, progress.executions, progress.queued), (3, 3, 0));
    let count = js_sys::eval("bodies.length").unwrap().as_f64();
    assert_eq!(count, Some(3.0));
}

/// A store in memory that several batches share.
#[derive(Clone, Default)]
struct Shelf(Rc<RefCell<BTreeMap<i64, String>>>);

impl BatchStore for Shelf {
    fn read(&self, _: &str, from: i64, to: i64) -> JournalResult<Vec<(i64, String)>> {
        let found = self.0.borrow().range(from..to).map(|(index, text)| (*index, text.clone())).collect();
        Box::pin(async { Ok(found) })
    }

    fn write(&self, _: &str, entries: Vec<(i64, String)>) -> JournalResult<()> {
        self.0.borrow_mut().extend(entries);
        Box::pin(async { Ok(()) })
    }
}

#[wasm_bindgen_test]
async fn a_batch_continues_from_its_store_and_rejects_other_parameters() {
    js_sys::eval(BATCH_FETCH).unwrap();
    let id = Uuid::from_u128(0x7c90_c3cc_0d44_4b50_8888_8dd2_5736_052a);
    let shelf = Shelf::default();
    let config = || BatchConfig::new("titles").ordered().store(shelf.clone());

    let without_journal = Client::new(Config::default().api_key("bu_rust")).unwrap();
    let error = batch_of(&without_journal, id, &[1], config()).unwrap_err();
    assert_eq!(paths(&error), ["store"]);

    let storage = js_sys::eval(
        "({ getItem(key) { return this[key] ?? null }, setItem(key, value) { this[key] = value }, removeItem(key) { delete this[key] } })",
    );
    let journal = StorageJournal::new(storage.unwrap());
    let client = Client::new(Config::default().api_key("bu_rust").journal(journal)).unwrap();
    let first = batch_of(&client, id, &[1, 2], config()).unwrap();
    assert_eq!(first.next().await.unwrap().unwrap().index(), 0);
    first.cancel().await;

    let second = batch_of(&client, id, &[1, 2], config()).unwrap();
    for index in 0..2 {
        let row = second.next().await.unwrap().unwrap();
        assert_eq!((row.index(), row.status()), (index, RowStatus::Done));
    }
    assert!(second.next().await.is_none());
    assert_eq!(js_sys::eval("bodies.length").unwrap().as_f64(), Some(2.0));

    let third = batch_of(&client, id, &[1, 5], config()).unwrap();
    assert_eq!(third.next().await.unwrap().unwrap().index(), 0);
    let error = third.next().await.unwrap().unwrap_err();
    assert_eq!(paths(&error), ["rows[1].parameters"]);
    assert!(third.next().await.is_none());
    assert_eq!(js_sys::eval("bodies.length").unwrap().as_f64(), Some(2.0));
}

/// Responds like a service whose generations finish at once, and records the method and the header `x-user`.
const WAITING_FETCH: &str = r#"
globalThis.waited = [];
globalThis.fetch = async (url, { method, headers }) => {
  waited.push(`${method} ${headers["x-user"]}`);
  const id = "5c90c3cc-0d44-4b50-8888-8dd25736052a";
  const skill = { id, title: "t", description: "d", categories: [], domains: [], status: "finished", parameters: [],
    outputSchema: {}, isEnabled: true, isPublic: false, currentVersion: 1, createdAt: "2026-01-01T00:00:00Z",
    updatedAt: "2026-01-01T00:00:00Z" };
  return Response.json(method === "POST" ? { id } : skill, { status: method === "POST" ? 202 : 200 });
};
"#;

#[wasm_bindgen_test]
async fn the_options_of_a_wait_apply_to_every_request() {
    js_sys::eval(WAITING_FETCH).unwrap();
    let client = Client::new(Config::default().api_key("bu_rust")).unwrap();
    let request = CreateSkillRequest {
        goal: "Titles of a site".to_owned(),
        agent_prompt: "Open the site and read its titles".to_owned(),
        ..Default::default()
    };
    let seen = Rc::new(RefCell::new(Vec::new()));
    let (created, changed) = (Rc::clone(&seen), Rc::clone(&seen));
    let options = WaitOptions::default()
        .request(RequestOptions::default().header("x-user", "7"))
        .on_created(move |id| created.borrow_mut().push(id.to_string()))
        .on_status(move |skill| changed.borrow_mut().push(skill.status.as_str().to_owned()));
    client.skills().create_and_wait(&request, options).await.unwrap();
    assert_eq!(*seen.borrow(), ["5c90c3cc-0d44-4b50-8888-8dd25736052a", "finished"]);
    let waited = js_sys::eval("waited.join()").unwrap().as_string().unwrap();
    assert_eq!(waited, "POST 7,GET 7");

    let invalid = WaitOptions::default()
        .wait_timeout(Duration::ZERO)
        .request(RequestOptions::default().max_retries(101));
    let error = client.skills().create_and_wait(&request, invalid).await.unwrap_err();
    assert_eq!(error.code(), Some(ErrorCode::InvalidRequest));
    assert_eq!(paths(&error), ["wait_timeout", "max_retries"]);
    assert_eq!(js_sys::eval("waited.length").unwrap(), 2, "nothing was sent");
}

/// Where the issues of an error are.
fn paths(error: &Error) -> Vec<String> {
    error.issues().iter().map(Issue::path).collect()
}

#[wasm_bindgen_test]
fn every_invalid_option_is_reported_by_the_name_of_its_setter() {
    let config = Config::default()
        .api_key("b u")
        .base_url("ftp://example.com")
        .timeout(Duration::ZERO)
        .max_retries(101)
        .max_retry_after(Duration::ZERO)
        .max_concurrent(0)
        .header("content-type", "text/plain");
    let error = Client::new(config).unwrap_err();
    let expected =
        ["api_key", "base_url", "timeout", "max_retry_after", "max_retries", "headers", "max_concurrent"];
    assert_eq!(paths(&error), expected);
    assert!(error.to_string().contains("max_retries: should be a whole number from 0 to 100"), "{error}");

    let client = Client::new(Config::default()).unwrap();
    let options = RequestOptions::default().total_timeout(Duration::ZERO).header("a", "\n");
    assert_eq!(paths(&client.with(options).unwrap_err()), ["total_timeout", "headers"]);
}

/// The error of a request to a server with this `fetch`.
async fn error_with(fetch: &str, options: RequestOptions) -> Error {
    js_sys::eval(&format!("globalThis.fetch = {fetch}")).unwrap();
    let client = Client::new(Config::default().api_key("bu_rust").max_retries(0)).unwrap();
    client.with(options).unwrap().skills().get(ID).await.unwrap_err()
}

#[wasm_bindgen_test]
async fn an_error_has_all_that_is_known_of_a_response() {
    let fetch = r#"async () => new Response(
        '{"detail":"Too many requests"}', { status: 429, headers: { "Retry-After": "120", "X-Request-Id": "r1" } })"#;
    let error = error_with(fetch, RequestOptions::default()).await;
    assert_eq!((error.code(), error.status()), (Some(ErrorCode::RateLimit), Some(429)));
    assert_eq!(error.to_string(), "Too many requests (HTTP 429)");
    assert_eq!(error.detail(), Some("Too many requests"));
    assert_eq!(error.operation(), Some("skills.get"));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(120)));
    assert_eq!((error.attempts(), error.total_delay()), (1, Duration::ZERO));
    assert_eq!(error.header("X-Request-Id").as_deref(), Some("r1"));
    assert_eq!(error.text().as_deref(), Some(r#"{"detail":"Too many requests"}"#));
    assert!(error.body().is_some_and(JsValue::is_object));
    assert!(error.is_retryable() && !error.maybe_executed() && !error.is_timeout() && !error.is_aborted());
    assert!(error.source().is_none());
    assert!(!format!("{error:?}").contains("retry-after"), "no headers or bodies in logs");
}

#[wasm_bindgen_test]
async fn an_error_has_its_cause_its_limit_or_the_reason_of_its_abort() {
    let refused = "async () => { throw new TypeError('refused'); }";
    let error = error_with(refused, RequestOptions::default()).await;
    assert_eq!(error.code(), Some(ErrorCode::Network));
    assert_eq!(error.source().map(ToString::to_string).as_deref(), Some("refused"));
    assert!(error.cause().is_some_and(JsValue::is_object));

    let stalled = "() => new Promise(() => {})";
    let error = error_with(stalled, RequestOptions::default().timeout(Duration::from_millis(5))).await;
    assert!(error.is_timeout());
    assert_eq!(error.time_limit(), Some(TimeLimit::Attempt));
    assert_eq!(error.elapsed(), Some(Duration::from_millis(5)));

    let controller = AbortController::new().unwrap();
    controller.abort_with_reason(&"enough".into());
    let error = error_with(stalled, RequestOptions::default().signal(controller.signal())).await;
    assert!(error.is_aborted() && error.code().is_none());
    assert_eq!(error.abort_reason(), Some(&"enough".into()));
}

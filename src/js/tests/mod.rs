//! Tests of the boundary in a JavaScript engine: values of pages, mocks and other realms must neither panic nor hang.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use js_sys::{Array, Function, JSON, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;

use super::client::JsClient;
use crate::api::operation::Operation;
use crate::transport::clock;

const ID: &str = "3c90c3cc-0d44-4b50-8888-8dd25736052a";

fn index(operation: Operation) -> usize {
    Operation::ALL.iter().position(|other| *other == operation).unwrap()
}

fn value(code: &str) -> JsValue {
    js_sys::eval(&format!("({code})")).unwrap()
}

/// A client with this JavaScript function of `url` and `init` as its `fetch`.
fn client(fetch: &str) -> JsClient {
    JsClient::new(&value(&format!("{{ apiKey: 'bu_canary', fetch: {fetch} }}")), JsValue::UNDEFINED, None)
        .ok()
        .unwrap()
}

fn get(client: &JsClient, options: &JsValue) -> Promise {
    client.call(
        index(Operation::SkillsGet),
        Array::of1(&ID.into()),
        JsValue::UNDEFINED,
        options,
        clock::now_ms(),
        true,
    )
}

fn execute(client: &JsClient, body: JsValue, options: &JsValue) -> Promise {
    client.call(index(Operation::SkillsExecute), Array::of1(&ID.into()), body, options, clock::now_ms(), true)
}

async fn rejection(promise: Promise) -> JsValue {
    JsFuture::from(promise).await.expect_err("the call should fail")
}

async fn code(promise: Promise) -> String {
    let failure = Reflect::get(&rejection(promise).await, &"failure".into()).unwrap();
    Reflect::get(&failure, &"code".into()).unwrap().as_string().unwrap()
}

fn text(value: &JsValue) -> String {
    JSON::stringify(value).unwrap().into()
}

const ONCE: &str = "{ maxRetries: 0 }";
const SUCCESS: &str = "{ status: 200, text: () => '{\"success\":true,\"result\":[1]}' }";

#[wasm_bindgen_test]
async fn a_response_is_the_object_that_json_parse_made() {
    let client = client(&format!("async () => ({SUCCESS})"));
    let response = JsFuture::from(execute(&client, JsValue::UNDEFINED, &JsValue::UNDEFINED)).await.unwrap();
    let data = Reflect::get(&response, &"data".into()).unwrap();
    assert_eq!(text(&data), "{\"success\":true,\"result\":[1]}");
}

#[wasm_bindgen_test]
async fn an_abort_rejects_with_its_reason_whatever_it_is() {
    for reason in ["'a text'", "null", "7", "{ of: 'my own' }", "new RangeError('mine')"] {
        // Rejects like a real fetch: with the reason of its signal.
        let fetch = "(url, { signal }) => new Promise((_, reject) =>
            signal.addEventListener('abort', () => reject(signal.reason)))";
        let client = client(fetch);
        let controller = value("new AbortController()");
        let signal = Reflect::get(&controller, &"signal".into()).unwrap();
        let options = Object::new();
        Reflect::set(&options, &"signal".into(), &signal).unwrap();
        let call = execute(&client, JsValue::UNDEFINED, &options);
        let abort: Function = Reflect::get(&controller, &"abort".into()).unwrap().into();
        let reason = value(reason);
        abort.call1(&controller, &reason).unwrap();
        let found = Reflect::get(&rejection(call).await, &"aborted".into()).unwrap();
        assert!(Object::is(&found, &reason), "{}", text(&found));
    }
}

#[wasm_bindgen_test]
async fn an_abort_before_the_call_sends_nothing() {
    let client = client("() => { throw new Error('sent'); }");
    let call = execute(&client, JsValue::UNDEFINED, &value("{ signal: AbortSignal.abort('early') }"));
    assert_eq!(text(&rejection(call).await), "{\"aborted\":\"early\"}");
}

#[wasm_bindgen_test]
async fn a_failure_of_fetch_may_be_anything() {
    for fetch in [
        "async () => { throw new TypeError('Failed to fetch'); }",
        "() => { throw 'a text'; }",
        "async () => { throw undefined; }",
        "async () => { throw { from: 'another realm' }; }",
        "async () => ({ status: 200, text() { throw 1; } })",
        "async () => ({ status: 200, text: async () => { throw null; } })",
    ] {
        assert_eq!(code(get(&client(fetch), &value(ONCE))).await, "network", "{fetch}");
    }
}

#[wasm_bindgen_test]
async fn a_response_may_be_anything() {
    for fetch in [
        "async () => undefined",
        "() => 7",
        "async () => ({})",
        "async () => ({ status: '200', text: () => '' })",
        "async () => ({ status: 200, text: () => undefined })",
        "async () => ({ status: 200, text: () => 7 })",
        "async () => ({ status: 200, text: () => '' })",
        "async () => ({ status: 200, text: () => '<html>' })",
        "async () => ({ status: 200, text: () => '{\"success\":' })",
        "async () => ({ status: 200, text: () => '{\"success\":1}' })",
        "async () => ({ status: 200, text: () => 'null' })",
        "async () => ({ status: 200, headers: 3, text: () => '[]' })",
        "async () => ({ status: 200, headers: { forEach() { throw 1; } }, text: () => '[]' })",
    ] {
        let call = execute(&client(fetch), JsValue::UNDEFINED, &value(ONCE));
        assert_eq!(code(call).await, "response", "{fetch}");
    }
}

#[wasm_bindgen_test]
async fn a_thenable_of_another_realm_is_waited_for() {
    let fetch = format!("() => ({{ then(resolve) {{ resolve({SUCCESS}); }} }})");
    JsFuture::from(execute(&client(&fetch), JsValue::UNDEFINED, &JsValue::UNDEFINED)).await.unwrap();
}

#[wasm_bindgen_test]
async fn a_stalled_body_runs_into_the_time_limit() {
    let client = client("async () => ({ status: 200, text: () => new Promise(() => {}) })");
    let call = execute(&client, JsValue::UNDEFINED, &value("{ timeout: 5 }"));
    assert_eq!(code(call).await, "timeout");
}

#[wasm_bindgen_test]
async fn a_call_outlives_its_client_and_others_run_beside_it() {
    let client = client(&format!("async () => {{ await null; return {SUCCESS}; }}"));
    let calls: Array = (0..50).map(|_| execute(&client, JsValue::UNDEFINED, &JsValue::UNDEFINED)).collect();
    drop(client);
    let responses: Array = JsFuture::from(Promise::all(&calls)).await.unwrap().into();
    assert_eq!(responses.length(), 50);
}

#[wasm_bindgen_test]
async fn no_listener_is_left_on_a_signal() {
    let client = client(&format!("async () => ({SUCCESS})"));
    let options = value(
        "{ signal: { aborted: false, listeners: 0,
            addEventListener() { this.listeners += 1; }, removeEventListener() { this.listeners -= 1; } } }",
    );
    for _ in 0..20 {
        JsFuture::from(execute(&client, JsValue::UNDEFINED, &options)).await.unwrap();
    }
    let signal = Reflect::get(&options, &"signal".into()).unwrap();
    assert_eq!(Reflect::get(&signal, &"listeners".into()).unwrap(), 0);
}

#[wasm_bindgen_test]
async fn a_signal_that_begins_to_throw_keeps_nobody_waiting() {
    let client = client(&format!("async () => ({SUCCESS})"));
    let options = value(
        "{ signal: { reads: 0, get aborted() { if ((this.reads += 1) > 1) throw 1; return false; },
            addEventListener() {}, removeEventListener() { throw 2; } } }",
    );
    JsFuture::from(execute(&client, JsValue::UNDEFINED, &options)).await.unwrap();
}

#[wasm_bindgen_test]
async fn bad_input_is_refused_before_anything_is_sent() {
    let sends = "() => { throw new Error('sent'); }";
    for body in ["3", "[]", "'{}'", "{ parameters: [] }", "{ parameters: { big: 1n } }", "{ sessionId: 'x' }"]
    {
        assert_eq!(
            code(execute(&client(sends), value(body), &value(ONCE))).await,
            "invalid_request",
            "{body}"
        );
    }
    let circular =
        value("(() => { const body = { parameters: {} }; body.parameters.me = body; return body; })()");
    assert_eq!(code(execute(&client(sends), circular, &value(ONCE))).await, "invalid_request");
    for options in [
        "7",
        "{ timeout: 0 }",
        "{ timeout: NaN }",
        "{ maxRetries: -1 }",
        "{ maxRetries: 101 }",
        "{ signal: {} }",
        "{ headers: { 'X-A': 'b\\n' } }",
        "{ headers: { 'X-Browser-Use-API-Key': 'other' } }",
        "{ timeOut: 3 }",
    ] {
        let call = execute(&client(sends), JsValue::UNDEFINED, &value(options));
        assert_eq!(code(call).await, "invalid_request", "{options}");
    }
}

#[wasm_bindgen_test]
async fn input_that_throws_when_it_is_looked_at_is_refused() {
    let sends = "() => { throw new Error('sent'); }";
    let hostile = "new Proxy({}, { ownKeys() { throw 1; }, get() { throw 2; } })";
    for (body, options) in [
        (hostile.to_owned(), "{ maxRetries: 0 }".to_owned()),
        (format!("{{ parameters: {hostile} }}"), ONCE.to_owned()),
        ("{}".to_owned(), format!("{{ extraBody: {hostile}, maxRetries: 0 }}")),
    ] {
        let call = execute(&client(sends), value(&body), &value(&options));
        assert_eq!(code(call).await, "invalid_request", "{body} {options}");
    }
    let signal = "{ aborted: false, addEventListener() { throw 3; }, removeEventListener() {} }";
    let call = get(&client(sends), &value(&format!("{{ signal: {signal}, maxRetries: 0 }}")));
    assert_eq!(code(call).await, "network");
}

#[wasm_bindgen_test]
async fn the_options_of_a_client_are_checked() {
    for options in [
        "{ apiKey: 'bu_1\\n' }",
        "{ apiKey: 'bü' }",
        "{ apiKey: 7 }",
        "{ baseUrl: 'https://user:pass@example.com' }",
        "{ baseUrl: 'javascript:alert(1)' }",
        "{ fetch: 'fetch' }",
        "{ apikey: 'bu_1' }",
        "'bu_1'",
    ] {
        assert!(JsClient::new(&value(options), JsValue::UNDEFINED, None).is_err(), "{options}");
    }
    let insecure = value("{ apiKey: 'bu_1', baseUrl: 'http://example.com', fetch() { throw 1; } }");
    let client = JsClient::new(&insecure, JsValue::UNDEFINED, None).ok().unwrap();
    assert_eq!(code(get(&client, &value(ONCE))).await, "invalid_request");
}

#[wasm_bindgen_test]
async fn a_key_function_may_fail_in_any_way() {
    let sends = "fetch() { throw new Error('sent'); }";
    for (provider, expected) in [
        ("() => { throw 'no key'; }", "authentication"),
        ("async () => { throw new Error('no key'); }", "authentication"),
        ("async () => undefined", "invalid_request"),
        ("() => 'bu_1\\n'", "invalid_request"),
        ("() => new Promise(() => {})", "timeout"),
    ] {
        let client =
            JsClient::new(&value(&format!("{{ apiKey: {provider}, {sends} }}")), JsValue::UNDEFINED, None)
                .ok()
                .unwrap();
        let call = get(&client, &value("{ maxRetries: 0, timeout: 5 }"));
        assert_eq!(code(call).await, expected, "{provider}");
    }
}

#[wasm_bindgen_test]
async fn an_unknown_operation_is_an_error_and_no_panic() {
    let call = client("() => 1").call(
        99,
        Array::new(),
        JsValue::UNDEFINED,
        &JsValue::UNDEFINED,
        clock::now_ms(),
        true,
    );
    assert_eq!(code(call).await, "internal");
}

#[wasm_bindgen_test]
async fn the_key_is_in_no_failure() {
    for response in [
        "{ status: 401, text: () => '{\"detail\":\"bad key bu_canary\"}' }",
        "{ status: 500, text: () => 'bu_canary' }",
        "{ status: 200, text: () => 'bu_canary' }",
    ] {
        let client = client(&format!("async () => ({response})"));
        let failure = rejection(get(&client, &value(ONCE))).await;
        assert!(!text(&failure).contains("bu_canary"), "{}", text(&failure));
    }
}

#[wasm_bindgen_test]
async fn a_rejected_key_is_renewed_once() {
    let options = "{
        asked: [], sent: [],
        apiKey(why) { options.asked.push(why.reason); return `bu_${options.asked.length}`; },
        async fetch(url, { headers }) {
            options.sent.push(headers['X-Browser-Use-API-Key']);
            return { status: 401, text: () => '{}' };
        },
    }";
    let options = value(&format!("(() => {{ const options = {options}; return options; }})()"));
    let of_client = Object::new();
    for key in ["apiKey", "fetch"] {
        Reflect::set(&of_client, &key.into(), &Reflect::get(&options, &key.into()).unwrap()).unwrap();
    }
    let client = JsClient::new(&of_client, JsValue::UNDEFINED, None).ok().unwrap();
    assert_eq!(code(get(&client, &JsValue::UNDEFINED)).await, "authentication");
    assert!(text(&options).contains("[\"needed\",\"rejected\"]"), "{}", text(&options));
    assert!(text(&options).contains("[\"bu_1\",\"bu_2\"]"), "{}", text(&options));
}

#[wasm_bindgen_test]
async fn the_limit_of_the_whole_call_is_told_from_that_of_an_attempt() {
    let client = client("() => new Promise(() => {})");
    for (options, limit) in [
        ("{ timeout: 5, totalTimeout: 10000, maxRetries: 0 }", "timeout"),
        ("{ timeout: 10000, totalTimeout: 5 }", "totalTimeout"),
    ] {
        let failure =
            Reflect::get(&rejection(get(&client, &value(options))).await, &"failure".into()).unwrap();
        assert_eq!(Reflect::get(&failure, &"limit".into()).unwrap(), limit);
        assert_eq!(Reflect::get(&failure, &"attempts".into()).unwrap(), 1);
    }
}

#[wasm_bindgen_test]
async fn a_read_is_sent_again_and_an_execution_is_not() {
    for (operation, attempts) in [(Operation::SkillsGet, 3), (Operation::SkillsExecute, 1)] {
        let client = client("async () => { throw new TypeError('Failed to fetch'); }");
        let ids = Array::of1(&ID.into());
        let call = client.call(
            index(operation),
            ids,
            JsValue::UNDEFINED,
            &value("{ maxRetries: 2 }"),
            clock::now_ms(),
            false,
        );
        let failure = Reflect::get(&rejection(call).await, &"failure".into()).unwrap();
        assert_eq!(Reflect::get(&failure, &"attempts".into()).unwrap(), attempts);
    }
}

//! Error codes of responses.

use serde_json::{Value, json};

use crate::api::operation::Operation;
use crate::api::problem::{
    ErrorCode, Hints, classify, detail, retry_after_ms, says_maybe_executed, server_issues,
};

#[test]
fn every_declared_status_has_its_code() {
    for operation in Operation::ALL {
        let spec = operation.spec();
        for (status, code) in spec.errors {
            assert_eq!(
                classify(spec, *status, &json!({}), Hints::default()),
                *code,
                "{} {status}",
                spec.name
            );
        }
        let validation = classify(spec, 422, &json!({ "detail": [] }), Hints::default());
        assert_eq!(validation, ErrorCode::Validation);
    }
}

#[test]
fn the_second_meaning_of_a_status_is_recognized_by_the_message() {
    let meaning = |operation: Operation, status, body: Value| {
        classify(operation.spec(), status, &body, Hints::default())
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
    assert_eq!(retry_after_ms(&throttle), Some(3_000.0));
    let plan = json!({ "detail": "Enabled skills limit exceeded for your plan" });
    assert_eq!(meaning(Operation::SkillsUpdate, 403, plan), EnabledSkillsLimitExceeded);
    let key = json!({ "detail": "Not authenticated" });
    assert_eq!(meaning(Operation::SkillsUpdate, 403, key.clone()), Authentication);
    assert_eq!(meaning(Operation::SkillsGet, 401, key), Authentication);
    assert_eq!(meaning(Operation::SkillsGet, 418, json!("teapot")), UnexpectedStatus);
    assert_eq!(meaning(Operation::SkillsGet, 502, json!(null)), Server);
}

#[test]
fn an_execution_in_an_unknown_session_is_recognized_by_the_message() {
    let meaning = |operation: Operation, text: &str| {
        classify(operation.spec(), 404, &json!({ "detail": text }), Hints::default())
    };
    for operation in [Operation::SkillsExecute, Operation::MarketplaceExecute] {
        assert_eq!(meaning(operation, "Session not found"), ErrorCode::SessionNotFound);
        assert_eq!(meaning(operation, "Skill not found, no code available"), ErrorCode::SkillNotFound);
    }
    let profile = meaning(Operation::SessionsCreate, "No such profile for the session");
    assert_eq!(profile, ErrorCode::ProfileNotFound);
}

#[test]
fn an_issue_may_be_the_body_itself() {
    let body = json!({ "loc": ["body", "keepAlive"], "msg": "Field required", "type": "missing" });
    let found = server_issues(&body);
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].path().as_str(), &*found[0].kind), ("keepAlive", "missing"));
    assert!(server_issues(&json!({ "detail": "Session not found" })).is_empty());
    assert!(server_issues(&json!({})).is_empty());
}

#[test]
fn the_servers_issues_do_not_repeat_the_input() {
    let body = json!({ "detail": [
        { "loc": ["body", "categories", 1], "msg": "Input should be …", "type": "enum", "input": "secret cookie" },
        "nonsense",
    ] });
    let found = server_issues(&body);
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].path().as_str(), &*found[0].kind), ("categories[1]", "enum"));
}

#[test]
fn either_word_means_the_limit_of_sessions() {
    let meaning = |text: &str| {
        let body = json!({ "detail": text });
        classify(Operation::SkillsList.spec(), 429, &body, Hints::default())
    };
    for text in ["Concurrent runs", "active SESSIONS", "session"] {
        assert_eq!(meaning(text), ErrorCode::TooManyConcurrentActiveSessions, "{text}");
    }
    for text in ["", "sessio", "too many"] {
        assert_eq!(meaning(text), ErrorCode::RateLimit, "{text}");
    }
}

#[test]
fn a_rate_limit_is_recognized_by_its_headers_or_its_body() {
    let meaning = |body: Value, rate_limit_headers: bool| {
        classify(Operation::SkillsCreate.spec(), 429, &body, Hints { rate_limit_headers })
    };
    assert_eq!(meaning(json!({}), false), ErrorCode::TooManyConcurrentActiveSessions, "as declared");
    assert_eq!(meaning(json!({}), true), ErrorCode::RateLimit);
    assert_eq!(meaning(json!({ "retry_after_seconds": 1 }), false), ErrorCode::RateLimit);
}

#[test]
fn a_403_without_a_message_is_the_declared_error() {
    let meaning = |operation: Operation| classify(operation.spec(), 403, &json!({}), Hints::default());
    assert_eq!(meaning(Operation::SkillsUpdate), ErrorCode::EnabledSkillsLimitExceeded);
    assert_eq!(meaning(Operation::SkillsList), ErrorCode::Authentication);
}

#[test]
fn a_402_is_about_credits_even_where_the_contract_does_not_declare_it() {
    let spec = Operation::SkillsList.spec();
    assert_eq!(spec.declared_error(402), None);
    assert_eq!(classify(spec, 402, &json!({}), Hints::default()), ErrorCode::InsufficientCredits);
}

#[test]
fn the_servers_message_is_a_field_of_an_object() {
    assert_eq!(detail(&json!({ "detail": "Not found" })).as_deref(), Some("Not found"));
    assert_eq!(detail(&json!(["Not found"])), None);
    assert_eq!(detail(&json!({ "detail": ["Not found"] })), None);
}

#[test]
fn a_delay_is_a_nonnegative_number_of_seconds() {
    let delay_ms = |value: Value| retry_after_ms(&json!({ "retry_after_seconds": value }));
    assert_eq!([delay_ms(json!(0)), delay_ms(json!(1.5))], [Some(0.0), Some(1_500.0)]);
    assert_eq!([delay_ms(json!(-1)), delay_ms(json!("3")), delay_ms(json!(null))], [None, None, None]);
}

#[test]
fn only_true_says_that_it_may_have_been_executed() {
    assert!(says_maybe_executed(&json!({ "maybeExecuted": true })));
    for body in
        [json!({ "maybeExecuted": false }), json!({ "maybeExecuted": "true" }), json!({}), json!(true)]
    {
        assert!(!says_maybe_executed(&body), "{body}");
    }
}

#[test]
fn an_issue_without_location_or_message_is_listed() {
    let issue = |item: Value| server_issues(&json!({ "detail": [item] })).remove(0);
    let empty = issue(json!({ "loc": "body", "msg": 1 }));
    assert!(empty.loc.is_empty() && empty.msg.is_empty() && empty.kind.is_empty() && empty.limit.is_none());
    let odd = issue(json!({ "loc": ["body", null, "a", 2], "msg": "m", "type": "t" }));
    assert_eq!((odd.path().as_str(), &*odd.msg, &*odd.kind), ("a[2]", "m", "t"));
}

#[test]
fn the_first_thousand_issues_are_read() {
    let list: Vec<Value> = (0..1_001).map(|index| json!({ "loc": ["body", index], "msg": "" })).collect();
    let found = server_issues(&json!({ "detail": list }));
    assert_eq!((found.len(), found[999].path().as_str()), (1_000, "[999]"));
    assert_eq!(server_issues(&json!({ "detail": { "loc": [] } })), []);
    assert_eq!(server_issues(&json!([])), []);
}

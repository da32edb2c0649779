//! A client of the state machine that validates every response against the contract.

#![allow(
    dead_code,
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::arithmetic_side_effects
)]

use std::sync::LazyLock;

use browser_use_skills::api::operation::Operation;
use browser_use_skills::api::operation_spec::Segment;
use browser_use_skills_emulator::Emulator;
use browser_use_skills_emulator::message::{Reply, Request};
use browser_use_skills_emulator::settings::Settings;
use serde_json::{Value, json};

pub const UNKNOWN_ID: &str = "00000000-0000-4000-8000-000000000000";
pub const NOW: u64 = 1_795_000_000_000;

pub static CONTRACT: LazyLock<Value> = LazyLock::new(|| {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../contract/openapi.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
});

pub struct Api {
    pub emulator: Emulator,
    pub now: u64,
    pub key: Option<&'static str>,
}

pub fn api() -> Api {
    with(json!({}))
}

pub fn with(settings: Value) -> Api {
    let settings: Settings = serde_json::from_value(settings).unwrap();
    Api { emulator: Emulator::new(settings, NOW), now: NOW, key: Some("bu_test") }
}

impl Api {
    /// Sends a request unchanged.
    pub fn send(&mut self, request: &Request) -> Reply {
        self.emulator.handle(request, self.now)
    }

    pub fn reply(&mut self, method: &str, target: &str, body: Option<Value>) -> Reply {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        self.send(&Request {
            method: method.into(),
            path: path.into(),
            query: query.into(),
            key: self.key.map(Into::into),
            content_type: body.as_ref().map(|_| "application/json".into()),
            body: body.map(|body| body.to_string().into_bytes()).unwrap_or_default(),
            origin: "http://emulator.test".into(),
            header_names: vec!["X-Browser-Use-API-Key".into()],
        })
    }

    /// Calls an operation, validates the response against the contract, and returns status and body.
    pub fn call(&mut self, operation: Operation, ids: &[&str], input: Value) -> (u16, Value) {
        let spec = operation.spec();
        let mut ids = ids.iter();
        let mut target: String = spec
            .segments()
            .map(|segment| match segment {
                Segment::Fixed(text) => format!("/{text}"),
                Segment::Parameter(_) => format!("/{}", ids.next().unwrap()),
            })
            .collect();
        let body = match input {
            Value::String(query) => {
                target += &format!("?{query}");
                None
            }
            Value::Null => None,
            body => Some(body),
        };
        let reply = self.reply(spec.method.as_str(), &target, body);
        let body = if reply.body.is_empty() {
            Value::Null
        } else {
            serde_json::from_slice(&reply.body).unwrap_or_else(|_| panic!("{reply:?}"))
        };
        validate_against_contract(operation, reply.status, &body);
        (reply.status, body)
    }

    /// Calls an operation that must succeed, and returns the body.
    pub fn ok(&mut self, operation: Operation, ids: &[&str], input: Value) -> Value {
        let (status, body) = self.call(operation, ids, input);
        assert_eq!(status, operation.spec().success, "{body}");
        body
    }

    pub fn admin(&mut self, method: &str, path: &str, body: Value) -> (u16, Value) {
        let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        let reply = self.emulator.admin(method, path, &body, self.now);
        (reply.status, serde_json::from_slice(&reply.body).unwrap_or_default())
    }

    pub fn fault(&mut self, fault: Value) {
        assert_eq!(self.admin("POST", "/__emulator/faults", fault), (204, Value::Null));
    }

    pub fn advance(&mut self, ms: u64) {
        assert_eq!(self.admin("POST", "/__emulator/advance", json!({ "ms": ms })).0, 204);
    }

    pub fn patch_skill(&mut self, id: &str, change: Value) -> Value {
        let (status, body) = self.admin("PATCH", &format!("/__emulator/skills/{id}"), change);
        assert_eq!(status, 200, "{body}");
        body
    }

    pub fn credits(&mut self) -> f64 {
        self.admin("GET", "/__emulator/settings", Value::Null).1["credits"].as_f64().unwrap()
    }

    /// Starts a creation.
    pub fn created(&mut self) -> String {
        let body = self.ok(Operation::SkillsCreate, &[], creation());
        body["id"].as_str().unwrap().to_owned()
    }

    /// Creates a private skill and waits until it is finished.
    pub fn finished(&mut self) -> String {
        let id = self.created();
        self.advance(3000);
        id
    }

    /// Returns the public skill of the caller's project.
    pub fn own_public(&mut self) -> String {
        let list = self.ok(Operation::SkillsList, &[], json!("isPublic=true"));
        list["items"][0]["id"].as_str().unwrap().to_owned()
    }

    /// Returns a skill of the marketplace.
    pub fn public(&mut self, slug: &str) -> String {
        self.ok(Operation::MarketplaceGet, &[slug], Value::Null)["id"].as_str().unwrap().to_owned()
    }
}

pub fn creation() -> Value {
    json!({ "goal": "Get the top stories", "agentPrompt": "Open news.example.org and read the headlines" })
}

/// Panics unless the body is valid for this operation and status.
pub fn validate_against_contract(operation: Operation, status: u16, body: &Value) {
    let spec = operation.spec();
    let method = spec.method.as_str().to_lowercase();
    let responses = &CONTRACT["paths"][spec.path][method]["responses"];
    let Some(response) = responses.get(status.to_string()) else {
        assert_eq!(status, 401, "{} does not declare {status}", spec.name);
        return;
    };
    match response.pointer("/content/application~1json/schema") {
        Some(schema) => {
            let whole = json!({ "allOf": [schema], "components": CONTRACT["components"] });
            let validator = jsonschema::options().should_validate_formats(true).build(&whole).unwrap();
            let errors: Vec<_> = validator.iter_errors(body).map(|error| error.to_string()).collect();
            assert!(errors.is_empty(), "{} {status}: {errors:?} in {body}", spec.name);
        }
        // The contract has no schema for this one.
        None if spec.name == "sessions.create" => assert!(body["detail"].is_string()),
        None => assert_eq!(*body, Value::Null),
    }
}

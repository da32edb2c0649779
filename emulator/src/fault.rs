//! Faults that a test injects.
//!
//! ```json
//! { "operation": "skills.execute", "kind": "status", "status": 503, "retryAfter": "2", "count": 2 }
//! ```

use browser_use_skills::api::operation::Operation;
use browser_use_skills::api::shape::{Field, Shape};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::message::{Reply, WireFault};
use crate::rng::Rng;

/// Longest result of `big`: 256 MiB.
const MAX_RESULT_BYTES: usize = 256 << 20;

/// A fault and the requests that it applies to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Fault {
    /// The operation that it applies to; any if absent.
    pub operation: Option<String>,
    /// How many requests it applies to.
    #[serde(default = "once")]
    pub count: u32,
    /// How many matching requests pass first.
    #[serde(default)]
    pub skip: u32,
    /// Probability, from 0 to 1, that it applies to a matching request.
    #[serde(default = "always")]
    pub chance: f64,
    /// Whether the request is carried out. `delay`, `wrongType` and `big` always apply `After`.
    pub when: Option<When>,
    /// The kind of fault.
    #[serde(flatten)]
    pub kind: Kind,
}

const fn once() -> u32 {
    1
}

const fn always() -> f64 {
    1.0
}

/// Whether a fault applies before or after the request is carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum When {
    /// The request is not carried out.
    Before,
    /// The request is carried out; only the response is wrong.
    After,
}

/// The kinds of faults.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Kind {
    /// Another status. `Before` by default.
    Status {
        /// The status.
        status: u16,
        /// The value of `Retry-After`.
        retry_after: Option<Value>,
        /// The body: JSON, or text if it is a string.
        body: Option<Value>,
        /// More headers.
        #[serde(default)]
        headers: Map<String, Value>,
    },
    /// A late response.
    Delay {
        /// The delay, in milliseconds.
        ms: u64,
    },
    /// No response, ever.
    StallHeaders,
    /// Half of the body, then nothing.
    StallBody,
    /// Half of the JSON in a complete response.
    Truncate,
    /// An HTML page instead of JSON.
    NotJson,
    /// An empty body instead of JSON.
    Empty,
    /// The connection closes without a response.
    Drop,
    /// Half of the body, then the connection closes.
    DropBody,
    /// A redirect. `Before` by default.
    Redirect {
        /// The URL.
        location: String,
    },
    /// The first required field has a value of another type.
    WrongType,
    /// The result of an execution is a very long string.
    Big {
        /// Its length, in bytes.
        bytes: usize,
    },
}

/// The faults that have requests left to apply to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Faults {
    pending: Vec<Fault>,
    rng: Rng,
}

impl Faults {
    /// Creates an empty queue. The seed decides the outcome of [`Fault::chance`].
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { pending: Vec::new(), rng: Rng::new(seed, "faults") }
    }

    /// Why one of them is invalid; `None` if all are valid.
    pub fn validation_error(&self) -> Option<String> {
        self.pending.iter().find_map(Fault::validation_error)
    }

    /// Returns the faults.
    pub fn pending(&self) -> &[Fault] {
        &self.pending
    }

    /// Appends a fault.
    pub fn push(&mut self, fault: Fault) {
        self.pending.push(fault);
    }

    /// Removes all faults.
    pub fn clear(&mut self) {
        self.pending.clear();
    }

    /// Whether one of them may close a connection before the response is complete.
    #[must_use]
    pub fn may_break_connections(&self) -> bool {
        self.pending.iter().any(|fault| matches!(fault.kind, Kind::Drop | Kind::DropBody))
    }

    /// Takes the fault for a request of this operation, if any. The first match wins.
    pub fn take(&mut self, operation: &str) -> Option<Fault> {
        let mut matched = None;
        for fault in &mut self.pending {
            if fault.operation.as_ref().is_some_and(|wanted| wanted != operation) || fault.count == 0 {
                continue;
            }
            if fault.skip > 0 {
                fault.skip = fault.skip.saturating_sub(1);
                continue;
            }
            if self.rng.fraction() >= fault.chance {
                continue;
            }
            fault.count = fault.count.saturating_sub(1);
            matched = Some(fault.clone());
            break;
        }
        self.pending.retain(|fault| fault.count > 0);
        matched
    }
}

impl Fault {
    /// Why the fault is invalid; `None` if it is valid.
    #[must_use]
    pub fn validation_error(&self) -> Option<String> {
        let exists = |name: &&String| Operation::ALL.iter().any(|operation| operation.spec().name == **name);
        match (&self.kind, &self.operation) {
            (_, Some(name)) if !exists(&name) => Some(format!("there is no operation {name}")),
            (Kind::Status { status, .. }, _) if !(200..=599).contains(status) => {
                Some(format!("the status {status} is not between 200 and 599"))
            }
            _ if !(0.0..=1.0).contains(&self.chance) => {
                Some(format!("the chance {} is not between 0 and 1", self.chance))
            }
            _ => None,
        }
    }

    /// The response to a request that is not carried out; `None` if the request is carried out.
    #[must_use]
    pub fn replacement(&self, operation: Operation) -> Option<Reply> {
        let usually_before = matches!(self.kind, Kind::Status { .. } | Kind::Redirect { .. });
        let before = self.when.map_or(usually_before, |when| when == When::Before);
        let needs_response = matches!(self.kind, Kind::Delay { .. } | Kind::WrongType | Kind::Big { .. });
        if !before || needs_response {
            return None;
        }
        let placeholder = Reply::json(
            operation.spec().success,
            &json!({ "detail": "The emulator did not carry this out" }),
        );
        Some(self.apply(placeholder, operation))
    }

    /// Applies the fault to a response.
    #[must_use]
    pub fn apply(&self, reply: Reply, operation: Operation) -> Reply {
        let half = reply.body.len() / 2;
        match &self.kind {
            Kind::Status { status, retry_after, body, headers } => {
                Reply { delay_ms: reply.delay_ms, ..status_reply(*status, retry_after, body, headers) }
            }
            Kind::Delay { ms } => Reply { delay_ms: reply.delay_ms.saturating_add(*ms), ..reply },
            Kind::StallHeaders => Reply { fault: Some(WireFault::StallHeaders), ..reply },
            Kind::StallBody => Reply { fault: Some(WireFault::StallBody { sent: half }), ..reply },
            Kind::DropBody => Reply { fault: Some(WireFault::DropBody { sent: half }), ..reply },
            Kind::Drop => Reply { fault: Some(WireFault::Drop), ..reply },
            Kind::Truncate => {
                let body = reply.body.get(..half).unwrap_or_default().to_vec();
                Reply { body, ..reply }
            }
            Kind::NotJson => {
                let page = "<!doctype html><title>Hello</title><p>This page is not the API.";
                Reply { delay_ms: reply.delay_ms, ..Reply::new(200, "text/html; charset=utf-8", page) }
            }
            Kind::Empty => Reply { status: 200, body: Vec::new(), ..reply },
            Kind::Redirect { location } => Reply {
                delay_ms: reply.delay_ms,
                ..Reply::empty(307).with_header("location", location.clone())
            },
            Kind::WrongType => change_body(reply, |body| {
                let field = operation.response()?.fields.iter().find(|field| field.required)?;
                body.insert(field.name.to_owned(), other_type(field));
                Some(())
            }),
            Kind::Big { bytes } => change_body(reply, |body| {
                body.insert("result".to_owned(), Value::String("x".repeat((*bytes).min(MAX_RESULT_BYTES))));
                Some(())
            }),
        }
    }
}

fn status_reply(
    status: u16,
    retry_after: &Option<Value>,
    body: &Option<Value>,
    headers: &Map<String, Value>,
) -> Reply {
    let plain = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let mut reply = match body {
        Some(Value::String(text)) => Reply::new(status, "text/plain; charset=utf-8", text.clone()),
        Some(body) => Reply::json(status, body),
        None => Reply::detail(status, "Injected by a fault of the emulator"),
    };
    if let Some(seconds) = retry_after {
        reply = reply.with_header("retry-after", plain(seconds));
    }
    for (name, value) in headers {
        reply = reply.with_header(&name.to_ascii_lowercase(), plain(value));
    }
    reply
}

/// Changes a response that is a JSON object. Returns any other unchanged.
fn change_body(reply: Reply, change: impl FnOnce(&mut Map<String, Value>) -> Option<()>) -> Reply {
    let Ok(Value::Object(mut body)) = serde_json::from_slice(&reply.body) else { return reply };
    match change(&mut body) {
        Some(()) => Reply { body: Value::Object(body).to_string().into_bytes(), ..reply },
        None => reply,
    }
}

fn other_type(field: &Field) -> Value {
    match field.shape {
        Shape::Integer { .. } => json!("twelve"),
        Shape::Boolean => json!("yes"),
        Shape::Array(_) => json!({}),
        _ => json!(12345),
    }
}

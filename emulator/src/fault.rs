//! What a test wants to go wrong.
//!
//! ```json
//! { "operation": "skills.execute", "kind": "status", "status": 503, "retryAfter": "2", "count": 2 }
//! ```

use browser_use_skills::api::operation::{Operation, Row};
use browser_use_skills::api::shape::{Field, Shape};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::message::{Reply, WireFault};
use crate::seed::Seed;

/// Longest result that `big` makes: 256 MiB.
const BIGGEST: usize = 256 << 20;

/// A fault and the requests that it meets.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Fault {
    /// The operation that it meets; any when absent.
    pub operation: Option<String>,
    /// How many requests it meets.
    #[serde(default = "once")]
    pub count: u32,
    /// How many it lets through before.
    #[serde(default)]
    pub skip: u32,
    /// How likely it meets a request that it could meet, from 0 to 1.
    #[serde(default = "surely")]
    pub chance: f64,
    /// Whether the request is carried out all the same. `delay`, `wrongType` and `big` always come after.
    pub when: Option<When>,
    /// What goes wrong.
    #[serde(flatten)]
    pub kind: Kind,
}

const fn once() -> u32 {
    1
}

const fn surely() -> f64 {
    1.0
}

/// On which side of the work a fault lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum When {
    /// The request is not carried out.
    Before,
    /// The request is carried out; only the answer suffers.
    After,
}

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Kind {
    /// Another status. Before the work unless said otherwise.
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
    /// The answer comes later.
    Delay {
        /// By so many milliseconds.
        ms: u64,
    },
    /// No answer ever comes.
    StallHeaders,
    /// The answer stops in the middle.
    StallBody,
    /// The answer's text is cut in half, in a message that is whole.
    Truncate,
    /// A web page instead of JSON.
    NotJson,
    /// Nothing instead of JSON.
    Empty,
    /// The connection closes without an answer.
    Drop,
    /// The connection closes in the middle of the answer.
    DropBody,
    /// The way to another address. Before the work unless said otherwise.
    Redirect {
        /// The address.
        location: String,
    },
    /// The first field that must be there has a value of another type.
    WrongType,
    /// The result of an execution is a very long string.
    Big {
        /// Its length.
        bytes: usize,
    },
}

/// The faults that are waiting for their requests.
#[derive(Debug)]
pub struct Faults {
    waiting: Vec<Fault>,
    chances: Seed,
}

impl Faults {
    /// None yet. The seed decides where chance is asked.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { waiting: Vec::new(), chances: Seed::of(seed, "faults") }
    }

    /// Adds one behind the others.
    pub fn push(&mut self, fault: Fault) {
        self.waiting.push(fault);
    }

    /// Forgets them all.
    pub fn clear(&mut self) {
        self.waiting.clear();
    }

    /// Whether one of them may close a connection that owes an answer.
    #[must_use]
    pub fn may_break_connections(&self) -> bool {
        self.waiting.iter().any(|fault| matches!(fault.kind, Kind::Drop | Kind::DropBody))
    }

    /// The fault for a request of this operation, if one is waiting. The first that matches meets it.
    pub fn take(&mut self, operation: &str) -> Option<Fault> {
        let mut met = None;
        for fault in &mut self.waiting {
            if fault.operation.as_ref().is_some_and(|wanted| wanted != operation) || fault.count == 0 {
                continue;
            }
            if fault.skip > 0 {
                fault.skip = fault.skip.saturating_sub(1);
                continue;
            }
            if self.chances.fraction() >= fault.chance {
                continue;
            }
            fault.count = fault.count.saturating_sub(1);
            met = Some(fault.clone());
            break;
        }
        self.waiting.retain(|fault| fault.count > 0);
        met
    }
}

impl Fault {
    /// What is wrong with it, if anything.
    #[must_use]
    pub fn mistake(&self) -> Option<String> {
        let exists = |name: &&String| Operation::ALL.iter().any(|operation| operation.row().name == **name);
        match (&self.kind, &self.operation) {
            (_, Some(name)) if !exists(&name) => Some(format!("there is no operation {name}")),
            (Kind::Status { status, .. }, _) if !(200..=599).contains(status) => {
                Some(format!("{status} is no status from 200 to 599"))
            }
            _ if !(0.0..=1.0).contains(&self.chance) => {
                Some(format!("{} is no chance from 0 to 1", self.chance))
            }
            _ => None,
        }
    }

    /// The answer to a request that is not carried out; nothing if it is to be.
    #[must_use]
    pub fn instead(&self, row: &Row) -> Option<Reply> {
        let usually_before = matches!(self.kind, Kind::Status { .. } | Kind::Redirect { .. });
        let before = self.when.map_or(usually_before, |when| when == When::Before);
        let needs_the_answer = matches!(self.kind, Kind::Delay { .. } | Kind::WrongType | Kind::Big { .. });
        if !before || needs_the_answer {
            return None;
        }
        let stand_in = Reply::json(row.success, &json!({ "detail": "The emulator did not carry this out" }));
        Some(self.spoil(stand_in, row))
    }

    /// What becomes of an answer.
    #[must_use]
    pub fn spoil(&self, reply: Reply, row: &Row) -> Reply {
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
                let page =
                    "<!doctype html><title>Hello</title><p>This is not the service you are looking for.";
                Reply { delay_ms: reply.delay_ms, ..Reply::new(200, "text/html; charset=utf-8", page) }
            }
            Kind::Empty => Reply { status: 200, body: Vec::new(), ..reply },
            Kind::Redirect { location } => Reply {
                delay_ms: reply.delay_ms,
                ..Reply::empty(307).with_header("location", location.clone())
            },
            Kind::WrongType => change_body(reply, |body| {
                let field = row.answer?.fields.iter().find(|field| field.required)?;
                body.insert(field.name.to_owned(), other_type(field));
                Some(())
            }),
            Kind::Big { bytes } => change_body(reply, |body| {
                body.insert("result".to_owned(), Value::String("x".repeat((*bytes).min(BIGGEST))));
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
        None => Reply::detail(status, "The emulator was told to answer so"),
    };
    if let Some(seconds) = retry_after {
        reply = reply.with_header("retry-after", plain(seconds));
    }
    for (name, value) in headers {
        reply = reply.with_header(&name.to_ascii_lowercase(), plain(value));
    }
    reply
}

/// Changes an answer that is a JSON object; leaves any other as it is.
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
        Shape::List(_) => json!({}),
        _ => json!(12345),
    }
}

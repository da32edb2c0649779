//! What goes into the state machine and what comes out.

use serde::Serialize;

/// A request as a shell hands it over.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The method, in capitals.
    pub method: String,
    /// The path below the base address: `/skills`.
    pub path: String,
    /// The query, undecoded, without its question mark.
    pub query: String,
    /// The value of the key's header.
    pub key: Option<String>,
    /// The value of `Content-Type`.
    pub content_type: Option<String>,
    /// The body; empty for none.
    pub body: Vec<u8>,
    /// Scheme, host and port that the caller reached us by.
    pub origin: String,
    /// The names of all headers, for the log.
    pub header_names: Vec<String>,
}

/// An answer as a shell is to give it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The headers, except for those that the shell knows best: length and CORS.
    pub headers: Vec<(String, String)>,
    /// The whole body, even if only a part is to be sent.
    pub body: Vec<u8>,
    /// How long the shell waits before it answers.
    pub delay_ms: u64,
    /// What is to go wrong on the wire.
    pub fault: Option<WireFault>,
}

/// What goes wrong below HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum WireFault {
    /// The connection closes before anything is answered.
    Drop,
    /// The length of the whole body is promised, a part of it sent, and the connection closed.
    DropBody {
        /// How many bytes are sent.
        sent: usize,
    },
    /// A part of the body is sent, then nothing more.
    StallBody {
        /// How many bytes are sent.
        sent: usize,
    },
    /// Nothing is ever sent.
    StallHeaders,
}

impl Reply {
    /// An answer with a body of some type.
    #[must_use]
    pub fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let headers = vec![("content-type".to_owned(), content_type.to_owned())];
        Self { status, headers, body: body.into(), delay_ms: 0, fault: None }
    }

    /// An answer without a body.
    #[must_use]
    pub const fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Vec::new(), delay_ms: 0, fault: None }
    }

    /// An answer in JSON.
    pub fn json(status: u16, value: &impl Serialize) -> Self {
        match serde_json::to_vec(value) {
            Ok(body) => Self::new(status, "application/json", body),
            Err(_) => Self::new(500, "text/plain; charset=utf-8", "Internal Server Error"),
        }
    }

    /// A refusal in the service's form.
    #[must_use]
    pub fn detail(status: u16, detail: &str) -> Self {
        Self::json(status, &serde_json::json!({ "detail": detail }))
    }

    /// The same with one more header.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }
}

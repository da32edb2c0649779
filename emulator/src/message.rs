//! The requests and responses of the state machine.

use serde::Serialize;

/// A request, as the WebAssembly API passes it on.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The method, in capitals.
    pub method: String,
    /// The path below the base URL: `/skills`.
    pub path: String,
    /// The encoded query, without the question mark.
    pub query: String,
    /// The value of the API key header.
    pub key: Option<String>,
    /// The value of `Content-Type`.
    pub content_type: Option<String>,
    /// The body; empty for none.
    pub body: Vec<u8>,
    /// Scheme, host and port of the emulator in the caller's URL.
    pub origin: String,
    /// The names of all headers, for the log.
    pub header_names: Vec<String>,
}

/// A response, as the WebAssembly API returns it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The headers, without `Content-Length` and CORS.
    pub headers: Vec<(String, String)>,
    /// The whole body, also if a fault cuts it off.
    pub body: Vec<u8>,
    /// Delay before the response is sent, in milliseconds.
    pub delay_ms: u64,
    /// The fault to apply on the wire.
    pub fault: Option<WireFault>,
}

/// A fault below HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum WireFault {
    /// The connection closes before the response.
    Drop,
    /// The connection closes after a part of the body; `Content-Length` is that of the whole body.
    DropBody {
        /// How many bytes are sent.
        sent: usize,
    },
    /// A part of the body is sent, then nothing.
    StallBody {
        /// How many bytes are sent.
        sent: usize,
    },
    /// Nothing is sent.
    StallHeaders,
}

impl Reply {
    /// Creates a response with a body of this content type.
    #[must_use]
    pub fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let headers = vec![("content-type".to_owned(), content_type.to_owned())];
        Self { status, headers, body: body.into(), delay_ms: 0, fault: None }
    }

    /// Creates a response without a body.
    #[must_use]
    pub const fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Vec::new(), delay_ms: 0, fault: None }
    }

    /// Creates a JSON response.
    pub fn json(status: u16, value: &impl Serialize) -> Self {
        match serde_json::to_vec(value) {
            Ok(body) => Self::new(status, "application/json", body),
            Err(_) => Self::new(500, "text/plain; charset=utf-8", "Internal Server Error"),
        }
    }

    /// Creates an error response in the service's format.
    #[must_use]
    pub fn detail(status: u16, detail: &str) -> Self {
        Self::json(status, &serde_json::json!({ "detail": detail }))
    }

    /// Appends a header.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }
}

//! The specification of an operation: method, path, input, response and errors.

use super::error_code::ErrorCode;
use super::node::Kind;
use super::shape::Model;
use super::text::split;

/// Default timeout: 60 seconds.
pub(super) const DEFAULT_TIMEOUT_MS: u32 = 60_000;
/// Default timeout of executions, which respond when the skill has run: 5 minutes.
pub(super) const EXECUTION_TIMEOUT_MS: u32 = 300_000;

/// HTTP method.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// Reads a resource.
    Get,
    /// Creates a resource or starts an action.
    Post,
    /// Updates a resource.
    Patch,
    /// Deletes a resource.
    Delete,
}

impl Method {
    /// The method's name in HTTP.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// Input of an operation besides its path parameters.
#[derive(Clone, Copy, Debug)]
pub enum Input {
    /// No input.
    None,
    /// A JSON body.
    Body(&'static Model),
    /// Always this JSON body.
    Constant(&'static str),
    /// A query string.
    Query(&'static Model),
}

/// Specification of an operation.
#[derive(Debug)]
#[non_exhaustive]
pub struct OperationSpec {
    /// Group and method in JavaScript: `skills.create`.
    pub name: &'static str,
    /// HTTP method.
    pub method: Method,
    /// Path after the base URL. Parameters are in braces.
    pub path: &'static str,
    /// Input besides the path parameters.
    pub input: Input,
    /// HTTP status of a success.
    pub success: u16,
    /// The response field that the client reads. Only this field is validated, because releases of the API add fields,
    /// nulls and statuses.
    pub reads: Option<(&'static str, Kind)>,
    /// Whether the API requires a key.
    pub needs_key: bool,
    /// Whether a repeated request has no further effect.
    pub safe_to_resend: bool,
    /// Whether it uses a session of the plan. Then `maxConcurrent` applies.
    pub takes_session: bool,
    /// Whether it is sent with an `Idempotency-Key`, if the server supports them.
    pub takes_idempotency_key: bool,
    /// Default timeout of an attempt, in milliseconds.
    pub timeout_ms: u32,
    /// Error code of each declared status, except 422, which is always a validation error.
    pub errors: &'static [(u16, ErrorCode)],
}

/// A download from a URL in a response. Not an operation of the API: sent without key and custom headers.
pub const DOWNLOAD: &OperationSpec = &OperationSpec {
    name: "download",
    method: Method::Get,
    path: "",
    input: Input::None,
    success: 200,
    reads: None,
    needs_key: false,
    safe_to_resend: true,
    takes_session: false,
    takes_idempotency_key: false,
    timeout_ms: EXECUTION_TIMEOUT_MS,
    errors: &[],
};

impl OperationSpec {
    /// Whether it is [`DOWNLOAD`].
    #[must_use]
    pub const fn is_download(&self) -> bool {
        self.path.is_empty()
    }

    /// The segments of the path.
    pub fn segments(&self) -> impl Iterator<Item = Segment> {
        split(self.path, b'/').skip(1).map(|piece| {
            match piece.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
                Some(name) => Segment::Parameter(name),
                None => Segment::Fixed(piece),
            }
        })
    }

    /// The names of the path parameters, in order.
    pub fn parameters(&self) -> impl Iterator<Item = &'static str> {
        self.segments().filter_map(|segment| match segment {
            Segment::Parameter(name) => Some(name),
            Segment::Fixed(_) => None,
        })
    }

    /// The error code of a status, if the contract declares it.
    #[must_use]
    pub fn declared_error(&self, status: u16) -> Option<ErrorCode> {
        self.errors.iter().find(|(declared, _)| *declared == status).map(|(_, code)| *code)
    }
}

/// A segment of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Segment {
    /// Literal text.
    Fixed(&'static str),
    /// A parameter. If its name ends in `_id`, it is a UUID; otherwise any text.
    Parameter(&'static str),
}

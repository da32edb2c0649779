//! The table of operations, used by the client, the emulator, the TypeScript types and the tests.

use super::error_code::ErrorCode;
use super::execution::{
    ExecuteSkillRequest, ExecuteSkillResponse, SkillExecutionListParams, SkillExecutionOutputResponse,
};
use super::marketplace::{MarketplaceListParams, MarketplaceSkillResponse};
use super::node::Kind;
use super::page::{MarketplaceSkillListResponse, SkillExecutionListResponse, SkillListResponse};
use super::shape::Model;
use super::skill::{
    CreateSkillRequest, CreateSkillResponse, RefineSkillRequest, RefineSkillResponse, SkillListParams,
    SkillResponse, UpdateSkillRequest,
};

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
    /// Model of the response, if it has a body.
    pub response: Option<&'static Model>,
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

const ID: Option<(&str, Kind)> = Some(("id", Kind::String));
const ITEMS: Option<(&str, Kind)> = Some(("items", Kind::Array));
const SUCCESS: Option<(&str, Kind)> = Some(("success", Kind::Boolean));
const URL: Option<(&str, Kind)> = Some(("downloadUrl", Kind::String));

/// Default timeout: 60 seconds.
const USUAL: u32 = 60_000;
/// Default timeout of executions, which respond when the skill has run: 5 minutes.
const EXECUTION: u32 = 300_000;

macro_rules! operations {
    ($($(#[doc = $doc:literal])+ $id:ident { $($spec:tt)+ })+) => {
        /// An operation of the API.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Operation {
            $($(#[doc = $doc])+ $id,)+
        }

        impl Operation {
            /// All operations, in the order of the contract.
            pub const ALL: &'static [Self] = &[$(Self::$id),+];

            /// The specification of the operation.
            #[must_use]
            pub const fn spec(self) -> &'static OperationSpec {
                match self {
                    $(Self::$id => const { &OperationSpec { $($spec)+ } },)+
                }
            }

            /// The documentation of the operation.
            #[cfg(not(target_arch = "wasm32"))]
            #[must_use]
            pub const fn doc(self) -> &'static str {
                match self {
                    $(Self::$id => concat!($($doc, "\n",)+),)+
                }
            }
        }
    };
}

operations! {
    /// Starts the generation of a skill, which takes 30 seconds to 10 minutes. Returns its id immediately. Costs
    /// credits.
    SkillsCreate {
        name: "skills.create",
        method: Method::Post,
        path: "/skills",
        input: Input::Body(CreateSkillRequest::MODEL),
        success: 202,
        response: Some(CreateSkillResponse::MODEL),
        reads: ID,
        needs_key: true,
        safe_to_resend: false,
        takes_session: true,
        takes_idempotency_key: true,
        timeout_ms: USUAL,
        errors: &[
            (400, ErrorCode::ConcurrentSkillCreations),
            (402, ErrorCode::InsufficientCredits),
            (429, ErrorCode::TooManyConcurrentActiveSessions),
        ],
    }
    /// Lists the skills of the key's project, one page per request.
    SkillsList {
        name: "skills.list",
        method: Method::Get,
        path: "/skills",
        input: Input::Query(SkillListParams::MODEL),
        success: 200,
        response: Some(SkillListResponse::MODEL),
        reads: ITEMS,
        needs_key: true,
        safe_to_resend: true,
        takes_session: false,
        takes_idempotency_key: false,
        timeout_ms: USUAL,
        errors: &[],
    }
    /// Returns a skill.
    SkillsGet {
        name: "skills.get",
        method: Method::Get,
        path: "/skills/{skill_id}",
        input: Input::None,
        success: 200,
        response: Some(SkillResponse::MODEL),
        reads: ID,
        needs_key: true,
        safe_to_resend: true,
        takes_session: false,
        takes_idempotency_key: false,
        timeout_ms: USUAL,
        errors: &[(404, ErrorCode::SkillNotFound)],
    }
    /// Updates title, description, categories or domains, or enables or disables the skill.
    SkillsUpdate {
        name: "skills.update",
        method: Method::Patch,
        path: "/skills/{skill_id}",
        input: Input::Body(UpdateSkillRequest::MODEL),
        success: 200,
        response: Some(SkillResponse::MODEL),
        reads: ID,
        needs_key: true,
        safe_to_resend: true,
        takes_session: false,
        takes_idempotency_key: false,
        timeout_ms: USUAL,
        errors: &[(403, ErrorCode::EnabledSkillsLimitExceeded), (404, ErrorCode::SkillNotFound)],
    }
    /// Deletes a skill permanently. Fails while it is generating.
    SkillsDelete {
        name: "skills.delete",
        method: Method::Delete,
        path: "/skills/{skill_id}",
        input: Input::None,
        success: 204,
        response: None,
        reads: None,
        needs_key: true,
        safe_to_resend: true,
        takes_session: false,
        takes_idempotency_key: false,
        timeout_ms: USUAL,
        errors: &[(400, ErrorCode::CannotDeleteSkillWhileGenerating), (404, ErrorCode::SkillNotFound)],
    }
    /// Cancels the generation in progress.
    SkillsCancel {
        name: "skills.cancel",
        method: Method::Post,
        path: "/skills/{skill_id}/cancel",
        input: Input::None,
        success: 200,
        response: Some(SkillResponse::MODEL),
        reads: ID,
        needs_key: true,
        safe_to_resend: false,
        takes_session: false,
        takes_idempotency_key: false,
        timeout_ms: USUAL,
        errors: &[(400, ErrorCode::GenerationNotCancellable), (404, ErrorCode::SkillNotFound)],
    }
    /// Executes a skill and waits for its output: seconds to minutes. Costs credits.
    SkillsExecute {
        name: "skills.execute",
        method: Method::Post,
        path: "/skills/{skill_id}/execute",
        input: Input::Body(ExecuteSkillRequest::<()>::MODEL),
        success: 200,
        response: Some(ExecuteSkillResponse::<()>::MODEL),
        reads: SUCCESS,
        needs_key: true,
        safe_to_resend: false,
        takes_session: true,
        takes_idempotency_key: true,
        timeout_ms: EXECUTION,
        errors: &[
            (400, ErrorCode::SkillNotFinished),
            (402, ErrorCode::InsufficientCredits),
            (404, ErrorCode::SkillNotFound),
            (429, ErrorCode::TooManyConcurrentActiveSessions),
        ],
    }
    /// Starts a new version of a finished private skill. Returns immediately. Free.
    SkillsRefine {
        name: "skills.refine",
        method: Method::Post,
        path: "/skills/{skill_id}/refine",
        input: Input::Body(RefineSkillRequest::MODEL),
        success: 202,
        response: Some(RefineSkillResponse::MODEL),
        reads: ID,
        needs_key: true,
        safe_to_resend: false,
        takes_session: false,
        takes_idempotency_key: true,
        timeout_ms: USUAL,
        errors: &[
            (400, ErrorCode::SkillNotFinished),
            (404, ErrorCode::SkillNotFound),
            (429, ErrorCode::TooManyConcurrentActiveSessions),
        ],
    }
    /// Restores the previous version. Cannot be undone.
    SkillsRollback {
        name: "skills.rollback",
        method: Method::Post,
        path: "/skills/{skill_id}/rollback",
        input: Input::None,
        success: 200,
        response: Some(SkillResponse::MODEL),
        reads: ID,
        needs_key: true,
        safe_to_resend: false,
        takes_session: false,
        takes_idempotency_key: false,
        timeout_ms: USUAL,
        errors: &[(400, ErrorCode::CannotRollbackPublicSkill), (404, ErrorCode::SkillNotFound)],
    }
    /// Lists the executions of a skill, newest first, one page per request.
    SkillsExecutions {
        name: "skills.executions",
        method: Method::Get,
        path: "/skills/{skill_id}/executions",
        input: Input::Query(SkillExecutionListParams::MODEL),
        success: 200,
        response: Some(SkillExecutionListResponse::MODEL),
        reads: ITEMS,
        needs_key: true,
        safe_to_resend: true,
        takes_session: false,
        takes_idempotency_key: false,
        timeout_ms: USUAL,
        errors: &[(404, ErrorCode::SkillNotFound)],
    }
    /// Returns the URL of an execution's output, valid for 5 minutes.
    SkillsExecutionOutput {
        name: "skills.executionOutput",
        method: Method::Get,
        path: "/skills/{skill_id}/executions/{execution_id}/output",
        input: Input::None,
        success: 200,
        response: Some(SkillExecutionOutputResponse::MODEL),
        reads: URL,
        needs_key: true,
        safe_to_resend: true,
        takes_session: false,
        takes_idempotency_key: false,
        timeout_ms: USUAL,
        errors: &[(404, ErrorCode::SkillNotFound)],
    }
    /// Lists public skills, one page per request. Needs no key.
    MarketplaceList {
        name: "marketplace.list",
        method: Method::Get,
        path: "/marketplace/skills",
        input: Input::Query(MarketplaceListParams::MODEL),
        success: 200,
        response: Some(MarketplaceSkillListResponse::MODEL),
        reads: ITEMS,
        needs_key: false,
        safe_to_resend: true,
        takes_session: false,
        takes_idempotency_key: false,
        timeout_ms: USUAL,
        errors: &[],
    }
    /// Returns a public skill by its slug. Needs no key.
    MarketplaceGet {
        name: "marketplace.get",
        method: Method::Get,
        path: "/marketplace/skills/{skill_slug}",
        input: Input::None,
        success: 200,
        response: Some(MarketplaceSkillResponse::MODEL),
        reads: ID,
        needs_key: false,
        safe_to_resend: true,
        takes_session: false,
        takes_idempotency_key: false,
        timeout_ms: USUAL,
        errors: &[(404, ErrorCode::SkillNotFound)],
    }
    /// Copies a public skill to the key's project, by its id. The copy is finished at once.
    MarketplaceClone {
        name: "marketplace.clone",
        method: Method::Post,
        path: "/marketplace/skills/{skill_id}/clone",
        input: Input::None,
        success: 200,
        response: Some(SkillResponse::MODEL),
        reads: ID,
        needs_key: true,
        safe_to_resend: false,
        takes_session: false,
        takes_idempotency_key: true,
        timeout_ms: USUAL,
        errors: &[(400, ErrorCode::SkillNotFinished), (404, ErrorCode::SkillNotFound)],
    }
    /// Executes a public skill by its id and waits for its output: seconds to minutes. Costs credits.
    MarketplaceExecute {
        name: "marketplace.execute",
        method: Method::Post,
        path: "/marketplace/skills/{skill_id}/execute",
        input: Input::Body(ExecuteSkillRequest::<()>::MODEL),
        success: 200,
        response: Some(ExecuteSkillResponse::<()>::MODEL),
        reads: SUCCESS,
        needs_key: true,
        safe_to_resend: false,
        takes_session: true,
        takes_idempotency_key: true,
        timeout_ms: EXECUTION,
        errors: &[
            (400, ErrorCode::SkillNotFinished),
            (402, ErrorCode::InsufficientCredits),
            (404, ErrorCode::SkillNotFound),
        ],
    }
}

/// A download from a URL in a response. Not an operation of the API: sent without key and custom headers.
pub const DOWNLOAD: &OperationSpec = &OperationSpec {
    name: "download",
    method: Method::Get,
    path: "",
    input: Input::None,
    success: 200,
    response: None,
    reads: None,
    needs_key: false,
    safe_to_resend: true,
    takes_session: false,
    takes_idempotency_key: false,
    timeout_ms: EXECUTION,
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
        self.path.split('/').skip(1).map(|piece| {
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

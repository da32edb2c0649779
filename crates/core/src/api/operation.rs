//! The operations of the API: one table that the client, the emulator, the types and the tests read.

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

/// An HTTP method of the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// Reads.
    Get,
    /// Starts or does something.
    Post,
    /// Changes what is named.
    Patch,
    /// Removes.
    Delete,
}

impl Method {
    /// The method's name on the wire.
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

/// Where an operation takes its object from.
#[derive(Clone, Copy, Debug)]
pub enum Input {
    /// It takes none.
    None,
    /// As a JSON body.
    Body(&'static Model),
    /// As the query of the URL.
    Query(&'static Model),
}

/// What the contract says of one operation.
#[derive(Debug)]
#[non_exhaustive]
pub struct OperationSpec {
    /// Group and method in JavaScript: `skills.create`.
    pub name: &'static str,
    /// HTTP method.
    pub method: Method,
    /// Path below the base URL, with its parameters in braces.
    pub path: &'static str,
    /// What it takes besides the parameters of its path.
    pub input: Input,
    /// The status of success.
    pub success: u16,
    /// The model of its response, if it has one.
    pub response: Option<&'static Model>,
    /// The field of the response that the client itself reads, which is all that is validated. The rest passes through:
    /// every release of the API has brought new fields, nulls and statuses.
    pub reads: Option<(&'static str, Kind)>,
    /// Whether the API asks for a key.
    pub needs_key: bool,
    /// Whether doing it twice is the same as doing it once.
    pub safe_to_resend: bool,
    /// Whether it takes one of the plan's sessions, so that `maxConcurrent` counts it.
    pub takes_session: bool,
    /// Whether a server that knows idempotency keys (our own proxy) gets one.
    pub takes_idempotency_key: bool,
    /// How long one attempt may take by default, in milliseconds.
    pub timeout_ms: u32,
    /// What each declared status of failure means here. 422 means the same everywhere and is not listed.
    pub errors: &'static [(u16, ErrorCode)],
}

const ID: Option<(&str, Kind)> = Some(("id", Kind::String));
const ITEMS: Option<(&str, Kind)> = Some(("items", Kind::Array));
const SUCCESS: Option<(&str, Kind)> = Some(("success", Kind::Boolean));
const URL: Option<(&str, Kind)> = Some(("downloadUrl", Kind::String));

/// Longest an attempt may take by default: 60 seconds.
const USUAL: u32 = 60_000;
/// The same for executions, whose response arrives when the skill has run: 5 minutes.
const EXECUTION: u32 = 300_000;

macro_rules! operations {
    ($($(#[doc = $doc:literal])+ $id:ident { $($spec:tt)+ })+) => {
        /// An operation of the API.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Operation {
            $($(#[doc = $doc])+ $id,)+
        }

        impl Operation {
            /// All of them, in the order of the contract.
            pub const ALL: &'static [Self] = &[$(Self::$id),+];

            /// What the contract says of it.
            #[must_use]
            pub const fn spec(self) -> &'static OperationSpec {
                match self {
                    $(Self::$id => const { &OperationSpec { $($spec)+ } },)+
                }
            }

            /// What it does, in a sentence or two.
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
    /// Starts the generation of a skill. The response has its id at once; generation takes from half a minute to ten minutes.
    /// Costs credits.
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
    /// Lists the skills of the key's project, a page at a time.
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
    /// Gets one skill.
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
    /// Changes title, description, categories, domains, or whether the skill is enabled.
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
    /// Deletes a skill for good. Not while it is generating.
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
    /// Cancels the generation that is going on.
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
    /// Starts a new version of a finished private skill. The response arrives at once; free.
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
    /// Goes back to the version before. Cannot be undone.
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
    /// Lists the executions of a skill, newest first, a page at a time.
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
    /// Tells where the output of an execution can be fetched during the next 5 minutes.
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
    /// Lists public skills, a page at a time. Needs no key.
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
    /// Gets one public skill by its slug. Needs no key.
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
    /// Copies a public skill, by its id, into the key's project. The copy is finished at once.
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
    /// Executes a public skill, by its id, and waits for its output: seconds to minutes. Costs credits.
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

/// A file at a URL from a response. It is no operation of the API: the request has no key and no custom headers.
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

    /// The pieces of the path: fixed text and, in braces, parameters.
    pub fn segments(&self) -> impl Iterator<Item = Segment> {
        self.path.split('/').skip(1).map(|piece| {
            match piece.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
                Some(name) => Segment::Parameter(name),
                None => Segment::Fixed(piece),
            }
        })
    }

    /// The names of the path's parameters, in order.
    pub fn parameters(&self) -> impl Iterator<Item = &'static str> {
        self.segments().filter_map(|segment| match segment {
            Segment::Parameter(name) => Some(name),
            Segment::Fixed(_) => None,
        })
    }

    /// What a status means here, if the contract declares it.
    #[must_use]
    pub fn declared_error(&self, status: u16) -> Option<ErrorCode> {
        self.errors.iter().find(|(declared, _)| *declared == status).map(|(_, code)| *code)
    }
}

/// A piece of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Segment {
    /// Text as it stands.
    Fixed(&'static str),
    /// A value to fill in. A parameter whose name ends in `_id` is a UUID; any other is free text.
    Parameter(&'static str),
}

//! The table of operations, used by the client, the emulator, the TypeScript types and the tests.

use super::billing::AccountView;
use super::error_code::ErrorCode;
use super::execution::{
    ExecuteSkillRequest, ExecuteSkillResponse, SkillExecutionListParams, SkillExecutionOutputResponse,
};
use super::marketplace::{MarketplaceListParams, MarketplaceSkillResponse};
use super::node::Kind;
use super::operation_spec::{DEFAULT_TIMEOUT_MS, EXECUTION_TIMEOUT_MS, Input, Method, OperationSpec};
use super::page::{
    MarketplaceSkillListResponse, ProfileListResponse, SessionListResponse, SkillExecutionListResponse,
    SkillListResponse,
};
use super::profile::ProfileListParams;
use super::session::{CreateSessionRequest, SessionItemView, SessionListParams, SessionView};
use super::shape::Model;
use super::skill::{
    CreateSkillRequest, CreateSkillResponse, RefineSkillRequest, RefineSkillResponse, SkillListParams,
    SkillResponse, UpdateSkillRequest,
};

const ID: Option<(&str, Kind)> = Some(("id", Kind::String));
const ITEMS: Option<(&str, Kind)> = Some(("items", Kind::Array));
const SUCCESS: Option<(&str, Kind)> = Some(("success", Kind::Boolean));
const URL: Option<(&str, Kind)> = Some(("downloadUrl", Kind::String));

macro_rules! operations {
    ($($(#[doc = $doc:literal])+ $id:ident { response: $response:expr, $($spec:tt)+ })+) => {
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

            /// Model of the response, if it has a body. Not in the specification: the client does not use it, and its
            /// WebAssembly would contain the models.
            #[must_use]
            pub const fn response(self) -> Option<&'static Model> {
                match self {
                    $(Self::$id => $response,)+
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
        response: Some(CreateSkillResponse::MODEL),
        name: "skills.create",
        method: Method::Post,
        path: "/skills",
        input: Input::Body(CreateSkillRequest::MODEL),
        success: 202,
        reads: ID,
        needs_key: true,
        safe_to_resend: false,
        takes_session: true,
        takes_idempotency_key: true,
        timeout_ms: DEFAULT_TIMEOUT_MS,
        errors: &[
            (400, ErrorCode::ConcurrentSkillCreations),
            (402, ErrorCode::InsufficientCredits),
            (429, ErrorCode::TooManyConcurrentActiveSessions),
        ],
    }
    /// Lists the skills of the key's project, one page per request.
    SkillsList {
        response: Some(SkillListResponse::MODEL),
        name: "skills.list",
        method: Method::Get,
        path: "/skills",
        input: Input::Query(SkillListParams::MODEL),
        success: 200,
        reads: ITEMS,
        needs_key: true,
        safe_to_resend: true,
        takes_session: false,
        takes_idempotency_key: false,
        timeout_ms: DEFAULT_TIMEOUT_MS,
        errors: &[],
    }
    /// Returns a skill.
    SkillsGet {
        response: Some(SkillResponse::MODEL),
        name: "skills.get",
        method: Method::Get,
        path: "/skills/{skill_id}",
        input: Input::None,
        success: 200,
        reads: ID,
        needs_key: true,
        safe_to_resend: true,
        takes_session: false,
        takes_idempotency_key: false,
        timeout_ms: DEFAULT_TIMEOUT_MS,
        errors: &[(404, ErrorCode::SkillNotFound)],
    }
    /// Updates title, description, categories or domains, or enables or disables the skill.
    SkillsUpdate {
        response: Some(SkillResponse::MODEL),
        name: "skills.update",
        method: Method::Patch,
        path: "/skills/{skill_id}",
        input: Input::Body(UpdateSkillRequest::MODEL),
        success: 200,
        reads: ID,
        needs_key: true,
        safe_to_resend: true,
        takes_session: false,
        takes_idempotency_key: false,
        timeout_ms: DEFAULT_TIMEOUT_MS,
        errors: &[(403, ErrorCode::EnabledSkillsLimitExceeded), (404, ErrorCode::SkillNotFound)],
    }
    /// Deletes a skill permanently. Fails while it is generating.
    SkillsDelete {
        response: None,
        name: "skills.delete",
        method: Method::Delete,
        path: "/skills/{skill_id}",
        input: Input::None,
        success: 204,
        reads: None,
        needs_key: true,
        safe_to_resend: true,
        takes_session: false,
        takes_idempotency_key: false,
        timeout_ms: DEFAULT_TIMEOUT_MS,
        errors: &[(400, ErrorCode::CannotDeleteSkillWhileGenerating), (404, ErrorCode::SkillNotFound)],
    }
    /// Cancels the generation in progress.
    SkillsCancel {
        response: Some(SkillResponse::MODEL),
        name: "skills.cancel",
        method: Method::Post,
        path: "/skills/{skill_id}/cancel",
        input: Input::None,
        success: 200,
        reads: ID,
        needs_key: true,
        safe_to_resend: false,
        takes_session: false,
        takes_idempotency_key: false,
        timeout_ms: DEFAULT_TIMEOUT_MS,
        errors: &[(400, ErrorCode::GenerationNotCancellable), (404, ErrorCode::SkillNotFound)],
    }
    /// Executes a skill and waits for its output: seconds to minutes. Costs credits.
    SkillsExecute {
        response: Some(ExecuteSkillResponse::<()>::MODEL),
        name: "skills.execute",
        method: Method::Post,
        path: "/skills/{skill_id}/execute",
        input: Input::Body(ExecuteSkillRequest::<()>::MODEL),
        success: 200,
        reads: SUCCESS,
        needs_key: true,
        safe_to_resend: false,
        takes_session: true,
        takes_idempotency_key: true,
        timeout_ms: EXECUTION_TIMEOUT_MS,
        errors: &[
            (400, ErrorCode::SkillNotFinished),
            (402, ErrorCode::InsufficientCredits),
            (404, ErrorCode::SkillNotFound),
            (429, ErrorCode::TooManyConcurrentActiveSessions),
        ],
    }
    /// Starts a new version of a finished private skill. Returns immediately. Free.
    SkillsRefine {
        response: Some(RefineSkillResponse::MODEL),
        name: "skills.refine",
        method: Method::Post,
        path: "/skills/{skill_id}/refine",
        input: Input::Body(RefineSkillRequest::MODEL),
        success: 202,
        reads: ID,
        needs_key: true,
        safe_to_resend: false,
        takes_session: false,
        takes_idempotency_key: true,
        timeout_ms: DEFAULT_TIMEOUT_MS,
        errors: &[
            (400, ErrorCode::SkillNotFinished),
            (404, ErrorCode::SkillNotFound),
            (429, ErrorCode::TooManyConcurrentActiveSessions),
        ],
    }
    /// Restores the previous version. Cannot be undone.
    SkillsRollback {
        response: Some(SkillResponse::MODEL),
        name: "skills.rollback",
        method: Method::Post,
        path: "/skills/{skill_id}/rollback",
        input: Input::None,
        success: 200,
        reads: ID,
        needs_key: true,
        safe_to_resend: false,
        takes_session: false,
        takes_idempotency_key: false,
        timeout_ms: DEFAULT_TIMEOUT_MS,
        errors: &[(400, ErrorCode::CannotRollbackPublicSkill), (404, ErrorCode::SkillNotFound)],
    }
    /// Lists the executions of a skill, newest first, one page per request.
    SkillsExecutions {
        response: Some(SkillExecutionListResponse::MODEL),
        name: "skills.executions",
        method: Method::Get,
        path: "/skills/{skill_id}/executions",
        input: Input::Query(SkillExecutionListParams::MODEL),
        success: 200,
        reads: ITEMS,
        needs_key: true,
        safe_to_resend: true,
        takes_session: false,
        takes_idempotency_key: false,
        timeout_ms: DEFAULT_TIMEOUT_MS,
        errors: &[(404, ErrorCode::SkillNotFound)],
    }
    /// Returns the URL of an execution's output, valid for 5 minutes.
    SkillsExecutionOutput {
        response: Some(SkillExecutionOutputResponse::MODEL),
        name: "skills.executionOutput",
        method: Method::Get,
        path: "/skills/{skill_id}/executions/{execution_id}/output",
        input: Input::None,
        success: 200,
        reads: URL,
        needs_key: true,
        safe_to_resend: true,
        takes_session: false,
        takes_idempotency_key: false,
        timeout_ms: DEFAULT_TIMEOUT_MS,
        errors: &[(404, ErrorCode::SkillNotFound)],
    }
    /// Lists public skills, one page per request. Needs no key.
    MarketplaceList {
        response: Some(MarketplaceSkillListResponse::MODEL),
        name: "marketplace.list",
        method: Method::Get,
        path: "/marketplace/skills",
        input: Input::Query(MarketplaceListParams::MODEL),
        success: 200,
        reads: ITEMS,
        needs_key: false,
        safe_to_resend: true,
        takes_session: false,
        takes_idempotency_key: false,
        timeout_ms: DEFAULT_TIMEOUT_MS,
        errors: &[],
    }
    /// Returns a public skill by its slug. Needs no key.
    MarketplaceGet {
        response: Some(MarketplaceSkillResponse::MODEL),
        name: "marketplace.get",
        method: Method::Get,
        path: "/marketplace/skills/{skill_slug}",
        input: Input::None,
        success: 200,
        reads: ID,
        needs_key: false,
        safe_to_resend: true,
        takes_session: false,
        takes_idempotency_key: false,
        timeout_ms: DEFAULT_TIMEOUT_MS,
        errors: &[(404, ErrorCode::SkillNotFound)],
    }
    /// Copies a public skill to the key's project, by its id. The copy is finished at once.
    MarketplaceClone {
        response: Some(SkillResponse::MODEL),
        name: "marketplace.clone",
        method: Method::Post,
        path: "/marketplace/skills/{skill_id}/clone",
        input: Input::None,
        success: 200,
        reads: ID,
        needs_key: true,
        safe_to_resend: false,
        takes_session: false,
        takes_idempotency_key: true,
        timeout_ms: DEFAULT_TIMEOUT_MS,
        errors: &[(400, ErrorCode::SkillNotFinished), (404, ErrorCode::SkillNotFound)],
    }
    /// Executes a public skill by its id and waits for its output: seconds to minutes. Costs credits.
    MarketplaceExecute {
        response: Some(ExecuteSkillResponse::<()>::MODEL),
        name: "marketplace.execute",
        method: Method::Post,
        path: "/marketplace/skills/{skill_id}/execute",
        input: Input::Body(ExecuteSkillRequest::<()>::MODEL),
        success: 200,
        reads: SUCCESS,
        needs_key: true,
        safe_to_resend: false,
        takes_session: true,
        takes_idempotency_key: true,
        timeout_ms: EXECUTION_TIMEOUT_MS,
        errors: &[
            (400, ErrorCode::SkillNotFinished),
            (402, ErrorCode::InsufficientCredits),
            (404, ErrorCode::SkillNotFound),
        ],
    }
    /// Starts a session: a browser that executions share by `sessionId`. It counts against the plan's limit until it is
    /// stopped.
    SessionsCreate {
        response: Some(SessionItemView::MODEL),
        name: "sessions.create",
        method: Method::Post,
        path: "/sessions",
        input: Input::Body(CreateSessionRequest::MODEL),
        success: 201,
        reads: ID,
        needs_key: true,
        safe_to_resend: false,
        takes_session: true,
        takes_idempotency_key: true,
        timeout_ms: DEFAULT_TIMEOUT_MS,
        errors: &[
            (402, ErrorCode::InsufficientCredits),
            (404, ErrorCode::ProfileNotFound),
            (429, ErrorCode::TooManyConcurrentActiveSessions),
        ],
    }
    /// Lists the sessions of the key's project, one page per request.
    SessionsList {
        response: Some(SessionListResponse::MODEL),
        name: "sessions.list",
        method: Method::Get,
        path: "/sessions",
        input: Input::Query(SessionListParams::MODEL),
        success: 200,
        reads: ITEMS,
        needs_key: true,
        safe_to_resend: true,
        takes_session: false,
        takes_idempotency_key: false,
        timeout_ms: DEFAULT_TIMEOUT_MS,
        errors: &[],
    }
    /// Returns a session with its tasks.
    SessionsGet {
        response: Some(SessionView::MODEL),
        name: "sessions.get",
        method: Method::Get,
        path: "/sessions/{session_id}",
        input: Input::None,
        success: 200,
        reads: ID,
        needs_key: true,
        safe_to_resend: true,
        takes_session: false,
        takes_idempotency_key: false,
        timeout_ms: DEFAULT_TIMEOUT_MS,
        errors: &[(404, ErrorCode::SessionNotFound)],
    }
    /// Stops a session and its tasks. Cannot be undone.
    SessionsStop {
        response: Some(SessionView::MODEL),
        name: "sessions.stop",
        method: Method::Patch,
        path: "/sessions/{session_id}",
        input: Input::Constant(r#"{"action":"stop"}"#),
        success: 200,
        reads: ID,
        needs_key: true,
        safe_to_resend: true,
        takes_session: false,
        takes_idempotency_key: false,
        timeout_ms: DEFAULT_TIMEOUT_MS,
        errors: &[(404, ErrorCode::SessionNotFound)],
    }
    /// Deletes a session with its tasks and recordings.
    SessionsDelete {
        response: None,
        name: "sessions.delete",
        method: Method::Delete,
        path: "/sessions/{session_id}",
        input: Input::None,
        success: 204,
        reads: None,
        needs_key: true,
        safe_to_resend: true,
        takes_session: false,
        takes_idempotency_key: false,
        timeout_ms: DEFAULT_TIMEOUT_MS,
        errors: &[(404, ErrorCode::SessionNotFound)],
    }
    /// Returns the balance and the plan of the account.
    BillingAccount {
        response: Some(AccountView::MODEL),
        name: "billing.account",
        method: Method::Get,
        path: "/billing/account",
        input: Input::None,
        success: 200,
        reads: Some(("projectId", Kind::String)),
        needs_key: true,
        safe_to_resend: true,
        takes_session: false,
        takes_idempotency_key: false,
        timeout_ms: DEFAULT_TIMEOUT_MS,
        errors: &[(404, ErrorCode::AccountNotFound)],
    }
    /// Lists the profiles of the key's project, one page per request.
    ProfilesList {
        response: Some(ProfileListResponse::MODEL),
        name: "profiles.list",
        method: Method::Get,
        path: "/profiles",
        input: Input::Query(ProfileListParams::MODEL),
        success: 200,
        reads: ITEMS,
        needs_key: true,
        safe_to_resend: true,
        takes_session: false,
        takes_idempotency_key: false,
        timeout_ms: DEFAULT_TIMEOUT_MS,
        errors: &[],
    }
}

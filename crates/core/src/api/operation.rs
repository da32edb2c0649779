//! The table of operations, used by the client, the emulator, the TypeScript types and the tests.

use super::error_code::ErrorCode;
use super::execution::{
    ExecuteSkillRequest, ExecuteSkillResponse, SkillExecutionListParams, SkillExecutionOutputResponse,
};
use super::marketplace::{MarketplaceListParams, MarketplaceSkillResponse};
use super::node::Kind;
use super::operation_spec::{DEFAULT_TIMEOUT_MS, EXECUTION_TIMEOUT_MS, Input, Method, OperationSpec};
use super::page::{MarketplaceSkillListResponse, SkillExecutionListResponse, SkillListResponse};
use super::skill::{
    CreateSkillRequest, CreateSkillResponse, RefineSkillRequest, RefineSkillResponse, SkillListParams,
    SkillResponse, UpdateSkillRequest,
};

const ID: Option<(&str, Kind)> = Some(("id", Kind::String));
const ITEMS: Option<(&str, Kind)> = Some(("items", Kind::Array));
const SUCCESS: Option<(&str, Kind)> = Some(("success", Kind::Boolean));
const URL: Option<(&str, Kind)> = Some(("downloadUrl", Kind::String));

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
        timeout_ms: DEFAULT_TIMEOUT_MS,
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
        timeout_ms: DEFAULT_TIMEOUT_MS,
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
        timeout_ms: DEFAULT_TIMEOUT_MS,
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
        timeout_ms: DEFAULT_TIMEOUT_MS,
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
        timeout_ms: DEFAULT_TIMEOUT_MS,
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
        timeout_ms: DEFAULT_TIMEOUT_MS,
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
        timeout_ms: DEFAULT_TIMEOUT_MS,
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
        timeout_ms: DEFAULT_TIMEOUT_MS,
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
        timeout_ms: DEFAULT_TIMEOUT_MS,
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
        timeout_ms: DEFAULT_TIMEOUT_MS,
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
        timeout_ms: DEFAULT_TIMEOUT_MS,
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
        timeout_ms: DEFAULT_TIMEOUT_MS,
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
        timeout_ms: DEFAULT_TIMEOUT_MS,
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
        timeout_ms: EXECUTION_TIMEOUT_MS,
        errors: &[
            (400, ErrorCode::SkillNotFinished),
            (402, ErrorCode::InsufficientCredits),
            (404, ErrorCode::SkillNotFound),
        ],
    }
}

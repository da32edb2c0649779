//! Rejected requests and their error responses.

use browser_use_skills::api::operation_spec::OperationSpec;
use browser_use_skills::api::problem::ErrorCode;
use serde_json::{Value, json};

use crate::message::Reply;

/// Why a request is rejected.
#[derive(Debug)]
pub enum Rejection {
    /// An error that the contract declares. The operation's spec has the status.
    Declared(ErrorCode),
    /// An undeclared error: status and `detail`.
    Other(u16, &'static str),
    /// Invalid input: the items of the 422.
    Invalid(Vec<Value>),
}

impl From<ErrorCode> for Rejection {
    fn from(code: ErrorCode) -> Self {
        Self::Declared(code)
    }
}

impl Rejection {
    /// Returns the error response.
    pub fn reply(&self, spec: &OperationSpec) -> Reply {
        match self {
            Self::Declared(code) => {
                let status = spec.errors.iter().find(|(_, declared)| declared == code);
                Reply::detail(status.map_or(500, |(status, _)| *status), detail_of(*code))
            }
            Self::Other(status, detail) => Reply::detail(*status, detail),
            Self::Invalid(items) => Reply::json(422, &json!({ "detail": items })),
        }
    }
}

/// The service's `detail` for a declared error.
#[must_use]
pub const fn detail_of(code: ErrorCode) -> &'static str {
    match code {
        ErrorCode::SkillNotFound => "Skill not found",
        ErrorCode::SkillNotFinished => "Skill is not finished",
        ErrorCode::InsufficientCredits => "Insufficient credits",
        ErrorCode::ConcurrentSkillCreations => {
            "Concurrent skill creations are not allowed. Please wait for the current skill creation to finish or cancel it."
        }
        ErrorCode::TooManyConcurrentActiveSessions => {
            "Too many concurrent active sessions. Please wait for one to finish, kill one, or upgrade your plan."
        }
        ErrorCode::EnabledSkillsLimitExceeded => "Enabled skills limit exceeded for your plan",
        ErrorCode::SessionNotFound => "Session not found",
        ErrorCode::ProfileNotFound => "Profile not found",
        ErrorCode::AccountNotFound => "Account not found",
        ErrorCode::GenerationNotCancellable => "Generation is not cancellable",
        ErrorCode::CannotRollbackPublicSkill => {
            "Cannot rollback a public skill. Please make the skill private first."
        }
        ErrorCode::CannotDeleteSkillWhileGenerating => "Cannot delete skill while it is still generating",
        _ => "Internal Server Error",
    }
}

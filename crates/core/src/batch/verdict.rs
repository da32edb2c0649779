//! What the end of a run means for its row.

use super::progress::PauseReason;
use crate::api::problem::ErrorCode;
use crate::engine::{Error, Failure, TimeLimit, Value};

/// What the end of a run means for its row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Nothing was executed, and a repetition would be rejected again.
    Rejected,
    /// Nothing was executed, and nothing will be until the caller acts.
    Paused(PauseReason),
    /// Nothing was executed. A later start may succeed.
    Later {
        /// Whether the server refused it.
        is_refused: bool,
    },
    /// It may have been executed. Another search may find it.
    Lost(PauseReason),
    /// It may have been executed, and no search will find it.
    Unknown,
}

/// Decides about the error of a run.
pub(super) fn verdict<V: Value>(error: &Error<V>) -> Verdict {
    let Error::Failed(failure) = error else { return Verdict::Lost(PauseReason::Caller) };
    if failure.maybe_executed {
        return lost(failure);
    }
    match failure.code {
        ErrorCode::Authentication => Verdict::Paused(PauseReason::Authentication),
        ErrorCode::InsufficientCredits => Verdict::Paused(PauseReason::Credits),
        ErrorCode::SkillNotFound | ErrorCode::SkillNotFinished => Verdict::Paused(PauseReason::Skill),
        ErrorCode::Validation | ErrorCode::InvalidRequest => Verdict::Rejected,
        _ if failure.status.is_none() => Verdict::Later { is_refused: false },
        _ => Verdict::Later { is_refused: !is_limit(failure.code) },
    }
}

const fn is_limit(code: ErrorCode) -> bool {
    matches!(code, ErrorCode::TooManyConcurrentActiveSessions | ErrorCode::RateLimit)
}

fn lost<V>(failure: &Failure<V>) -> Verdict {
    match failure.code {
        ErrorCode::AmbiguousExecution => Verdict::Unknown,
        ErrorCode::Authentication => Verdict::Lost(PauseReason::Authentication),
        ErrorCode::Journal => Verdict::Lost(PauseReason::Journal),
        // It has not ended for 15 minutes.
        ErrorCode::Timeout if failure.limit == Some(TimeLimit::Wait) => Verdict::Unknown,
        ErrorCode::Timeout | ErrorCode::Network | ErrorCode::Response | ErrorCode::Server => {
            Verdict::Lost(PauseReason::Network)
        }
        _ if failure.status.is_some_and(is_transient) => Verdict::Lost(PauseReason::Network),
        _ => Verdict::Unknown,
    }
}

/// Whether a status says nothing about the run. 0 is not a valid one.
const fn is_transient(status: u16) -> bool {
    matches!(status, 0 | 408 | 429 | 500..)
}

/// An error as the store has it.
pub(super) fn error_value<V: Value>(error: &Error<V>) -> V {
    let Error::Failed(failure) = error else { return V::default() };
    let status = failure.status.map(|status| V::from_number(f64::from(status)));
    V::object(&[
        ("code", V::from_string(failure.code.as_str())),
        ("message", V::from_string(&failure.message)),
        ("status", status.unwrap_or_default()),
        ("detail", failure.detail.as_deref().map(V::from_string).unwrap_or_default()),
    ])
}

//! Progress of a batch.

/// Why a batch starts no rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PauseReason {
    /// `pause` was called.
    Caller,
    /// The maximum number of executions is reached.
    Budget,
    /// 402: the account has no credits.
    Credits,
    /// 401 or 403: the key is rejected, or none is available.
    Authentication,
    /// 404 or 409: the skill does not exist, is disabled or not finished.
    Skill,
    /// The network or the server has failed repeatedly.
    Network,
    /// The journal has failed repeatedly. Nothing is sent without it.
    Journal,
    /// The store has failed repeatedly. The batch continues once a write succeeds.
    Store,
}

impl PauseReason {
    /// The name in JavaScript.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Caller => "caller",
            Self::Budget => "budget",
            Self::Credits => "credits",
            Self::Authentication => "authentication",
            Self::Skill => "skill",
            Self::Network => "network",
            Self::Journal => "journal",
            Self::Store => "store",
        }
    }
}

/// Progress of a batch. The rows are those of this iteration, also if their results come from the store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// Rows whose skill succeeded.
    pub done: u32,
    /// Rows whose skill failed, after all attempts.
    pub failed: u32,
    /// Rows whose outcome cannot be proved.
    pub unknown: u32,
    /// Rows that were not executed, and would be rejected again.
    pub rejected: u32,
    /// Rows that are running here.
    pub running: u32,
    /// Rows that were read and are not finished or running.
    pub queued: u32,
    /// Executions that were started for this batch id, at most.
    pub executions: u32,
    /// Whether another tab works on the batch, and this one returns its results.
    pub is_following: bool,
    /// Why no rows are started.
    pub pause: Option<PauseReason>,
}

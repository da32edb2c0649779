//! The records of the store: one for each row, and the header. The field names are a storage format.

use crate::engine::Value;

/// Version of the storage format.
const VERSION: f64 = 1.0;

/// Final state of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowStatus {
    /// The skill succeeded.
    Done,
    /// The skill reported a failure.
    Failed,
    /// It may have been executed, and its outcome cannot be proved. It is never executed again.
    Unknown,
    /// It was not executed and cost nothing.
    Rejected,
}

impl RowStatus {
    /// The name in JavaScript and in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
            Self::Rejected => "rejected",
        }
    }
}

/// State of a row in the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RowState {
    /// Reserved and given back.
    Queued,
    /// Reserved: it may have been sent if the journal has its entry.
    Running,
    /// Finished, except for a failed row with attempts left.
    Finished(RowStatus),
}

/// The record of a row.
#[derive(Clone, Debug)]
pub(super) struct Record<V> {
    pub state: RowState,
    /// Number of starts, including those that executed nothing.
    pub start: u32,
    /// Number of executions, including the running one.
    pub attempts: u32,
    /// Hash of the parameters.
    pub hash: String,
    /// The response of the execution.
    pub output: V,
    pub execution_id: Option<String>,
    /// For an unknown row: the executions that may be its own.
    pub candidates: V,
    /// For an unknown or rejected row: an object with `code` and `message`.
    pub error: V,
}

impl<V: Value> Record<V> {
    pub fn new(state: RowState, start: u32, attempts: u32, hash: &str) -> Self {
        Self {
            state,
            start,
            attempts,
            hash: hash.to_owned(),
            output: V::default(),
            execution_id: None,
            candidates: V::default(),
            error: V::default(),
        }
    }

    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float cast saturates")]
    pub fn read(value: &V) -> Option<Self> {
        let state = match value.get("status")?.as_string()?.as_str() {
            "queued" => RowState::Queued,
            "running" => RowState::Running,
            "done" => RowState::Finished(RowStatus::Done),
            "failed" => RowState::Finished(RowStatus::Failed),
            "unknown" => RowState::Finished(RowStatus::Unknown),
            "rejected" => RowState::Finished(RowStatus::Rejected),
            _ => return None,
        };
        Some(Self {
            state,
            start: value.get("start")?.as_f64()? as u32,
            attempts: value.get("attempts")?.as_f64()? as u32,
            hash: value.get("parameters")?.as_string()?,
            output: value.get("output").unwrap_or_default(),
            execution_id: value.get("executionId").and_then(|id| id.as_string()),
            candidates: value.get("candidates").unwrap_or_default(),
            error: value.get("error").unwrap_or_default(),
        })
    }

    pub fn write(&self) -> V {
        let status = match self.state {
            RowState::Queued => "queued",
            RowState::Running => "running",
            RowState::Finished(status) => status.as_str(),
        };
        V::object(&[
            ("status", V::from_string(status)),
            ("start", V::from_number(f64::from(self.start))),
            ("attempts", V::from_number(f64::from(self.attempts))),
            ("parameters", V::from_string(&self.hash)),
            ("output", self.output.clone()),
            ("executionId", self.execution_id.as_deref().map(V::from_string).unwrap_or_default()),
            ("candidates", self.candidates.clone()),
            ("error", self.error.clone()),
        ])
    }

    /// The final state, unless a failed row has attempts left.
    pub fn finished(&self, retry_failed: u32) -> Option<RowStatus> {
        match self.state {
            RowState::Finished(RowStatus::Failed) if self.attempts <= retry_failed => None,
            RowState::Finished(status) => Some(status),
            RowState::Queued | RowState::Running => None,
        }
    }

    /// Whether the row may have cost something, so that its parameters must not change.
    pub const fn is_bound(&self) -> bool {
        self.attempts > 0 || matches!(self.state, RowState::Running | RowState::Finished(RowStatus::Unknown))
    }
}

/// The header of a batch: its entry with the index −1.
#[derive(Clone, Debug)]
pub(super) struct Header {
    pub skill_id: String,
    /// Number of executions that were started, at most.
    pub executions: u32,
}

impl Header {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float cast saturates")]
    pub fn read<V: Value>(value: &V) -> Option<Self> {
        if value.get("version")?.as_f64()? > VERSION {
            return None;
        }
        Some(Self {
            skill_id: value.get("skillId")?.as_string()?,
            executions: value.get("executions")?.as_f64()? as u32,
        })
    }

    pub fn write<V: Value>(&self) -> V {
        V::object(&[
            ("version", V::from_number(VERSION)),
            ("skillId", V::from_string(&self.skill_id)),
            ("executions", V::from_number(f64::from(self.executions))),
        ])
    }
}

//! An execution, and its representation in lists.

use browser_use_skills::api::execution::SkillExecutionView;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::run::Outcome;
use crate::timestamp;

/// An execution of a skill. Its outcome is determined at the start, and reported as running until `finishes_at`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Execution {
    pub id: Uuid,
    pub skill_id: Uuid,
    /// The session that it runs in, if the caller named one.
    #[serde(default)]
    pub session_id: Option<Uuid>,
    pub started_at: u64,
    pub finishes_at: u64,
    pub outcome: Outcome,
}

impl Execution {
    pub const fn is_running(&self, now: u64) -> bool {
        now < self.finishes_at
    }

    /// The result, once the execution has finished.
    pub fn output(&self, now: u64) -> Option<&Value> {
        self.outcome.result.as_ref().filter(|_| !self.is_running(now))
    }

    /// How long it takes, in milliseconds.
    pub const fn latency_ms(&self) -> u64 {
        self.finishes_at.saturating_sub(self.started_at)
    }

    /// The entry in the list of executions.
    pub fn view(&self, now: u64) -> SkillExecutionView {
        let over = !self.is_running(now);
        let status = match (over, self.outcome.success) {
            (false, _) => "running",
            (true, true) => "completed",
            (true, false) => "failed",
        };
        SkillExecutionView {
            id: self.id,
            skill_id: self.skill_id,
            status: status.to_owned(),
            success: over && self.outcome.success,
            started_at: timestamp::format(self.started_at),
            finished_at: over.then(|| timestamp::format(self.finishes_at)),
            latency_ms: over.then(|| self.latency_ms()),
            has_output: self.output(now).is_some(),
        }
    }
}

//! Executions of an earlier page, for Rust callers.

use std::time::Duration;

use browser_use_skills_core::engine::Resumed;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::browser::Browser;
use super::read;
use crate::api::execution::ExecuteSkillResponse;
use crate::api::operation::Operation;
use crate::error::{Error, duration};

/// An execution started by an earlier page or worker. No other tab resumes it while this value exists.
pub struct ResumedExecution(pub(super) Resumed<Browser>);

impl std::fmt::Debug for ResumedExecution {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("ResumedExecution").field("tag", &self.tag()).finish_non_exhaustive()
    }
}

impl ResumedExecution {
    /// Id of the skill.
    #[must_use]
    pub fn skill_id(&self) -> Option<Uuid> {
        Uuid::parse_str(&self.0.skill_id()).ok()
    }

    /// Id of the execution, if already known.
    #[must_use]
    pub fn execution_id(&self) -> Option<Uuid> {
        Uuid::parse_str(&self.0.execution_id()?).ok()
    }

    /// The tag passed to [`Recover::tag`](super::Recover::tag).
    #[must_use]
    pub fn tag(&self) -> Option<String> {
        self.0.tag()
    }

    /// When the request was sent, as the time since the Unix epoch.
    #[must_use]
    pub fn sent_at(&self) -> Duration {
        duration(self.0.sent_at_ms())
    }

    /// Waits for the result.
    ///
    /// # Errors
    /// As [`Skills::execute`](super::Skills::execute).
    pub async fn result<Output: DeserializeOwned>(&self) -> Result<ExecuteSkillResponse<Output>, Error> {
        let response = self.0.result().await.map_err(Error::new)?;
        read(Operation::SkillsExecute, response.data)
    }

    /// Removes the execution from the journal. Call it once the result is stored.
    ///
    /// # Errors
    /// [`ErrorCode::Journal`](crate::ErrorCode::Journal) if writing the journal fails.
    pub async fn acknowledge(&self) -> Result<(), Error> {
        self.0.acknowledge().await.map_err(Error::new)
    }
}

//! Runs of an earlier page, for Rust callers.

use browser_use_skills_core::engine::Resumed;
use serde::de::DeserializeOwned;

use super::browser::Browser;
use super::decode_error;
use crate::api::execution::ExecuteSkillResponse;
use crate::api::operation::Operation;
use crate::error::Error;

/// A run that an earlier page or worker began. No other tab resumes it while this exists.
pub struct ResumedExecution(pub(super) Resumed<Browser>);

impl std::fmt::Debug for ResumedExecution {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("ResumedExecution").field("tag", &self.tag()).finish_non_exhaustive()
    }
}

impl ResumedExecution {
    /// The skill that was run.
    #[must_use]
    pub fn skill_id(&self) -> String {
        self.0.skill_id()
    }

    /// The execution, if it is known.
    #[must_use]
    pub fn execution_id(&self) -> Option<String> {
        self.0.execution_id()
    }

    /// The name that the run was given.
    #[must_use]
    pub fn tag(&self) -> Option<String> {
        self.0.tag()
    }

    /// When the request was sent, in milliseconds since the epoch.
    #[must_use]
    pub fn sent_at_ms(&self) -> f64 {
        self.0.sent_at_ms()
    }

    /// What became of the run.
    ///
    /// # Errors
    /// As [`Skills::execute`](super::Skills::execute).
    pub async fn result<Output: DeserializeOwned>(&self) -> Result<ExecuteSkillResponse<Output>, Error> {
        let response = self.0.result().await?;
        serde_wasm_bindgen::from_value(response.data.0)
            .map_err(|error| decode_error(Operation::SkillsExecute, error))
    }

    /// The result was stored: removes the run from the journal.
    ///
    /// # Errors
    /// [`ErrorCode::Journal`](crate::api::problem::ErrorCode::Journal) if the journal cannot be written.
    pub async fn acknowledge(&self) -> Result<(), Error> {
        self.0.acknowledge().await
    }
}

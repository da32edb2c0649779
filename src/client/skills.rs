//! The skills of your project, for Rust callers.

use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::{Client, NOTHING, WaitOptions, read};
use crate::api::execution::{
    ExecuteSkillRequest, ExecuteSkillResponse, SkillExecutionListParams, SkillExecutionOutputResponse,
};
use crate::api::operation::Operation;
use crate::api::page::{SkillExecutionListResponse, SkillListResponse};
use crate::api::skill::{
    CreateSkillRequest, CreateSkillResponse, RefineSkillRequest, RefineSkillResponse, SkillListParams,
    SkillResponse, UpdateSkillRequest,
};
use crate::error::Error;

/// The skills of your project.
#[derive(Clone, Copy, Debug)]
pub struct Skills<'a>(pub(super) &'a Client);

#[allow(clippy::missing_errors_doc, reason = "said once, above the struct")]
impl Skills<'_> {
    /// Starts the generation of a skill. Costs credits.
    pub async fn create(self, request: &CreateSkillRequest) -> Result<CreateSkillResponse, Error> {
        self.0.call(Operation::SkillsCreate, &[], Some(request)).await
    }

    /// Lists the project's skills, a page at a time.
    pub async fn list(self, params: &SkillListParams) -> Result<SkillListResponse, Error> {
        self.0.call(Operation::SkillsList, &[], Some(params)).await
    }

    /// Gets one skill.
    pub async fn get(self, skill_id: Uuid) -> Result<SkillResponse, Error> {
        self.0.call(Operation::SkillsGet, &[&skill_id], NOTHING).await
    }

    /// Updates the metadata of a skill, or enables or disables it.
    pub async fn update(self, skill_id: Uuid, request: &UpdateSkillRequest) -> Result<SkillResponse, Error> {
        self.0.call(Operation::SkillsUpdate, &[&skill_id], Some(request)).await
    }

    /// Deletes a skill permanently.
    pub async fn delete(self, skill_id: Uuid) -> Result<(), Error> {
        self.0.call(Operation::SkillsDelete, &[&skill_id], NOTHING).await
    }

    /// Cancels the generation in progress.
    pub async fn cancel(self, skill_id: Uuid) -> Result<SkillResponse, Error> {
        self.0.call(Operation::SkillsCancel, &[&skill_id], NOTHING).await
    }

    /// Executes a skill and waits for its output. Costs credits.
    pub async fn execute<Output: DeserializeOwned>(
        self,
        skill_id: Uuid,
        request: &ExecuteSkillRequest<impl Serialize>,
    ) -> Result<ExecuteSkillResponse<Output>, Error> {
        self.0.call(Operation::SkillsExecute, &[&skill_id], Some(request)).await
    }

    /// Starts a new version of a skill. Costs no credits.
    pub async fn refine(
        self,
        skill_id: Uuid,
        request: &RefineSkillRequest,
    ) -> Result<RefineSkillResponse, Error> {
        self.0.call(Operation::SkillsRefine, &[&skill_id], Some(request)).await
    }

    /// Waits until a skill is finished. Polls immediately, then after 1 to 60 seconds: less often the longer it waits.
    ///
    /// # Errors
    /// [`ErrorCode::SkillGeneration`](crate::ErrorCode::SkillGeneration) if the generation failed, was cancelled or timed out.
    pub async fn wait_until_finished(
        self,
        skill_id: Uuid,
        mut options: WaitOptions,
    ) -> Result<SkillResponse, Error> {
        self.0.for_wait(&mut options)?.wait(skill_id, None, options).await
    }

    /// Starts a new version of a skill and waits until it is finished.
    pub async fn refine_and_wait(
        self,
        skill_id: Uuid,
        request: &RefineSkillRequest,
        mut options: WaitOptions,
    ) -> Result<SkillResponse, Error> {
        let client = self.0.for_wait(&mut options)?;
        let before = client.skills().get(skill_id).await?.current_version;
        client.skills().refine(skill_id, request).await?;
        let waited = client.wait(skill_id, before.or(Some(0)), options).await;
        waited.map_err(|error| error.after_start(skill_id))
    }

    /// Starts the generation of a skill and waits until it is finished. Errors after the start have the skill's id. If the
    /// future may be dropped, store the id in [`WaitOptions::on_created`].
    pub async fn create_and_wait(
        self,
        request: &CreateSkillRequest,
        mut options: WaitOptions,
    ) -> Result<SkillResponse, Error> {
        let client = self.0.for_wait(&mut options)?;
        let id = client.skills().create(request).await?.id;
        if let Some(on_created) = &options.on_created {
            on_created(id);
        }
        client.wait(id, None, options).await.map_err(|error| error.after_start(id))
    }

    /// Waits until an execution has ended, and fetches its output.
    pub async fn execution_result<Output: DeserializeOwned>(
        self,
        skill_id: Uuid,
        execution_id: Uuid,
    ) -> Result<ExecuteSkillResponse<Output>, Error> {
        let (skill_id, execution_id) = (skill_id.to_string(), execution_id.to_string());
        let response = self.0.core.execution_result(&skill_id, &execution_id, &self.0.options).await;
        read(Operation::SkillsExecutionOutput, response.map_err(Error::new)?.data)
    }

    /// Restores the previous version. Cannot be undone.
    pub async fn rollback(self, skill_id: Uuid) -> Result<SkillResponse, Error> {
        self.0.call(Operation::SkillsRollback, &[&skill_id], NOTHING).await
    }

    /// Lists the executions of a skill, newest first.
    pub async fn executions(
        self,
        skill_id: Uuid,
        params: &SkillExecutionListParams,
    ) -> Result<SkillExecutionListResponse, Error> {
        self.0.call(Operation::SkillsExecutions, &[&skill_id], Some(params)).await
    }

    /// Returns the URL of the output of an execution.
    pub async fn execution_output(
        self,
        skill_id: Uuid,
        execution_id: Uuid,
    ) -> Result<SkillExecutionOutputResponse, Error> {
        self.0.call(Operation::SkillsExecutionOutput, &[&skill_id, &execution_id], NOTHING).await
    }
}

//! The skills of one's own project, from Rust.

use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::{Client, NOTHING};
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

/// The skills of one's own project. Every method fails with what [`Operation`]'s table declares, and with what may
/// happen to any request.
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

    /// Changes what is said about a skill, or whether it is enabled.
    pub async fn update(self, skill_id: Uuid, request: &UpdateSkillRequest) -> Result<SkillResponse, Error> {
        self.0.call(Operation::SkillsUpdate, &[&skill_id], Some(request)).await
    }

    /// Deletes a skill for good.
    pub async fn delete(self, skill_id: Uuid) -> Result<(), Error> {
        self.0.call(Operation::SkillsDelete, &[&skill_id], NOTHING).await
    }

    /// Cancels the generation that is going on.
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

    /// Starts a new version of a skill. Free.
    pub async fn refine(
        self,
        skill_id: Uuid,
        request: &RefineSkillRequest,
    ) -> Result<RefineSkillResponse, Error> {
        self.0.call(Operation::SkillsRefine, &[&skill_id], Some(request)).await
    }

    /// Waits until a skill is finished: looks at once, then ever less often, from 1 s to 10 s. Waits for ever, unless
    /// an abort ends it.
    ///
    /// Fails with [`ErrorCode::SkillGeneration`](crate::api::problem::ErrorCode::SkillGeneration) when the generation
    /// ends in another way.
    pub async fn wait_until_finished(self, skill_id: Uuid) -> Result<SkillResponse, Error> {
        self.0.wait(skill_id, None).await
    }

    /// Starts a new version of a skill and waits until it is finished.
    pub async fn refine_and_wait(
        self,
        skill_id: Uuid,
        request: &RefineSkillRequest,
    ) -> Result<SkillResponse, Error> {
        let before = self.get(skill_id).await?.current_version;
        self.refine(skill_id, request).await?;
        self.0.wait(skill_id, before.or(Some(0))).await.map_err(Error::after_start)
    }

    /// Starts the generation of a skill and waits until it is finished.
    pub async fn create_and_wait(self, request: &CreateSkillRequest) -> Result<SkillResponse, Error> {
        let id = self.create(request).await?.id;
        self.0.wait(id, None).await.map_err(Error::after_start)
    }

    /// Goes back to the version before. Cannot be undone.
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

    /// Tells where the output of an execution can be fetched.
    pub async fn execution_output(
        self,
        skill_id: Uuid,
        execution_id: Uuid,
    ) -> Result<SkillExecutionOutputResponse, Error> {
        self.0.call(Operation::SkillsExecutionOutput, &[&skill_id, &execution_id], NOTHING).await
    }
}

//! The operations on executions.

use browser_use_skills::api::execution::{
    ExecuteSkillRequest, ExecuteSkillResponse, SkillExecutionListParams, SkillExecutionOutputResponse,
};
use browser_use_skills::api::page::SkillExecutionListResponse;
use browser_use_skills::api::problem::ErrorCode;
use uuid::Uuid;

use crate::execution::Execution;
use crate::rejection::Rejection;
use crate::run::{self, Outcome};
use crate::state::Emulator;
use crate::{list, output};

impl Emulator {
    /// `skills.execute`
    pub(crate) fn execute(
        &mut self,
        id: Uuid,
        request: ExecuteSkillRequest,
        now: u64,
    ) -> Result<ExecuteSkillResponse, Rejection> {
        self.own(id)?.executable()?;
        self.require_execution_credits()?;
        match request.session_id {
            Some(session_id) => self.require_active_session(session_id, now)?,
            None => self.require_free_session(now)?,
        }
        self.run(id, request, now)
    }

    /// `marketplace.execute`, which has no session limit.
    pub(crate) fn execute_public(
        &mut self,
        id: Uuid,
        request: ExecuteSkillRequest,
        now: u64,
    ) -> Result<ExecuteSkillResponse, Rejection> {
        self.public(id)?.executable()?;
        self.require_execution_credits()?;
        if let Some(session_id) = request.session_id {
            self.require_active_session(session_id, now)?;
        }
        self.run(id, request, now)
    }

    pub(crate) fn require_execution_credits(&self) -> Result<(), Rejection> {
        if self.settings.credits < self.settings.minimum_to_execute {
            return Err(ErrorCode::InsufficientCredits.into());
        }
        Ok(())
    }

    fn run(
        &mut self,
        skill_id: Uuid,
        request: ExecuteSkillRequest,
        now: u64,
    ) -> Result<ExecuteSkillResponse, Rejection> {
        let ExecuteSkillRequest { parameters, session_id } = request;
        let parameters = parameters.unwrap_or_default();
        let skill = self.skill(skill_id)?;
        let outcome = run::run(skill, skill.executable()?, &parameters, self.settings.seed, now);
        let execution = Execution {
            id: self.ids.uuid(),
            skill_id,
            session_id,
            started_at: now,
            finishes_at: now.saturating_add(self.settings.execution_ms),
            outcome: outcome.clone(),
        };
        self.settings.charge(self.settings.execute_cost);
        self.use_session(session_id, execution.finishes_at);
        let latency_ms = Some(execution.latency_ms());
        self.executions.push(execution);
        let Outcome { success, result, error, stderr } = outcome;
        Ok(ExecuteSkillResponse { success, result, error, stderr, latency_ms })
    }

    /// `skills.executions`
    pub(crate) fn list_executions(
        &self,
        id: Uuid,
        params: &SkillExecutionListParams,
        now: u64,
    ) -> Result<SkillExecutionListResponse, Rejection> {
        self.own(id)?;
        let of_skill = self.executions.iter().rev().filter(|execution| execution.skill_id == id);
        let views = of_skill.map(|execution| execution.view(now)).collect();
        let page = list::page(views, params.page_size, params.page_number);
        Ok(SkillExecutionListResponse {
            items: page.items,
            total_items: page.total_items,
            page_number: page.page_number,
            page_size: page.page_size,
        })
    }

    /// `skills.executionOutput`
    pub(crate) fn execution_output(
        &self,
        id: Uuid,
        execution_id: Uuid,
        origin: &str,
        now: u64,
    ) -> Result<SkillExecutionOutputResponse, Rejection> {
        self.own(id)?;
        let execution = self
            .executions
            .iter()
            .find(|execution| execution.id == execution_id && execution.skill_id == id)
            .ok_or(ErrorCode::SkillNotFound)?;
        execution.output(now).ok_or(ErrorCode::SkillNotFound)?;
        let download_url = output::url(origin, execution_id, now, self.settings.seed);
        Ok(SkillExecutionOutputResponse { download_url })
    }
}

//! The operations on the caller's skills, except for executions.

use browser_use_skills::api::page::SkillListResponse;
use browser_use_skills::api::problem::ErrorCode;
use browser_use_skills::api::skill::{
    CreateSkillRequest, CreateSkillResponse, RefineSkillRequest, RefineSkillResponse, SkillListParams,
    SkillResponse, UpdateSkillRequest,
};
use browser_use_skills::api::value::{Patch, SkillsGenerationStatus};
use uuid::Uuid;

use crate::list::{self, Filter};
use crate::rejection::Rejection;
use crate::skill::{Generation, Skill};
use crate::state::Emulator;

impl Emulator {
    /// `skills.create`
    pub(crate) fn create(
        &mut self,
        request: CreateSkillRequest,
        now: u64,
    ) -> Result<CreateSkillResponse, Rejection> {
        if self.skills.iter().any(|skill| skill.is_own && skill.is_being_created()) {
            return Err(ErrorCode::ConcurrentSkillCreations.into());
        }
        if self.settings.credits < self.settings.minimum_to_create {
            return Err(ErrorCode::InsufficientCredits.into());
        }
        self.require_free_session(now)?;
        let instructions = format!("{} {}", request.goal, request.agent_prompt);
        let generation = self.generation(&instructions, self.settings.create_cost, now);
        self.settings.charge(self.settings.create_cost);
        let id = self.ids.uuid();
        let skill = Skill {
            id,
            is_own: true,
            slug: String::new(),
            title: request.title,
            description: request.description,
            categories: Vec::new(),
            domains: Vec::new(),
            goal: request.goal,
            agent_prompt: request.agent_prompt,
            is_enabled: self.may_enable_another(),
            is_public: false,
            is_official: false,
            clone_count: 0,
            icon_url: None,
            published_at: None,
            cloned_from: None,
            created_at: now,
            updated_at: now,
            versions: Vec::new(),
            idle_status: SkillsGenerationStatus::Finished,
            generation: Some(generation),
            was_generated: true,
            has_code: false,
        };
        self.skills.push(skill);
        Ok(CreateSkillResponse { id })
    }

    /// Starts a generation. Markers in the instructions determine its final status.
    pub(crate) fn generation(&self, instructions: &str, charged: f64, now: u64) -> Generation {
        let duration_ms = self.settings.generation_ms;
        Generation {
            started_at: now,
            recorded_at: now.saturating_add(duration_ms / 2),
            ends_at: now.saturating_add(duration_ms),
            ending: if instructions.contains("[fail]") {
                SkillsGenerationStatus::Failed
            } else if instructions.contains("[timeout]") {
                SkillsGenerationStatus::TimedOut
            } else {
                SkillsGenerationStatus::Finished
            },
            charged,
        }
    }

    /// `skills.list`
    pub(crate) fn list_own(&self, params: SkillListParams, now: u64) -> SkillListResponse {
        let filter = Filter {
            category: params.category,
            query: params.query,
            from_date: params.from_date,
            to_date: params.to_date,
        };
        let mut matching: Vec<_> = self
            .skills
            .iter()
            .rev()
            .filter(|skill| {
                skill.is_own
                    && params.is_public.is_none_or(|wanted| wanted == skill.is_public)
                    && params.is_enabled.is_none_or(|wanted| wanted == skill.is_enabled)
                    && filter.matches(skill, skill.created_at)
            })
            .collect();
        matching.sort_by_key(|skill| std::cmp::Reverse(skill.created_at));
        let page = list::page(matching, params.page_size, params.page_number);
        SkillListResponse {
            items: page.items.into_iter().map(|skill| skill.response(now)).collect(),
            total_items: page.total_items,
            page_number: page.page_number,
            page_size: page.page_size,
        }
    }

    /// `skills.get`
    pub(crate) fn get(&self, id: Uuid, now: u64) -> Result<SkillResponse, Rejection> {
        Ok(self.own(id)?.response(now))
    }

    /// `skills.update`. A null field stays unchanged.
    pub(crate) fn update(
        &mut self,
        id: Uuid,
        request: UpdateSkillRequest,
        now: u64,
    ) -> Result<SkillResponse, Rejection> {
        let may_enable = self.may_enable_another();
        let skill = self.own_mut(id)?;
        if request.is_enabled == Patch::Set(true) && !skill.is_enabled && !may_enable {
            return Err(ErrorCode::EnabledSkillsLimitExceeded.into());
        }
        if let Patch::Set(title) = request.title {
            skill.title = Some(title);
        }
        if let Patch::Set(description) = request.description {
            skill.description = Some(description);
        }
        if let Patch::Set(categories) = request.categories {
            skill.categories = categories;
        }
        if let Patch::Set(domains) = request.domains {
            skill.domains = domains;
        }
        if let Patch::Set(enabled) = request.is_enabled {
            skill.is_enabled = enabled;
        }
        skill.updated_at = now;
        Ok(skill.response(now))
    }

    /// `skills.delete`. Its executions are no longer listed.
    pub(crate) fn delete(&mut self, id: Uuid) -> Result<(), Rejection> {
        if self.own(id)?.generation.is_some() {
            return Err(ErrorCode::CannotDeleteSkillWhileGenerating.into());
        }
        self.skills.retain(|skill| skill.id != id);
        Ok(())
    }

    /// `skills.cancel`
    pub(crate) fn cancel(&mut self, id: Uuid, now: u64) -> Result<SkillResponse, Rejection> {
        let skill = self.own_mut(id)?;
        if !skill.was_generated {
            return Err(ErrorCode::SkillNotFound.into());
        }
        if skill.generation.is_none() {
            return Err(ErrorCode::GenerationNotCancellable.into());
        }
        let refund = skill.end_generation(SkillsGenerationStatus::Cancelled, now);
        let response = skill.response(now);
        self.settings.charge(-refund);
        Ok(response)
    }

    /// `skills.refine`
    pub(crate) fn refine(
        &mut self,
        id: Uuid,
        request: &RefineSkillRequest,
        now: u64,
    ) -> Result<RefineSkillResponse, Rejection> {
        let skill = self.own(id)?;
        let finished = skill.status(now) == SkillsGenerationStatus::Finished;
        if !skill.has_code && skill.generation.is_none() {
            return Err(ErrorCode::SkillNotFound.into());
        }
        if !finished || skill.is_public {
            return Err(ErrorCode::SkillNotFinished.into());
        }
        self.require_free_session(now)?;
        let generation = self.generation(&request.feedback, 0.0, now);
        let skill = self.own_mut(id)?;
        skill.generation = Some(Generation { recorded_at: now, ..generation });
        skill.was_generated = true;
        skill.updated_at = now;
        Ok(RefineSkillResponse { id })
    }

    /// `skills.rollback`. Rejected also while a generation is in progress.
    pub(crate) fn rollback(&mut self, id: Uuid, now: u64) -> Result<SkillResponse, Rejection> {
        let skill = self.own_mut(id)?;
        if skill.is_public {
            return Err(ErrorCode::CannotRollbackPublicSkill.into());
        }
        if skill.generation.is_some() {
            return Err(Rejection::Other(400, "The skill is generating"));
        }
        if skill.versions.len() < 2 {
            return Err(Rejection::Other(400, "There is no earlier version"));
        }
        skill.versions.pop();
        skill.updated_at = now;
        Ok(skill.response(now))
    }
}

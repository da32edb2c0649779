//! The operations on public skills, except for execution.

use browser_use_skills::api::marketplace::{MarketplaceListParams, MarketplaceSkillResponse};
use browser_use_skills::api::page::MarketplaceSkillListResponse;
use browser_use_skills::api::problem::ErrorCode;
use browser_use_skills::api::skill::SkillResponse;
use browser_use_skills::api::value::SkillsGenerationStatus;
use uuid::Uuid;

use crate::list::{self, Filter};
use crate::rejection::Rejection;
use crate::skill::{Skill, Version};
use crate::state::Emulator;

/// When a skill was first published.
fn first_published_at(skill: &Skill) -> u64 {
    skill.published_at.map_or(skill.created_at, |(first, _)| first)
}

impl Emulator {
    /// `marketplace.list`
    pub(crate) fn list_public(&self, params: MarketplaceListParams) -> MarketplaceSkillListResponse {
        let filter = Filter {
            category: params.category,
            query: params.query,
            from_date: params.from_date,
            to_date: params.to_date,
        };
        let public = self.skills.iter().rev().filter(|skill| skill.is_public);
        let mut matching: Vec<_> =
            public.filter(|skill| filter.matches(skill, first_published_at(skill))).collect();
        matching.sort_by_key(|skill| std::cmp::Reverse(first_published_at(skill)));
        let page = list::page(matching, params.page_size, params.page_number);
        MarketplaceSkillListResponse {
            items: page.items.into_iter().map(Skill::marketplace_response).collect(),
            total_items: page.total_items,
            page_number: page.page_number,
            page_size: page.page_size,
        }
    }

    /// `marketplace.get`
    pub(crate) fn get_public(&self, slug: &str) -> Result<MarketplaceSkillResponse, Rejection> {
        let skill = self.skills.iter().find(|skill| skill.is_public && skill.slug == slug);
        Ok(skill.ok_or(ErrorCode::SkillNotFound)?.marketplace_response())
    }

    /// `marketplace.clone`
    pub(crate) fn clone_public(&mut self, id: Uuid, now: u64) -> Result<SkillResponse, Rejection> {
        let is_enabled = self.may_enable_another();
        let original = self.public(id)?;
        let version = original.versions.last().filter(|_| original.has_code);
        let (Some(version), SkillsGenerationStatus::Finished) = (version, original.status(now)) else {
            return Err(ErrorCode::SkillNotFinished.into());
        };
        let version = Version { started_at: now, finished_at: now, ..version.clone() };
        let copy = Skill {
            id: Uuid::nil(),
            is_own: true,
            slug: String::new(),
            is_enabled,
            is_public: false,
            is_official: false,
            clone_count: 0,
            published_at: None,
            cloned_from: Some(id),
            created_at: now,
            updated_at: now,
            versions: vec![version],
            was_generated: false,
            ..original.clone()
        };
        let copy = Skill { id: self.ids.uuid(), ..copy };
        let response = copy.response(now);
        self.skills.push(copy);
        if let Some(original) = self.skills.iter_mut().find(|skill| skill.id == id) {
            original.clone_count = original.clone_count.saturating_add(1);
        }
        Ok(response)
    }
}

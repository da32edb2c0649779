//! A skill, and its representations in responses.

use std::collections::BTreeMap;

use browser_use_skills::api::marketplace::MarketplaceSkillResponse;
use browser_use_skills::api::problem::ErrorCode;
use browser_use_skills::api::skill::{ParameterSchema, SkillResponse};
use browser_use_skills::api::value::{SkillCategory, SkillsGenerationStatus};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::accepts::Accepts;
use crate::timestamp;

/// A version of a skill.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Version {
    pub parameters: Vec<ParameterSchema>,
    /// By the name of the parameter.
    pub accepts: BTreeMap<String, Accepts>,
    pub output_schema: Map<String, Value>,
    pub started_at: u64,
    pub finished_at: u64,
}

/// A generation in progress, of the first version or of a refinement.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Generation {
    pub started_at: u64,
    /// When the recording ends. Refinements have no recording.
    pub recorded_at: u64,
    pub ends_at: u64,
    /// The status after it.
    pub ending: SkillsGenerationStatus,
    /// The price that was charged, in USD.
    pub charged: f64,
}

/// A skill. Timestamps are in milliseconds since the Unix epoch.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Skill {
    pub id: Uuid,
    /// Whether it belongs to the caller's project.
    pub is_own: bool,
    /// Its name in URLs. Included in responses only while the skill is public.
    pub slug: String,
    /// `None` until the caller sets it or the generation finishes.
    pub title: Option<String>,
    pub description: Option<String>,
    pub categories: Vec<SkillCategory>,
    pub domains: Vec<String>,
    pub goal: String,
    pub agent_prompt: String,
    pub is_enabled: bool,
    pub is_public: bool,
    pub is_official: bool,
    pub clone_count: u32,
    pub icon_url: Option<String>,
    /// First and last publication.
    pub published_at: Option<(u64, u64)>,
    pub cloned_from: Option<Uuid>,
    pub created_at: u64,
    pub updated_at: u64,
    /// The last version is the current one.
    pub versions: Vec<Version>,
    /// The status when no generation is in progress.
    pub idle_status: SkillsGenerationStatus,
    pub generation: Option<Generation>,
    /// Whether it was generated in this project. False for a clone that was never refined.
    pub was_generated: bool,
    pub has_code: bool,
}

impl Skill {
    /// The current status.
    pub fn status(&self, now: u64) -> SkillsGenerationStatus {
        match &self.generation {
            Some(generation) if now < generation.recorded_at => SkillsGenerationStatus::Recording,
            Some(_) => SkillsGenerationStatus::Generating,
            None => self.idle_status.clone(),
        }
    }

    /// Whether its first version is being generated.
    pub fn is_being_created(&self) -> bool {
        self.generation.is_some() && self.versions.is_empty()
    }

    /// Returns the current version if it can be executed.
    ///
    /// The previous version stays executable during a refinement.
    pub fn executable(&self) -> Result<&Version, ErrorCode> {
        let finished = self.idle_status == SkillsGenerationStatus::Finished;
        match self.versions.last().filter(|_| self.has_code) {
            None if self.generation.is_some() => Err(ErrorCode::SkillNotFinished),
            None => Err(ErrorCode::SkillNotFound),
            Some(version) if finished && self.is_enabled => Ok(version),
            Some(_) => Err(ErrorCode::SkillNotFinished),
        }
    }

    fn current_version(&self) -> Option<u32> {
        u32::try_from(self.versions.len()).ok().filter(|number| *number > 0)
    }

    /// The title, or a placeholder.
    pub fn title(&self) -> String {
        self.title.clone().unwrap_or_else(|| "New skill".to_owned())
    }

    fn description(&self) -> String {
        self.description.clone().unwrap_or_else(|| "This skill is being generated.".to_owned())
    }

    fn parameters(&self) -> Vec<ParameterSchema> {
        self.versions.last().map(|version| version.parameters.clone()).unwrap_or_default()
    }

    fn output_schema(&self) -> Map<String, Value> {
        self.versions.last().map(|version| version.output_schema.clone()).unwrap_or_default()
    }

    /// The representation for its owner.
    pub fn response(&self, now: u64) -> SkillResponse {
        let version = self.versions.last();
        SkillResponse {
            id: self.id,
            slug: self.is_public.then(|| self.slug.clone()),
            title: self.title(),
            description: self.description(),
            categories: self.categories.clone(),
            domains: self.domains.clone(),
            goal: Some(self.goal.clone()),
            agent_prompt: Some(self.agent_prompt.clone()),
            status: self.status(now),
            parameters: self.parameters(),
            output_schema: self.output_schema(),
            is_enabled: self.is_enabled,
            is_public: self.is_public,
            icon_url: self.icon_url.clone(),
            first_published_at: self.published_at.map(|(first, _)| timestamp::format(first)),
            last_published_at: self.published_at.map(|(_, last)| timestamp::format(last)),
            current_version: self.current_version(),
            current_version_started_at: version.map(|version| timestamp::format(version.started_at)),
            current_version_finished_at: version.map(|version| timestamp::format(version.finished_at)),
            code: None,
            cloned_from_skill_id: self.cloned_from,
            created_at: timestamp::format(self.created_at),
            updated_at: timestamp::format(self.updated_at),
        }
    }

    /// The representation in the marketplace.
    pub fn marketplace_response(&self) -> MarketplaceSkillResponse {
        let (first, last) = self.published_at.unwrap_or((self.created_at, self.created_at));
        MarketplaceSkillResponse {
            id: self.id,
            slug: self.slug.clone(),
            title: self.title(),
            description: self.description(),
            categories: self.categories.clone(),
            domains: self.domains.clone(),
            parameters: self.parameters(),
            output_schema: self.output_schema(),
            current_version: self.current_version(),
            is_official: self.is_official,
            clone_count: self.clone_count,
            icon_url: self.icon_url.clone(),
            first_published_at: timestamp::format(first),
            last_published_at: timestamp::format(last),
            created_at: timestamp::format(self.created_at),
            updated_at: timestamp::format(self.updated_at),
        }
    }

    /// Publishes or unpublishes the skill. The API has no operation for it.
    pub fn publish(&mut self, public: bool, now: u64) {
        if public && !self.is_public {
            let first = self.published_at.map_or(now, |(first, _)| first);
            self.published_at = Some((first, now));
        }
        self.is_public = public;
        self.updated_at = now;
    }
}

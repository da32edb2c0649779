//! A skill as the emulator keeps it, and as it is shown.

use browser_use_skills::api::marketplace::MarketplaceSkillResponse;
use browser_use_skills::api::problem::ErrorCode;
use browser_use_skills::api::skill::{ParameterSchema, SkillResponse};
use browser_use_skills::api::value::{SkillCategory, SkillsGenerationStatus};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::{invent, moment};

/// What each new version of a skill may bring.
#[derive(Clone, Debug)]
pub struct Version {
    pub parameters: Vec<ParameterSchema>,
    pub output_schema: Map<String, Value>,
    pub started_at: u64,
    pub finished_at: u64,
}

/// A generation that is going on: of the first version, or of the next.
#[derive(Clone, Debug)]
pub struct Generation {
    pub started_at: u64,
    /// When the recording is done. A refinement needs none.
    pub recorded_at: u64,
    pub ends_at: u64,
    /// How it will end.
    pub ending: SkillsGenerationStatus,
    /// What it cost.
    pub charged: f64,
}

/// A skill. Times are in milliseconds since 1970.
#[derive(Clone, Debug)]
pub struct Skill {
    pub id: Uuid,
    /// Whether it belongs to the caller's project.
    pub own: bool,
    /// Its name in addresses; shown only while it is public.
    pub slug: String,
    /// Nothing until it is given or made up.
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
    /// First and last time.
    pub published_at: Option<(u64, u64)>,
    pub cloned_from: Option<Uuid>,
    pub created_at: u64,
    pub updated_at: u64,
    /// The last one is in use.
    pub versions: Vec<Version>,
    /// The status when nothing is going on.
    pub rest: SkillsGenerationStatus,
    pub generation: Option<Generation>,
    /// Whether it was ever generated here: a clone was not.
    pub was_generated: bool,
    pub has_code: bool,
}

impl Skill {
    /// How far it is.
    pub fn status(&self, now: u64) -> SkillsGenerationStatus {
        match &self.generation {
            Some(generation) if now < generation.recorded_at => SkillsGenerationStatus::Recording,
            Some(_) => SkillsGenerationStatus::Generating,
            None => self.rest.clone(),
        }
    }

    /// Whether its first version is being made.
    pub fn is_being_created(&self) -> bool {
        self.generation.is_some() && self.versions.is_empty()
    }

    /// Ends a generation whose time has come. Returns what is given back for it.
    pub fn settle(&mut self, now: u64) -> f64 {
        match &self.generation {
            Some(generation) if generation.ends_at <= now => {
                let (ending, at) = (generation.ending.clone(), generation.ends_at);
                self.end_generation(ending, at)
            }
            _ => 0.0,
        }
    }

    /// Ends the generation that is going on. Returns what is given back for it.
    ///
    /// A refinement that is cancelled leaves the skill finished, as it was. One that fails leaves it failed.
    pub fn end_generation(&mut self, ending: SkillsGenerationStatus, at: u64) -> f64 {
        let Some(generation) = self.generation.take() else { return 0.0 };
        self.updated_at = at;
        match ending {
            SkillsGenerationStatus::Finished => {
                let mut version = invent::version(self);
                (version.started_at, version.finished_at) = (generation.started_at, at);
                invent::describe(self);
                self.versions.push(version);
                self.has_code = true;
                self.rest = ending;
                0.0
            }
            SkillsGenerationStatus::Cancelled if !self.versions.is_empty() => 0.0,
            _ => {
                self.rest = ending;
                generation.charged
            }
        }
    }

    /// The version in use, if it can be executed, by the owner or by anybody.
    ///
    /// The old version stays executable during a refinement.
    pub fn executable(&self) -> Result<&Version, ErrorCode> {
        let finished = self.rest == SkillsGenerationStatus::Finished;
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

    /// The title, or what stands for it.
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

    /// As its owner sees it.
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
            first_published_at: self.published_at.map(|(first, _)| moment::write(first)),
            last_published_at: self.published_at.map(|(_, last)| moment::write(last)),
            current_version: self.current_version(),
            current_version_started_at: version.map(|version| moment::write(version.started_at)),
            current_version_finished_at: version.map(|version| moment::write(version.finished_at)),
            code: None,
            cloned_from_skill_id: self.cloned_from,
            created_at: moment::write(self.created_at),
            updated_at: moment::write(self.updated_at),
        }
    }

    /// As everybody sees it in the marketplace.
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
            first_published_at: moment::write(first),
            last_published_at: moment::write(last),
            created_at: moment::write(self.created_at),
            updated_at: moment::write(self.updated_at),
        }
    }

    /// Puts it into the marketplace, or takes it out. No operation of the API can.
    pub fn publish(&mut self, public: bool, now: u64) {
        if public && !self.is_public {
            let first = self.published_at.map_or(now, |(first, _)| first);
            self.published_at = Some((first, now));
        }
        self.is_public = public;
        self.updated_at = now;
    }
}

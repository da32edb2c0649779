//! Skills of the key's project: requests and responses.

use browser_use_skills_macros::Model;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::value::{DateTime, ParameterType, Patch, SkillCategory, SkillsGenerationStatus};

/// What the generation of a new skill starts from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Model)]
#[serde(rename_all = "camelCase", default)]
pub struct CreateSkillRequest {
    /// Name of the skill. The service makes one up when there is none.
    #[model(max = 100)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What the skill does, in a few sentences. The service makes one up when there is none.
    #[model(max = 1000)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// What the skill is to achieve and what its caller gets back.
    #[model(max = 1000)]
    pub goal: String,
    /// Instructions for the agent that records the skill.
    #[model(min = 10)]
    pub agent_prompt: String,
}

/// The id of a skill whose generation was started.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Model)]
pub struct CreateSkillResponse {
    /// Id of the new skill. Poll `skills.get` with it until the status is final.
    pub id: Uuid,
}

/// What is wrong with the last version of a skill.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Model)]
#[serde(rename_all = "camelCase", default)]
pub struct RefineSkillRequest {
    /// What is to become better.
    #[model(min = 10)]
    pub feedback: String,
    /// What the last try returned, for the agent to look at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub test_output: Option<String>,
    /// What the last try logged, for the agent to look at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub test_logs: Option<String>,
}

/// The id of a skill whose refinement was started.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Model)]
pub struct RefineSkillResponse {
    /// Id of the skill: the same as before.
    pub id: Uuid,
}

/// A change to what is said about a skill. A field that is absent stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Model)]
#[serde(rename_all = "camelCase", default)]
pub struct UpdateSkillRequest {
    /// Name of the skill.
    #[model(max = 100)]
    #[serde(skip_serializing_if = "Patch::is_absent")]
    pub title: Patch<String>,
    /// What the skill does.
    #[model(max = 1000)]
    #[serde(skip_serializing_if = "Patch::is_absent")]
    pub description: Patch<String>,
    /// What the skill is for.
    #[serde(skip_serializing_if = "Patch::is_absent")]
    pub categories: Patch<Vec<SkillCategory>>,
    /// Websites that the skill talks to.
    #[serde(skip_serializing_if = "Patch::is_absent")]
    pub domains: Patch<Vec<String>>,
    /// Whether the skill may be executed. A plan limits how many are enabled at once.
    #[serde(skip_serializing_if = "Patch::is_absent")]
    pub is_enabled: Patch<bool>,
}

/// Which skills to list, and which page of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Model)]
#[serde(rename_all = "camelCase", default)]
pub struct SkillListParams {
    /// Skills a page. The API's default is 10.
    #[model(min = 1, max = 100, not_null)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page_size: Option<u32>,
    /// The page, counted from 1. The API's default is 1.
    #[model(min = 1, not_null)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page_number: Option<u32>,
    /// Only public ones, or only private ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_public: Option<bool>,
    /// Only enabled ones, or only disabled ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_enabled: Option<bool>,
    /// Only those of this category.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<SkillCategory>,
    /// Only those that this text is found in.
    #[model(max = 100)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    /// Only those from this point in time on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from_date: Option<DateTime>,
    /// Only those up to this point in time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to_date: Option<DateTime>,
}

/// An input that a skill takes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Model)]
#[serde(rename_all = "camelCase")]
pub struct ParameterSchema {
    /// The key under `parameters` of an execution.
    pub name: String,
    /// What kind of value it takes.
    pub r#type: ParameterType,
    /// Whether an execution must give it. True when absent.
    #[model(optional)]
    #[serde(default = "required_by_default")]
    pub required: bool,
    /// What it means.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The value that is used when an execution gives none.
    #[model(shape = Any)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<Value>,
    /// For a cookie: the domain that it comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cookie_domain: Option<String>,
}

const fn required_by_default() -> bool {
    true
}

/// A skill of the key's project.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Model)]
#[serde(rename_all = "camelCase")]
pub struct SkillResponse {
    /// Id of the skill.
    pub id: Uuid,
    /// The slug in the URL of its marketplace page.
    pub slug: Option<String>,
    /// Name of the skill.
    pub title: String,
    /// What the skill does.
    pub description: String,
    /// What the skill is for.
    pub categories: Vec<SkillCategory>,
    /// Websites that the skill talks to.
    pub domains: Vec<String>,
    /// What the skill is to achieve. Not shown in the marketplace.
    pub goal: Option<String>,
    /// The instructions for the agent. Not shown in the marketplace.
    pub agent_prompt: Option<String>,
    /// How far the generation is.
    pub status: SkillsGenerationStatus,
    /// What an execution takes.
    pub parameters: Vec<ParameterSchema>,
    /// JSON Schema of what an execution returns.
    pub output_schema: Map<String, Value>,
    /// Whether the skill may be executed.
    pub is_enabled: bool,
    /// Whether the skill is in the marketplace.
    pub is_public: bool,
    /// URL of the skill's icon.
    pub icon_url: Option<String>,
    /// When it was put into the marketplace first.
    pub first_published_at: Option<DateTime>,
    /// When it was put into the marketplace last.
    pub last_published_at: Option<DateTime>,
    /// Number of the version in use, from 1; null before the first one is finished.
    #[model(required)]
    pub current_version: Option<u32>,
    /// When the generation of the version in use began.
    pub current_version_started_at: Option<DateTime>,
    /// When the generation of the version in use ended.
    pub current_version_finished_at: Option<DateTime>,
    /// The generated code, base64. Only on enterprise plans.
    pub code: Option<String>,
    /// The marketplace skill that this one is a copy of.
    pub cloned_from_skill_id: Option<Uuid>,
    /// When the skill was created.
    pub created_at: DateTime,
    /// When the skill was changed last.
    pub updated_at: DateTime,
}

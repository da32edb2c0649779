//! Public skills.

use browser_use_skills_macros::Model;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::skill::ParameterSchema;
use super::value::{DateTime, SkillCategory};

/// Filter and page of public skills.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Model)]
#[serde(rename_all = "camelCase", default)]
pub struct MarketplaceListParams {
    /// Number of skills per page. Default: 10.
    #[model(min = 1, max = 100, not_null)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page_size: Option<u32>,
    /// Number of the page, starting at 1. Default: 1.
    #[model(min = 1, not_null)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page_number: Option<u32>,
    /// Only skills that contain this text.
    #[model(max = 100)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    /// Only skills of this category.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<SkillCategory>,
    /// Only skills from this time on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from_date: Option<DateTime>,
    /// Only skills up to this time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to_date: Option<DateTime>,
}

/// A public skill.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Model)]
#[serde(rename_all = "camelCase")]
pub struct MarketplaceSkillResponse {
    /// Id of the skill, for `marketplace.clone` and `marketplace.execute`.
    pub id: Uuid,
    /// Slug in the URL of its page, for `marketplace.get`.
    pub slug: String,
    /// Name of the skill.
    pub title: String,
    /// Description of the skill.
    pub description: String,
    /// Categories of the skill.
    pub categories: Vec<SkillCategory>,
    /// Websites that the skill uses.
    pub domains: Vec<String>,
    /// Parameters of an execution.
    pub parameters: Vec<ParameterSchema>,
    /// JSON Schema of an execution's output.
    pub output_schema: Map<String, Value>,
    /// Number of the current version, starting at 1.
    #[model(required)]
    pub current_version: Option<u32>,
    /// Whether Browser Use marks the skill as official.
    pub is_official: bool,
    /// Number of clones.
    pub clone_count: u32,
    /// URL of the skill's icon.
    pub icon_url: Option<String>,
    /// When it was first published.
    pub first_published_at: DateTime,
    /// When it was last published.
    pub last_published_at: DateTime,
    /// When the skill was created.
    pub created_at: DateTime,
    /// When the skill was last updated.
    pub updated_at: DateTime,
}

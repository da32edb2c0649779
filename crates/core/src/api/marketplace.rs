//! Public skills.

use browser_use_skills_macros::Model;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::skill::ParameterSchema;
use super::value::{DateTime, SkillCategory};

/// Which public skills to list, and which page of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Model)]
#[serde(rename_all = "camelCase", default)]
pub struct MarketplaceListParams {
    /// Skills a page. The API's default is 10.
    #[model(min = 1, max = 100, not_null)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page_size: Option<u32>,
    /// The page, counted from 1. The API's default is 1.
    #[model(min = 1, not_null)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page_number: Option<u32>,
    /// Only those that this text is found in.
    #[model(max = 100)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    /// Only those of this category.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<SkillCategory>,
    /// Only those from this point in time on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from_date: Option<DateTime>,
    /// Only those up to this point in time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to_date: Option<DateTime>,
}

/// A public skill.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Model)]
#[serde(rename_all = "camelCase")]
pub struct MarketplaceSkillResponse {
    /// Id of the skill: what `marketplace.clone` and `marketplace.execute` take.
    pub id: Uuid,
    /// The slug in its page's URL: the argument of `marketplace.get`.
    pub slug: String,
    /// Name of the skill.
    pub title: String,
    /// What the skill does.
    pub description: String,
    /// What the skill is for.
    pub categories: Vec<SkillCategory>,
    /// Websites that the skill talks to.
    pub domains: Vec<String>,
    /// What an execution takes.
    pub parameters: Vec<ParameterSchema>,
    /// JSON Schema of what an execution returns.
    pub output_schema: Map<String, Value>,
    /// Number of the version in use, from 1.
    #[model(required)]
    pub current_version: Option<u32>,
    /// Whether Browser Use vouches for it.
    pub is_official: bool,
    /// How often it was cloned.
    pub clone_count: u32,
    /// URL of the skill's icon.
    pub icon_url: Option<String>,
    /// When it was published first.
    pub first_published_at: DateTime,
    /// When it was published last.
    pub last_published_at: DateTime,
    /// When the skill was created.
    pub created_at: DateTime,
    /// When the skill was changed last.
    pub updated_at: DateTime,
}

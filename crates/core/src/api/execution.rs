//! Running a skill, and the record of past runs.

use browser_use_skills_macros::Model;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::value::DateTime;

/// What a skill is run with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Model)]
#[serde(rename_all = "camelCase", default)]
#[model(generics = "Parameters extends object = Record<string, unknown>")]
pub struct ExecuteSkillRequest<Parameters = Map<String, Value>> {
    /// A value for each of the skill's `parameters`, by name.
    #[model(shape = Object, not_null, ts = "Parameters")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameters: Option<Parameters>,
    /// A session to run in, so that several runs come from the same IP address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_id: Option<Uuid>,
}

/// The outcome of a run. A failed run has the same status as a successful one: check `success`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Model)]
#[serde(rename_all = "camelCase")]
#[model(generics = "Output = unknown")]
pub struct ExecuteSkillResponse<Output = Value> {
    /// Whether the skill did what it is for.
    pub success: bool,
    /// What the skill returned, untouched.
    #[model(shape = Any, ts = "Output")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<Output>,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// What it wrote to its standard error output.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stderr: Option<String>,
    /// How long it took, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latency_ms: Option<u64>,
}

/// Which page of a skill's executions to list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Model)]
#[serde(rename_all = "camelCase", default)]
pub struct SkillExecutionListParams {
    /// Executions a page. The API's default is 10.
    #[model(min = 1, max = 100, not_null)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page_size: Option<u32>,
    /// The page, counted from 1. The API's default is 1.
    #[model(min = 1, not_null)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page_number: Option<u32>,
}

/// One past or present run of a skill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Model)]
#[serde(rename_all = "camelCase")]
pub struct SkillExecutionView {
    /// Id of the execution.
    pub id: Uuid,
    /// The skill that ran.
    pub skill_id: Uuid,
    /// `running`, `completed` or `failed`; the API may add others.
    pub status: String,
    /// Whether it did what it is for. False while it runs.
    pub success: bool,
    /// When it began.
    pub started_at: DateTime,
    /// When it ended; null while it runs.
    #[model(required)]
    pub finished_at: Option<DateTime>,
    /// How long it took, in milliseconds; null while it runs.
    #[model(required)]
    pub latency_ms: Option<u64>,
    /// Whether `skills.executionOutput` has something to give.
    pub has_output: bool,
}

/// Where the output of a run can be fetched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Model)]
#[serde(rename_all = "camelCase")]
pub struct SkillExecutionOutputResponse {
    /// URL of the output, valid for 5 minutes. The URL is a secret itself: fetch it without the key.
    pub download_url: String,
}

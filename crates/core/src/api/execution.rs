//! Executing skills, and past executions.

use browser_use_skills_macros::Model;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::value::DateTime;

/// Input of an execution.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Model)]
#[serde(rename_all = "camelCase", default)]
#[model(generics = "Parameters extends object = Record<string, unknown>")]
pub struct ExecuteSkillRequest<Parameters = Map<String, Value>> {
    /// Values of the skill's parameters, by name.
    #[model(shape = Object, not_null, ts = "Parameters")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameters: Option<Parameters>,
    /// Session to run in, so that several executions use the same IP address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_id: Option<Uuid>,
}

/// Outcome of an execution. A failed execution has the same HTTP status as a successful one: check `success`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Model)]
#[serde(rename_all = "camelCase")]
#[model(generics = "Output = unknown")]
pub struct ExecuteSkillResponse<Output = Value> {
    /// Whether the skill succeeded.
    pub success: bool,
    /// Return value of the skill, unchanged.
    #[model(shape = Any, ts = "Output")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<Output>,
    /// Error message, if it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Standard error output of the skill.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stderr: Option<String>,
    /// Duration of the execution, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latency_ms: Option<u64>,
}

/// Page of a skill's executions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Model)]
#[serde(rename_all = "camelCase", default)]
pub struct SkillExecutionListParams {
    /// Number of executions per page. Default: 10.
    #[model(min = 1, max = 100, not_null)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page_size: Option<u32>,
    /// Number of the page, starting at 1. Default: 1.
    #[model(min = 1, not_null)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page_number: Option<u32>,
}

/// An execution of a skill, past or in progress.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Model)]
#[serde(rename_all = "camelCase")]
pub struct SkillExecutionView {
    /// Id of the execution.
    pub id: Uuid,
    /// Id of the skill.
    pub skill_id: Uuid,
    /// `running`, `completed` or `failed`; the API may add others.
    pub status: String,
    /// Whether the skill succeeded. False while it runs.
    pub success: bool,
    /// When the execution started.
    pub started_at: DateTime,
    /// When the execution ended; null while it runs.
    #[model(required)]
    pub finished_at: Option<DateTime>,
    /// Duration of the execution, in milliseconds; null while it runs.
    #[model(required)]
    pub latency_ms: Option<u64>,
    /// Whether `skills.executionOutput` can return an output.
    pub has_output: bool,
}

/// Location of an execution's output.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Model)]
#[serde(rename_all = "camelCase")]
pub struct SkillExecutionOutputResponse {
    /// URL of the output, valid for 5 minutes. The URL itself is a secret: fetch it without the key.
    pub download_url: String,
}

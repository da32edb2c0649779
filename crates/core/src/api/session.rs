//! Sessions: browsers that several executions share.

use browser_use_skills_macros::Model;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::value::{DateTime, Patch, SessionStatus, SessionUpdateAction, TaskStatus};

/// Input for starting a session.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Model)]
#[serde(rename_all = "camelCase", default)]
pub struct CreateSessionRequest {
    /// Profile with the cookies of the session.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile_id: Option<Uuid>,
    /// Country of the proxy: two letters in lower case. Null for no proxy. Default: `us`.
    #[model(min = 2, max = 2)]
    #[serde(skip_serializing_if = "Patch::is_absent")]
    pub proxy_country_code: Patch<String>,
    /// URL that the browser opens first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_url: Option<String>,
    /// Width of the screen, in pixels.
    #[model(min = 320, max = 6144)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub browser_screen_width: Option<u32>,
    /// Height of the screen, in pixels.
    #[model(min = 320, max = 3456)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub browser_screen_height: Option<u32>,
    /// Whether the tasks of the session share their memory. Default: true.
    #[model(not_null)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub persist_memory: Option<bool>,
    /// Whether the session stays active after a task. Default: true.
    #[model(not_null)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keep_alive: Option<bool>,
    /// Your own proxy. Only on paid plans.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_proxy: Option<CustomProxy>,
    /// Whether the session is recorded. Default: false.
    #[model(not_null)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enable_recording: Option<bool>,
}

/// A proxy of your own.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, Model)]
#[serde(rename_all = "camelCase")]
pub struct CustomProxy {
    /// Host name or IP address.
    #[model(min = 1, max = 255)]
    pub host: String,
    /// Port.
    #[model(min = 1, max = 65535)]
    pub port: u32,
    /// User name.
    #[model(min = 1, max = 255)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// Password.
    #[model(min = 1, max = 255)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    /// Whether to accept invalid TLS certificates. Default: false.
    #[model(not_null)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ignore_cert_errors: Option<bool>,
}

// Never shows the password.
impl std::fmt::Debug for CustomProxy {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("CustomProxy")
            .field("host", &self.host)
            .field("port", &self.port)
            .finish_non_exhaustive()
    }
}

/// Filter and page of sessions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Model)]
#[serde(rename_all = "camelCase", default)]
pub struct SessionListParams {
    /// Number of sessions per page. Default: 10.
    #[model(min = 1, max = 100, not_null)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page_size: Option<u32>,
    /// Number of the page, starting at 1. Default: 1.
    #[model(min = 1, not_null)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page_number: Option<u32>,
    /// Only sessions with this status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter_by: Option<SessionStatus>,
}

/// Action on a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Model)]
#[serde(rename_all = "camelCase")]
pub struct UpdateSessionRequest {
    /// The action.
    pub action: SessionUpdateAction,
}

/// A session, in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Model)]
#[serde(rename_all = "camelCase")]
pub struct SessionItemView {
    /// Id of the session.
    pub id: Uuid,
    /// Status of the session.
    pub status: SessionStatus,
    /// URL at which the browser can be watched. The URL itself is a secret.
    pub live_url: Option<String>,
    /// URL of the recording, once the session has ended. The URL itself is a secret.
    pub recording_url: Option<String>,
    /// When the session started.
    pub started_at: DateTime,
    /// When the session ended; null while it is active.
    pub finished_at: Option<DateTime>,
    /// Whether the tasks of the session share their memory.
    pub persist_memory: bool,
    /// Whether the session stays active after a task.
    pub keep_alive: bool,
    /// Data transferred by the proxy, in MB: a decimal number as a string.
    #[model(optional)]
    #[serde(default = "zero")]
    pub proxy_used_mb: String,
    /// Cost of the proxy, in USD: a decimal number as a string.
    #[model(optional)]
    #[serde(default = "zero")]
    pub proxy_cost: String,
}

/// A session with its tasks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Model)]
#[serde(rename_all = "camelCase")]
pub struct SessionView {
    /// Id of the session.
    pub id: Uuid,
    /// Status of the session.
    pub status: SessionStatus,
    /// URL at which the browser can be watched. The URL itself is a secret.
    pub live_url: Option<String>,
    /// URL of the recording, once the session has ended. The URL itself is a secret.
    pub recording_url: Option<String>,
    /// When the session started.
    pub started_at: DateTime,
    /// When the session ended; null while it is active.
    pub finished_at: Option<DateTime>,
    /// Tasks of the session.
    pub tasks: Vec<TaskItemView>,
    /// URL at which everyone can see the session.
    pub public_share_url: Option<String>,
    /// Whether the tasks of the session share their memory.
    #[model(optional)]
    #[serde(default = "yes")]
    pub persist_memory: bool,
    /// Whether the session stays active after a task.
    #[model(optional)]
    #[serde(default = "yes")]
    pub keep_alive: bool,
    /// Data transferred by the proxy, in MB: a decimal number as a string.
    #[model(optional)]
    #[serde(default = "zero")]
    pub proxy_used_mb: String,
    /// Cost of the proxy, in USD: a decimal number as a string.
    #[model(optional)]
    #[serde(default = "zero")]
    pub proxy_cost: String,
}

/// A task of a session.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Model)]
#[serde(rename_all = "camelCase")]
pub struct TaskItemView {
    /// Id of the task.
    pub id: Uuid,
    /// Id of the session.
    pub session_id: Uuid,
    /// Language model.
    pub llm: String,
    /// Instruction of the task.
    pub task: String,
    /// Status of the task.
    pub status: TaskStatus,
    /// When the task was created.
    pub created_at: DateTime,
    /// When the task started; null before.
    pub started_at: Option<DateTime>,
    /// When the task ended; null before.
    pub finished_at: Option<DateTime>,
    /// Data that the creator of the task added.
    #[model(optional)]
    #[serde(default)]
    pub metadata: Map<String, Value>,
    /// Output of the task.
    pub output: Option<String>,
    /// Version of browser-use that ran the task.
    pub browser_use_version: Option<String>,
    /// Whether the task succeeded, according to the agent.
    pub is_success: Option<bool>,
    /// Report of the judge, as JSON.
    pub judgement: Option<String>,
    /// Whether the task succeeded, according to the judge.
    pub judge_verdict: Option<bool>,
    /// Cost of the task, in USD: a decimal number as a string.
    pub cost: Option<String>,
    /// Suggestions for the configuration of the task.
    pub suggestions: Option<Vec<Map<String, Value>>>,
}

fn zero() -> String {
    "0".to_owned()
}

const fn yes() -> bool {
    true
}

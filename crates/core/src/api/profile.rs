//! Profiles: stored logins of sessions.

use browser_use_skills_macros::Model;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::value::DateTime;

/// Filter and page of profiles.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Model)]
#[serde(rename_all = "camelCase", default)]
pub struct ProfileListParams {
    /// Number of profiles per page. Default: 10.
    #[model(min = 1, max = 100, not_null)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page_size: Option<u32>,
    /// Number of the page, starting at 1. Default: 1.
    #[model(min = 1, not_null)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page_number: Option<u32>,
    /// Only profiles that contain this text.
    #[model(max = 200)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
}

/// A profile: cookies that sessions can use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Model)]
#[serde(rename_all = "camelCase")]
pub struct ProfileView {
    /// Id of the profile.
    pub id: Uuid,
    /// Your own id of the user that the profile belongs to.
    pub user_id: Option<String>,
    /// Name of the profile.
    pub name: Option<String>,
    /// When the profile was last used.
    pub last_used_at: Option<DateTime>,
    /// When the profile was created.
    pub created_at: DateTime,
    /// When the profile was last updated.
    pub updated_at: DateTime,
    /// Domains of the stored cookies.
    pub cookie_domains: Option<Vec<String>>,
}

//! Pages of lists.

use browser_use_skills_macros::Model;
use serde::{Deserialize, Serialize};

use super::execution::SkillExecutionView;
use super::marketplace::MarketplaceSkillResponse;
use super::profile::ProfileView;
use super::session::SessionItemView;
use super::skill::SkillResponse;

/// Defines the response of a list operation.
macro_rules! page {
    ($(#[doc = $doc:literal])+ $name:ident of $item:ident) => {
        $(#[doc = $doc])+
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Model)]
        #[serde(rename_all = "camelCase")]
        pub struct $name {
            /// Items of this page, newest first.
            pub items: Vec<$item>,
            /// Number of items on all pages.
            pub total_items: u32,
            /// Number of the page, starting at 1.
            pub page_number: u32,
            /// Number of items per page.
            pub page_size: u32,
        }
    };
}

page! {
    /// A page of the project's skills.
    SkillListResponse of SkillResponse
}
page! {
    /// A page of public skills.
    MarketplaceSkillListResponse of MarketplaceSkillResponse
}
page! {
    /// A page of a skill's executions.
    SkillExecutionListResponse of SkillExecutionView
}
page! {
    /// A page of sessions.
    SessionListResponse of SessionItemView
}
page! {
    /// A page of profiles.
    ProfileListResponse of ProfileView
}

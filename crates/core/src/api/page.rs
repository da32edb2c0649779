//! Pages of lists.

use browser_use_skills_macros::Model;
use serde::{Deserialize, Serialize};

use super::execution::SkillExecutionView;
use super::marketplace::MarketplaceSkillResponse;
use super::skill::SkillResponse;

/// Defines the response of a list operation, which differs only in its items.
macro_rules! page {
    ($(#[doc = $doc:literal])+ $name:ident of $item:ident) => {
        $(#[doc = $doc])+
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Model)]
        #[serde(rename_all = "camelCase")]
        pub struct $name {
            /// What is on this page, newest first.
            pub items: Vec<$item>,
            /// How many there are on all pages.
            pub total_items: u32,
            /// The page, counted from 1.
            pub page_number: u32,
            /// Items a page.
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

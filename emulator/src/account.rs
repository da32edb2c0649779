//! The operations on the account and its profiles.

use browser_use_skills::api::billing::{AccountView, PlanInfo};
use browser_use_skills::api::page::ProfileListResponse;
use browser_use_skills::api::profile::{ProfileListParams, ProfileView};

use crate::rng::Rng;
use crate::state::Emulator;
use crate::{list, timestamp};

/// Name of the sample profile.
const PROFILE: &str = "Sample login";
/// When the sample profile was created: 2026-01-01.
const PROFILE_CREATED_AT: u64 = 1_767_225_600_000;

impl Emulator {
    /// `billing.account`
    pub(crate) fn account(&self) -> AccountView {
        let subscribed = self.settings.plan.is_some();
        let credits = self.settings.credits;
        AccountView {
            name: None,
            total_credits_balance_usd: credits,
            monthly_credits_balance_usd: if subscribed { credits } else { 0.0 },
            additional_credits_balance_usd: if subscribed { 0.0 } else { credits },
            rate_limit: u32::try_from(self.settings.max_sessions).unwrap_or(u32::MAX),
            plan_info: self.settings.plan.clone().map(|plan_name| PlanInfo {
                plan_name,
                subscription_status: Some("active".to_owned()),
                subscription_id: None,
                subscription_current_period_end: None,
                subscription_canceled_at: None,
            }),
            is_free_tier: false,
            project_id: Rng::new(self.settings.seed, "project").uuid(),
        }
    }

    /// `profiles.list`
    pub(crate) fn list_profiles(&self, params: &ProfileListParams) -> ProfileListResponse {
        let is_listed =
            params.query.as_ref().is_none_or(|query| PROFILE.to_lowercase().contains(&query.to_lowercase()));
        let all = if is_listed { vec![self.profile()] } else { Vec::new() };
        let page = list::page(all, params.page_size, params.page_number);
        ProfileListResponse {
            items: page.items,
            total_items: page.total_items,
            page_number: page.page_number,
            page_size: page.page_size,
        }
    }

    /// The only profile.
    pub(crate) fn profile(&self) -> ProfileView {
        let created_at = timestamp::format(PROFILE_CREATED_AT);
        ProfileView {
            id: Rng::new(self.settings.seed, "profile").uuid(),
            user_id: None,
            name: Some(PROFILE.to_owned()),
            last_used_at: None,
            updated_at: created_at.clone(),
            created_at,
            cookie_domains: Some(vec!["shop.example".to_owned()]),
        }
    }
}

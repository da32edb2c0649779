//! The account: balance and plan.

use browser_use_skills_macros::Model;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The account of the key's project.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Model)]
#[serde(rename_all = "camelCase")]
pub struct AccountView {
    /// Name of the user.
    pub name: Option<String>,
    /// Balance, in USD.
    pub total_credits_balance_usd: f64,
    /// Balance of the subscription, in USD.
    pub monthly_credits_balance_usd: f64,
    /// Balance of bought credits, in USD.
    pub additional_credits_balance_usd: f64,
    /// Maximum number of concurrent sessions of the plan.
    pub rate_limit: u32,
    /// The plan. Null without a subscription.
    #[model(required)]
    pub plan_info: Option<PlanInfo>,
    /// Whether the account is on the free plan.
    #[model(optional)]
    #[serde(default)]
    pub is_free_tier: bool,
    /// Id of the project.
    pub project_id: Uuid,
}

/// A plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Model)]
#[serde(rename_all = "camelCase")]
pub struct PlanInfo {
    /// Name of the plan.
    pub plan_name: String,
    /// Status of the subscription.
    #[model(required)]
    pub subscription_status: Option<String>,
    /// Id of the subscription.
    #[model(required)]
    pub subscription_id: Option<String>,
    /// End of the current period.
    #[model(required)]
    pub subscription_current_period_end: Option<String>,
    /// When the subscription was cancelled.
    #[model(required)]
    pub subscription_canceled_at: Option<String>,
}

//! The marketplace, for Rust callers.

use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::{Client, NOTHING};
use crate::api::execution::{ExecuteSkillRequest, ExecuteSkillResponse};
use crate::api::marketplace::{MarketplaceListParams, MarketplaceSkillResponse};
use crate::api::operation::Operation;
use crate::api::page::MarketplaceSkillListResponse;
use crate::api::skill::SkillResponse;
use crate::error::Error;

/// Published skills.
#[derive(Clone, Copy, Debug)]
pub struct Marketplace<'a>(pub(super) &'a Client);

#[allow(clippy::missing_errors_doc, reason = "said once, above the struct")]
impl Marketplace<'_> {
    /// Lists public skills, a page at a time. Needs no key.
    pub async fn list(self, params: &MarketplaceListParams) -> Result<MarketplaceSkillListResponse, Error> {
        self.0.call(Operation::MarketplaceList, &[], Some(params)).await
    }

    /// Gets one public skill by its slug. Needs no key.
    pub async fn get(self, skill_slug: &str) -> Result<MarketplaceSkillResponse, Error> {
        self.0.call(Operation::MarketplaceGet, &[&skill_slug], NOTHING).await
    }

    /// Clones a public skill into the caller's project.
    pub async fn clone_skill(self, skill_id: Uuid) -> Result<SkillResponse, Error> {
        self.0.call(Operation::MarketplaceClone, &[&skill_id], NOTHING).await
    }

    /// Executes a public skill and waits for its output. Costs credits.
    pub async fn execute<Output: DeserializeOwned>(
        self,
        skill_id: Uuid,
        request: &ExecuteSkillRequest<impl Serialize>,
    ) -> Result<ExecuteSkillResponse<Output>, Error> {
        self.0.call(Operation::MarketplaceExecute, &[&skill_id], Some(request)).await
    }
}

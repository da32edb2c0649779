//! The account and its profiles, for Rust callers.

use super::{Client, NOTHING};
use crate::api::billing::AccountView;
use crate::api::operation::Operation;
use crate::api::page::ProfileListResponse;
use crate::api::profile::ProfileListParams;
use crate::error::Error;

/// The account of your project.
#[derive(Clone, Copy, Debug)]
pub struct Billing<'a>(pub(super) &'a Client);

#[allow(clippy::missing_errors_doc, reason = "said once, above the struct")]
impl Billing<'_> {
    /// Returns the balance and the plan.
    pub async fn account(self) -> Result<AccountView, Error> {
        self.0.call(Operation::BillingAccount, &[], NOTHING).await
    }
}

/// The profiles of your project: stored logins for sessions.
#[derive(Clone, Copy, Debug)]
pub struct Profiles<'a>(pub(super) &'a Client);

#[allow(clippy::missing_errors_doc, reason = "said once, above the struct")]
impl Profiles<'_> {
    /// Lists the profiles, one page per request.
    pub async fn list(self, params: &ProfileListParams) -> Result<ProfileListResponse, Error> {
        self.0.call(Operation::ProfilesList, &[], Some(params)).await
    }
}

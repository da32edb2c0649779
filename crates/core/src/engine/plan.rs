//! Limits the concurrency to that of the account's plan.

use super::call::{Call, Prepared};
use super::options::{CallOptions, Limits, UNKNOWN_PLAN};
use super::platform::Platform;
use crate::api::node::Node;
use crate::api::operation::Operation;

impl<P: Platform> Call<'_, P> {
    /// Reads the plan, once for all calls of the client. A request without a response is repeated by the next call. After any
    /// other failure, the limit stays that of an unknown plan: this call is not affected.
    pub async fn read_plan(&self) {
        let engine = self.engine;
        if !engine.reads_plan.replace(false) {
            return;
        }
        let operation = Operation::BillingAccount;
        let prepared = Prepared::new(operation.spec(), engine.base_url(), Vec::new(), P::Value::default());
        let options = CallOptions {
            signal: self.options.signal.clone(),
            headers: self.options.headers.clone(),
            limits: Limits { total_timeout_ms: Some(self.left_ms()), ..self.options.limits },
            ..CallOptions::default()
        };
        match engine.call(operation, &prepared, &options).await {
            Ok(account) => {
                let most = account.data.get("rateLimit").and_then(|limit| limit.as_f64());
                engine.limiter.set_max(most.unwrap_or(UNKNOWN_PLAN));
            }
            Err(error) => {
                let has_response = error.failure().is_some_and(|failure| failure.status.is_some());
                engine.reads_plan.set(!has_response);
            }
        }
    }
}

//! Limits the concurrency to that of the account's plan.

use std::cell::Cell;
use std::future::Future;
use std::pin::pin;

use super::call::{Call, Prepared};
use super::options::{CallOptions, UNKNOWN_PLAN};
use super::platform::Platform;
use super::select::{Either, select};
use crate::api::node::Node;
use crate::api::operation::Operation;

/// Whether the plan must be read. Restored when a request for it is dropped.
struct Due<'a> {
    cell: &'a Cell<bool>,
    is_due: bool,
}

impl Drop for Due<'_> {
    fn drop(&mut self) {
        self.cell.set(self.is_due);
    }
}

impl<P: Platform> Call<'_, P> {
    /// Awaits the rest of the call, and reads the plan beside it: the call does not wait for the account, and does not fail
    /// because it cannot be read.
    pub async fn beside_plan<Output>(&self, rest: impl Future<Output = Output>) -> Output {
        let mut rest = pin!(rest);
        match select(self.read_plan(), rest.as_mut()).await {
            Either::First(()) => rest.await,
            Either::Second(output) => output,
        }
    }

    /// Reads the plan, once for all calls of the client. Without a response, the next call repeats the request. After any
    /// other failure, the limit stays that of an unknown plan.
    async fn read_plan(&self) {
        let engine = self.engine;
        if !self.prepared.spec.takes_session || !engine.reads_plan.replace(false) {
            return;
        }
        let mut due = Due { cell: &engine.reads_plan, is_due: true };
        let operation = Operation::BillingAccount;
        let prepared = Prepared::new(operation.spec(), engine.base_url(), Vec::new(), P::Value::default());
        let options = CallOptions { headers: self.options.headers.clone(), ..CallOptions::default() };
        match engine.call(operation, &prepared, &options).await {
            Ok(account) => {
                let most = account.data.get("rateLimit").and_then(|limit| limit.as_f64());
                engine.limiter.set_max(most.unwrap_or(UNKNOWN_PLAN));
                due.is_due = false;
            }
            Err(error) => due.is_due = error.failure().is_none_or(|failure| failure.status.is_none()),
        }
    }
}

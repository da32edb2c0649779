//! Completes a protected run: delivers its response, or recovers a lost one.

use super::call::{Boxed, Call, CallResponse, CallResult};
use super::error::{Error, Failure};
use super::options::Recover;
use super::outcome::outcome_unknown;
use super::platform::Platform;
use super::protect::Protection;
use crate::api::problem::ErrorCode;

impl<P: Platform> Call<'_, P> {
    /// Executes a skill. If the response is lost, recovers it.
    #[inline(never)]
    pub fn execute<'b>(&'b self, recover: &'b Recover<P>) -> Boxed<'b, CallResult<P::Value>> {
        Box::pin(self.execute_protected(recover))
    }

    async fn execute_protected(&self, recover: &Recover<P>) -> CallResult<P::Value> {
        let mut protection = Protection::new(self, recover);
        let response = match self.send(Some(&mut protection)).await {
            Ok(response) => Ok(response),
            Err(Error::Failed(original)) if original.maybe_executed => {
                self.recover(&mut protection, original).await
            }
            Err(Error::Failed(failure)) => {
                protection.not_executed().await;
                return Err(failure.into());
            }
            Err(aborted) => {
                if !protection.was_sent {
                    protection.not_executed().await;
                }
                return Err(aborted);
            }
        };
        self.finish(&mut protection, response).await
    }

    /// Finishes a run. Removes the journal entry once `deliver` has resolved, or if nothing was executed.
    pub async fn finish(
        &self,
        protection: &mut Protection<'_, P>,
        outcome: CallResult<P::Value>,
    ) -> CallResult<P::Value> {
        match outcome {
            Ok(response) => {
                protection.record_response(self).await;
                protection.release();
                self.deliver(protection, response).await
            }
            Err(Error::Failed(failure)) if failure.maybe_executed => {
                // The poll of another run may have identified it.
                protection.take_claim();
                if protection.abandon() {
                    // Records when the request ended and whether it executed.
                    self.engine.try_write_entry(&protection.entry).await;
                }
                protection.release();
                Err(outcome_unknown(failure, protection.execution_id()))
            }
            Err(Error::Failed(failure)) => {
                protection.not_executed().await;
                protection.release();
                Err(failure.into())
            }
            Err(aborted) => Err(aborted),
        }
    }

    async fn deliver(
        &self,
        protection: &mut Protection<'_, P>,
        response: CallResponse<P::Value>,
    ) -> CallResult<P::Value> {
        if let (Some(batch), Some(row)) = (&protection.recover.batch, protection.entry.row.clone()) {
            protection.take_claim();
            (batch.store)(row, response.data.clone(), protection.execution_id()).await;
            self.engine.delivered(&protection.entry).await;
            return Ok(response);
        }
        let Some(deliver) = &protection.recover.deliver else {
            return Ok(response);
        };
        match self.engine.platform.invoke(deliver, &response.data).await {
            Ok(_) => {
                protection.take_claim();
                self.engine.delivered(&protection.entry).await;
                Ok(response)
            }
            Err(cause) => {
                let message =
                    "deliver failed. The execution is still in the journal: call resume() to get it";
                let failure = Failure::new(ErrorCode::Journal, message);
                let failure = failure.with(|failure| failure.cause = cause);
                protection.take_claim();
                Err(outcome_unknown(failure, protection.execution_id()))
            }
        }
    }
}

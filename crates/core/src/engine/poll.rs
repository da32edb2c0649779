//! Polls the list of executions for a protected run.

use super::call::Call;
use super::error::Error;
use super::executions::{Executions, List};
use super::platform::Platform;
use super::protect::{Protection, RecoveryMode};
use super::shared_state::{ProtectedRun, RunState};
use crate::policy::backoff::Backoff;
use crate::policy::claim::SLACK_MS;
use crate::policy::ledger::{RunKey, Verdict};

/// Maximum duration of a poll while the lock is held, in milliseconds.
pub(super) const POLL_LIMIT_MS: f64 = 10_000.0;
/// Maximum wait for unlisted executions of earlier runs, and maximum age of these runs, in milliseconds.
const LISTING_WAIT_MS: f64 = 1_000.0;
const RECENT_MS: f64 = 5_000.0;
/// Limits of the delay between polls, in milliseconds.
const SHORTEST_POLL_MS: f64 = 30.0;
const LONGEST_POLL_MS: f64 = 2_000.0;
/// First and second delay, as fractions of the last delay until an execution was listed.
const FIRST_POLL: f64 = 0.7;
const NEXT_POLL: f64 = 0.25;

impl<P: Platform> Protection<'_, P> {
    /// Waits until the executions of runs that have just responded are listed. Otherwise one of them could be taken for
    /// this run's, should its response be lost.
    pub async fn await_listing(&mut self, call: &Call<'_, P>) -> Result<(), Error<P::Value>> {
        let until_ms = call.now_ms() + LISTING_WAIT_MS;
        let mut backoff = self.polling();
        loop {
            let now_ms = call.now_ms();
            let recent_ms = now_ms - self.recover.grace_ms.min(RECENT_MS);
            let is_recent = |run: &ProtectedRun| {
                run.state == RunState::Responded && run.execution_id.is_none() && run.added_ms > recent_ms
            };
            let recent = self.skill.runs(is_recent);
            let is_open = recent.iter().any(|run| self.ledger().is_open(run.key));
            if !is_open || now_ms >= until_ms {
                return Ok(());
            }
            call.pause(backoff.next(self.engine.platform.random()).min(call.left_ms())).await?;
            let list = self.executions(call).newest(call.left_ms()).await?;
            self.apply_list(&list, true).await;
        }
    }

    /// Polls until the execution is identified. Returns `None` after the grace period, so that other runs can start.
    pub async fn claim_while_pending(&self, call: &Call<'_, P>, key: RunKey) -> Option<String> {
        let until_ms = self.began_ms + self.recover.grace_ms;
        let mut backoff = self.polling();
        while call.now_ms() < until_ms {
            call.pause(backoff.next(self.engine.platform.random())).await.ok()?;
            if let Ok(list) = self.executions(call).newest(POLL_LIMIT_MS).await {
                self.apply_list(&list, false).await;
                if let Verdict::Claimed(id) = self.ledger().claim(key) {
                    self.evidence.timing.borrow_mut().listing_ms = list.received_ms - self.began_ms;
                    return Some(id);
                }
            }
        }
        None
    }

    /// Applies a list to the ledger.
    pub async fn apply_list(&self, list: &List<P::Value>, is_baseline: bool) {
        let List { listed, sent_ms, received_ms, date_ms, .. } = list;
        let pending = self.evidence.runs(|run| run.state == RunState::Pending);
        let pending: Vec<RunKey> = pending.iter().map(|run| run.key).collect();
        let claims = {
            let mut ledger = self.ledger();
            if let Some(date_ms) = date_ms {
                ledger.observe_date(*date_ms, *sent_ms, *received_ms);
            }
            let claims = if is_baseline {
                ledger.baseline(listed, &pending, *sent_ms, *received_ms)
            } else {
                // In a shared account, the list is no proof.
                let evidence = self.key.filter(|_| self.mode == RecoveryMode::SharedAccount);
                ledger.polled(listed, evidence, &pending, *sent_ms, *received_ms)
            };
            ledger.conclude_ended(*sent_ms - self.recover.grace_ms - SLACK_MS);
            claims
        };
        self.evidence.timing.borrow_mut().baseline_ms = *sent_ms;
        // Before the first write, at which this future may be dropped.
        let claimed: Vec<_> =
            claims.into_iter().filter_map(|(key, id)| self.evidence.claimed(key, &id)).collect();
        for run in claimed {
            let verdict = run.execution_id.clone().map_or(Verdict::NoMatch, Verdict::Claimed);
            self.record_verdict(&run, verdict).await;
        }
    }

    /// Delays between polls. The first is slightly shorter than the last delay until an execution was listed.
    pub fn polling(&self) -> Backoff {
        let usual_ms = self.evidence.timing.borrow().listing_ms;
        let first_ms = (usual_ms * FIRST_POLL).clamp(SHORTEST_POLL_MS, LONGEST_POLL_MS);
        let next_ms = (usual_ms * NEXT_POLL).clamp(SHORTEST_POLL_MS, LONGEST_POLL_MS);
        Backoff::new(first_ms, next_ms, LONGEST_POLL_MS)
    }

    pub fn executions<'b>(&'b self, call: &'b Call<'_, P>) -> Executions<'b, P> {
        Executions { engine: self.engine, skill_id: &self.entry.skill_id, options: call.options }
    }

    /// When an execution whose connection breaks now must have been listed.
    pub fn until_ms(&self) -> f64 {
        self.engine.platform.now_ms() + SLACK_MS + self.recover.grace_ms
    }
}

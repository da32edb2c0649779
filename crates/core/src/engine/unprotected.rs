//! Executes without recovery. The ledger knows such runs, so that no protected run claims their executions.

use std::rc::Rc;

use super::call::{Call, CallResult};
use super::error::Error;
use super::locks::skill_lock;
use super::platform::Platform;
use super::shared_state::SkillState;
use crate::policy::ledger::RunKey;

/// A run without recovery.
struct UnprotectedRun<'a, P: Platform> {
    platform: &'a P,
    skill: Rc<SkillState>,
    key: RunKey,
    /// Whether it executed; unknown until it has ended.
    is_executed: Option<bool>,
}

impl<P: Platform> Call<'_, P> {
    /// Executes without recovery.
    pub async fn execute_unprotected(&self) -> CallResult<P::Value> {
        let platform = &self.engine.platform;
        let skill_id = self.prepared.ids.first().map(String::as_str).unwrap_or_default();
        let skill = platform.shared_state().skill(&skill_lock(self.engine, skill_id));
        let key = skill.ledger.borrow_mut().begin_without_baseline(platform.now_ms());
        let mut run = UnprotectedRun { platform, skill, key, is_executed: None };
        let result = self.send(None).await;
        run.is_executed = match &result {
            Ok(_) => Some(true),
            Err(Error::Failed(failure)) if !failure.maybe_executed => Some(false),
            Err(_) => None,
        };
        result
    }
}

impl<P: Platform> Drop for UnprotectedRun<'_, P> {
    fn drop(&mut self) {
        let mut ledger = self.skill.ledger.borrow_mut();
        if self.is_executed == Some(false) {
            ledger.remove(self.key);
        } else {
            ledger.ended(self.key, self.platform.now_ms(), self.is_executed == Some(true));
        }
    }
}

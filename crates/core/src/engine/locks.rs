//! Locks of runs and skills.

use super::call::Call;
use super::engine::Engine;
use super::error::Error;
use super::platform::Platform;
use crate::api::text::concat;

/// Name of the lock that a call holds while it waits for its run.
pub(super) fn entry_lock(id: &str) -> String {
    concat(&["run:", id])
}

/// Name of the lock that a tab holds for a resumed run. It differs from [`entry_lock`], because the next run of the
/// skill must still resolve the resumed run.
pub(super) fn resume_lock(id: &str) -> String {
    concat(&["resume:", id])
}

/// Name of the lock that a run holds from its baseline to its claim: one per skill and server.
pub(super) fn skill_lock<P: Platform>(engine: &Engine<P>, skill_id: &str) -> String {
    concat(&["skill:", engine.base_url().as_str(), "/", skill_id])
}

/// Acquires a lock within the time limits of a call.
pub(super) async fn acquire<P: Platform>(call: &Call<'_, P>, name: &str) -> Result<P::Lock, Error<P::Value>> {
    let platform = &call.engine.platform;
    let acquired = platform.lock(name, call.signal(), call.left_ms()).await;
    acquired.map_err(|interrupted| call.times.interrupted(platform, interrupted))
}

//! The locks of runs and skills.

use super::call::Call;
use super::engine::Engine;
use super::error::Error;
use super::platform::Platform;
use crate::api::text::concat;

/// The name of the lock that a run's call holds.
pub(super) fn entry_lock(id: &str) -> String {
    concat(&["run:", id])
}

/// The name of the lock of the tab that has resumed a run. It is another one: until the resumed run is found, it is one that
/// the next run of the skill must resolve first.
pub(super) fn resume_lock(id: &str) -> String {
    concat(&["resume:", id])
}

/// The name of the lock that a run holds from its baseline to its claim: one for each skill of a server.
pub(super) fn skill_lock<P: Platform>(engine: &Engine<P>, skill_id: &str) -> String {
    concat(&["skill:", engine.base_url().as_str(), "/", skill_id])
}

/// Acquires a lock within the limits of a call.
pub(super) async fn acquire<P: Platform>(call: &Call<'_, P>, name: &str) -> Result<P::Lock, Error<P::Value>> {
    let platform = &call.engine.platform;
    let acquired = platform.lock(name, call.signal(), call.left_ms()).await;
    acquired.map_err(|interrupted| call.times.interrupted(platform, interrupted))
}

//! The state as a JSON value, to store and to restore. It has no log of requests.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::execution::Execution;
use crate::fault::Faults;
use crate::log::Log;
use crate::rng::Rng;
use crate::session::Session;
use crate::settings::Settings;
use crate::skill::Skill;
use crate::state::Emulator;

/// The version of the format. Increment it with every change that older snapshots do not satisfy.
const VERSION: u32 = 1;

/// The state of an emulator.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Snapshot {
    version: u32,
    /// The emulated time, in milliseconds since the Unix epoch.
    now: u64,
    advanced_ms: u64,
    settings: Settings,
    ids: Rng,
    faults: Faults,
    skills: Vec<Skill>,
    executions: Vec<Execution>,
    /// Absent in snapshots of 0.1.0.
    #[serde(default)]
    sessions: Vec<Session>,
}

impl Snapshot {
    fn read(text: &[u8]) -> Result<Self, String> {
        let value: Value = serde_json::from_slice(text).map_err(invalid)?;
        match value.get("version") {
            Some(version) if *version == VERSION => {}
            Some(version) => {
                return Err(format!(
                    "the snapshot has version {version}; this emulator reads version {VERSION}"
                ));
            }
            None => return Err("the snapshot has no version".to_owned()),
        }
        let snapshot: Self = serde_json::from_value(value).map_err(invalid)?;
        if let Some(error) = snapshot.faults.validation_error() {
            return Err(error);
        }
        let skills = snapshot.skills.iter().map(|skill| skill.id);
        let executions = snapshot.executions.iter().map(|execution| execution.id);
        let sessions = snapshot.sessions.iter().map(|session| session.id);
        let mut seen = HashSet::new();
        match skills.chain(executions).chain(sessions).find(|id| !seen.insert(*id)) {
            Some(id) => Err(format!("two skills, executions or sessions have the id {id}")),
            None => Ok(snapshot),
        }
    }
}

#[allow(clippy::needless_pass_by_value, reason = "the signature of map_err")]
fn invalid(error: serde_json::Error) -> String {
    format!("the snapshot is invalid: {error}")
}

impl Emulator {
    /// Returns the state at an emulated time.
    pub(crate) fn snapshot(&self, now: u64) -> Snapshot {
        Snapshot {
            version: VERSION,
            now,
            advanced_ms: self.advanced_ms,
            settings: self.settings.clone(),
            ids: self.ids.clone(),
            faults: self.faults.clone(),
            skills: self.skills.clone(),
            executions: self.executions.clone(),
            sessions: self.sessions.clone(),
        }
    }

    /// Replaces the state, except for the settings that a reset restores. If the snapshot is invalid, nothing changes.
    ///
    /// The clock continues meanwhile, as that of the cloud. If the system's clock is behind, it continues at the time of
    /// the snapshot: the emulated time never goes back.
    pub(crate) fn restore(&mut self, text: &[u8], now_ms: u64) -> Result<(), String> {
        let Snapshot { now, advanced_ms, settings, ids, faults, skills, executions, sessions, .. } =
            Snapshot::read(text)?;
        *self = Self {
            initial: self.initial.clone(),
            advanced_ms: advanced_ms.max(now.saturating_sub(now_ms)),
            log: Log::default(),
            settings,
            ids,
            faults,
            skills,
            executions,
            sessions,
        };
        self.advance_to(now_ms);
        Ok(())
    }
}

//! Waiting for a generation: how often to poll, what has changed, and when it is over.

use super::backoff::Backoff;
use crate::api::value::SkillsGenerationStatus;

/// How many polls may show the same unknown status before it is taken for a final one.
const UNCHANGED_POLLS: u32 = 30;
/// How many polls a refinement may take to begin.
const START_POLLS: u32 = 10;

/// What a snapshot at a skill shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// How far the generation is.
    pub status: SkillsGenerationStatus,
    /// The version in use.
    pub version: Option<u32>,
    /// When the skill was changed last, as the API writes it.
    pub updated_at: String,
    /// Whether the version in use has finished.
    pub has_finished: bool,
}

/// What to do after a poll.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum WaitDecision {
    /// Poll again after this many milliseconds.
    PollAfter(f64),
    /// It is over, well or badly: the status tells.
    Ended,
    /// It is over, and there is no new version: the refinement was cancelled.
    NoNewVersion,
    /// The status is unknown, and it seems to be over.
    UnknownStatus,
}

/// The meaning of a poll.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PollResult {
    /// Whether anything has changed since the poll before.
    pub has_changed: bool,
    /// What to do.
    pub decision: WaitDecision,
}

/// A wait for a skill to be finished.
#[derive(Clone, Debug)]
pub struct Wait {
    newer_than: Option<u32>,
    last: Option<Snapshot>,
    polls: u32,
    unchanged: u32,
    has_started: bool,
    backoff: Backoff,
}

impl Wait {
    /// A wait for the status to be final; after a refinement, for a version newer than the one before.
    #[must_use]
    pub fn new(newer_than: Option<u32>) -> Self {
        Self {
            newer_than,
            last: None,
            polls: 0,
            unchanged: 0,
            has_started: false,
            backoff: Backoff::default(),
        }
    }

    /// Takes in a poll. `chance` is uniform in 0..1.
    pub fn polled(&mut self, snapshot: Snapshot, chance: f64) -> PollResult {
        self.polls = self.polls.saturating_add(1);
        self.has_started |= !snapshot.status.is_final();
        let has_changed = self.last.as_ref() != Some(&snapshot);
        self.unchanged = if has_changed { 0 } else { self.unchanged.saturating_add(1) };
        let decision = self.decide(&snapshot, chance);
        self.last = Some(snapshot);
        PollResult { has_changed, decision }
    }

    fn decide(&mut self, snapshot: &Snapshot, chance: f64) -> WaitDecision {
        let is_old = self.newer_than.is_some_and(|old| snapshot.version.is_none_or(|version| version <= old));
        let is_final = snapshot.status.is_final();
        if is_final && is_old && snapshot.status == SkillsGenerationStatus::Finished {
            // Either the refinement has not begun yet, or it has ended without a version.
            if self.has_started || self.polls >= START_POLLS {
                return WaitDecision::NoNewVersion;
            }
        } else if is_final {
            return WaitDecision::Ended;
        } else if matches!(snapshot.status, SkillsGenerationStatus::Unknown(_)) {
            let seems_final = snapshot.has_finished && !is_old && self.polls > 1;
            if seems_final || self.unchanged >= UNCHANGED_POLLS {
                return WaitDecision::UnknownStatus;
            }
        }
        WaitDecision::PollAfter(self.backoff.next(chance))
    }
}

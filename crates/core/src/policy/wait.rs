//! Waiting for a generation: when to poll, what has changed, and when the generation has ended.

use crate::api::value::SkillsGenerationStatus;

/// Time with the same unknown status after which it is considered final, in milliseconds: 4 minutes. Not a number of polls:
/// a page that is shown again polls at once.
const UNCHANGED_MS: f64 = 240_000.0;
/// Time until a refinement must have started, in milliseconds: 45 s.
const START_MS: f64 = 45_000.0;
/// Delays after the first polls, in milliseconds: short generations end soon.
const FIRST_DELAYS_MS: [f64; 4] = [1_000.0, 1_500.0, 2_000.0, 2_500.0];
/// Minimum of the later delays, in milliseconds.
const SHORTEST_DELAY_MS: f64 = 4_000.0;
/// Maximum of the delays, in milliseconds.
const LONGEST_DELAY_MS: f64 = 60_000.0;
/// The later delays as a share of the time waited: the end of a generation is noticed after 5 % of its duration on
/// average, with at most 40 polls in 10 minutes.
const DELAY_SHARE: f64 = 0.11;

/// The fields of a skill that show its progress.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// Status of the generation.
    pub status: SkillsGenerationStatus,
    /// The current version.
    pub version: Option<u32>,
    /// When the skill was last updated, as the API writes it.
    pub updated_at: String,
    /// Whether the current version is finished.
    pub has_finished: bool,
}

/// What to do after a poll.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum WaitDecision {
    /// Poll again after this delay, in milliseconds.
    PollAfter(f64),
    /// The generation has ended, with the skill's status.
    Ended,
    /// The generation has ended without a new version: the refinement was cancelled.
    NoNewVersion,
    /// The status is unknown, and the generation seems to have ended.
    UnknownStatus,
}

/// Result of a poll.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PollResult {
    /// Whether the skill has changed since the previous poll.
    pub has_changed: bool,
    /// What to do next.
    pub decision: WaitDecision,
}

/// A wait for a skill's generation.
#[derive(Clone, Debug)]
pub struct Wait {
    newer_than: Option<u32>,
    last: Option<Snapshot>,
    polls: u32,
    changed_ms: f64,
    has_started: bool,
}

impl Wait {
    /// Waits for a final status; after a refinement, for a version newer than `newer_than`.
    #[must_use]
    pub fn new(newer_than: Option<u32>) -> Self {
        Self { newer_than, last: None, polls: 0, changed_ms: 0.0, has_started: false }
    }

    /// Records a poll, this many milliseconds after the wait began. `chance` is uniform in 0..1.
    pub fn polled(&mut self, snapshot: Snapshot, elapsed_ms: f64, chance: f64) -> PollResult {
        self.polls = self.polls.saturating_add(1);
        self.has_started |= !snapshot.status.is_final();
        let has_changed = self.last.as_ref() != Some(&snapshot);
        if has_changed {
            self.changed_ms = elapsed_ms;
        }
        let decision =
            self.decide(&snapshot, elapsed_ms).unwrap_or_else(|| self.poll_again(elapsed_ms, chance));
        self.last = Some(snapshot);
        PollResult { has_changed, decision }
    }

    /// How the wait ended, if it has.
    fn decide(&self, snapshot: &Snapshot, elapsed_ms: f64) -> Option<WaitDecision> {
        let is_old = self.newer_than.is_some_and(|old| snapshot.version.is_none_or(|version| version <= old));
        let is_final = snapshot.status.is_final();
        if is_final && is_old && snapshot.status == SkillsGenerationStatus::Finished {
            // The refinement has not started yet, or has ended without a version.
            if self.has_started || elapsed_ms >= START_MS {
                return Some(WaitDecision::NoNewVersion);
            }
        } else if is_final {
            return Some(WaitDecision::Ended);
        } else if matches!(snapshot.status, SkillsGenerationStatus::Unknown(_)) {
            let seems_final = snapshot.has_finished && !is_old && self.polls > 1;
            if seems_final || elapsed_ms - self.changed_ms >= UNCHANGED_MS {
                return Some(WaitDecision::UnknownStatus);
            }
        }
        None
    }

    fn poll_again(&self, elapsed_ms: f64, chance: f64) -> WaitDecision {
        let first = FIRST_DELAYS_MS.get(self.polls.saturating_sub(1) as usize);
        let delay_ms = match first {
            Some(delay_ms) => *delay_ms,
            None => (DELAY_SHARE * elapsed_ms).clamp(SHORTEST_DELAY_MS, LONGEST_DELAY_MS),
        };
        // A jitter of 10 %.
        WaitDecision::PollAfter(delay_ms * (0.9 + 0.2 * chance.clamp(0.0, 1.0)))
    }
}

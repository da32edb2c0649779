//! Waiting for a generation: how often to look, what is news, and when it is over.

use super::backoff::Backoff;
use crate::api::value::SkillsGenerationStatus;

/// How many polls may show the same unknown status before it is taken for a final one.
const UNCHANGED_POLLS: u32 = 30;
/// How often a refinement that is not seen to begin is looked for.
const LOOKS_FOR_A_BEGINNING: u32 = 10;

/// What a look at a skill shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// How far the generation is.
    pub status: SkillsGenerationStatus,
    /// The version in use.
    pub version: Option<u32>,
    /// When the skill was changed last, as the API writes it.
    pub updated_at: String,
    /// Whether the version in use has finished.
    pub has_finished: bool,
}

/// What to do after a look.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Next {
    /// Look again after so many milliseconds.
    LookAfter(f64),
    /// It is over, well or badly: the status tells.
    Over,
    /// It is over, and there is no new version: the refinement was cancelled.
    NothingNew,
    /// The status is unknown, and it seems to be over.
    UnknownStatus,
}

/// What a look means.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Seen {
    /// Whether anything is different from the look before.
    pub is_news: bool,
    /// What to do.
    pub next: Next,
}

/// A wait for a skill to be finished.
#[derive(Clone, Debug)]
pub struct Wait {
    newer_than: Option<u32>,
    last: Option<Look>,
    looks: u32,
    unchanged: u32,
    has_begun: bool,
    backoff: Backoff,
}

impl Wait {
    /// A wait for the status to be final; after a refinement, for a version newer than the one before.
    #[must_use]
    pub fn new(newer_than: Option<u32>) -> Self {
        Self { newer_than, last: None, looks: 0, unchanged: 0, has_begun: false, backoff: Backoff::default() }
    }

    /// Takes a look. `chance` is uniform in 0..1.
    pub fn looked(&mut self, look: Look, chance: f64) -> Seen {
        self.looks = self.looks.saturating_add(1);
        self.has_begun |= !look.status.is_final();
        let is_news = self.last.as_ref() != Some(&look);
        self.unchanged = if is_news { 0 } else { self.unchanged.saturating_add(1) };
        let next = self.next(&look, chance);
        self.last = Some(look);
        Seen { is_news, next }
    }

    fn next(&mut self, look: &Look, chance: f64) -> Next {
        let is_old = self.newer_than.is_some_and(|old| look.version.is_none_or(|version| version <= old));
        let is_over = look.status.is_final();
        if is_over && is_old && look.status == SkillsGenerationStatus::Finished {
            // Either the refinement has not begun yet, or it has ended without a version.
            if self.has_begun || self.looks >= LOOKS_FOR_A_BEGINNING {
                return Next::NothingNew;
            }
        } else if is_over {
            return Next::Over;
        } else if matches!(look.status, SkillsGenerationStatus::Unknown(_)) {
            let seems_over = look.has_finished && !is_old && self.looks > 1;
            if seems_over || self.unchanged >= UNCHANGED_POLLS {
                return Next::UnknownStatus;
            }
        }
        Next::LookAfter(self.backoff.next(chance))
    }
}

//! Waiting for a generation: how often to look, what is news, and when it is over.

use crate::api::value::SkillsGenerationStatus;

/// The first delay between two looks, in milliseconds.
const FIRST_MS: f64 = 1_000.0;
/// The longest delay between two looks, in milliseconds.
const LONGEST_MS: f64 = 10_000.0;
/// How much longer each delay is than the one before.
const GROWTH: f64 = 1.5;
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
    has_begun: bool,
    delay_ms: f64,
}

impl Wait {
    /// A wait for the status to be final; after a refinement, for a version newer than the one before.
    #[must_use]
    pub const fn new(newer_than: Option<u32>) -> Self {
        Self { newer_than, last: None, looks: 0, has_begun: false, delay_ms: FIRST_MS }
    }

    /// Takes a look. `chance` is uniform in 0..1.
    pub fn looked(&mut self, look: Look, chance: f64) -> Seen {
        self.looks = self.looks.saturating_add(1);
        self.has_begun |= !look.status.is_final();
        let next = self.next(&look, chance);
        let is_news = self.last.as_ref() != Some(&look);
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
        }
        let delay = self.delay_ms * (0.8 + 0.4 * chance.clamp(0.0, 1.0));
        self.delay_ms = (self.delay_ms * GROWTH).min(LONGEST_MS);
        Next::LookAfter(delay)
    }
}

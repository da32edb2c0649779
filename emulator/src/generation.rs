//! How the generation of a skill ends.

use browser_use_skills::api::value::SkillsGenerationStatus;

use crate::fake::metadata;
use crate::skill::Skill;

impl Skill {
    /// Ends a generation that is due. Returns the refund, in USD.
    pub fn finish_due_generation(&mut self, now: u64) -> f64 {
        match &self.generation {
            Some(generation) if generation.ends_at <= now => {
                let (ending, at) = (generation.ending.clone(), generation.ends_at);
                self.end_generation(ending, at)
            }
            _ => 0.0,
        }
    }

    /// Ends the generation in progress. Returns the refund, in USD.
    ///
    /// A cancelled refinement leaves the skill finished. A failed one leaves it failed.
    pub fn end_generation(&mut self, ending: SkillsGenerationStatus, at: u64) -> f64 {
        let Some(generation) = self.generation.take() else { return 0.0 };
        self.updated_at = at;
        match ending {
            SkillsGenerationStatus::Finished => {
                let mut version = metadata::version(self);
                (version.started_at, version.finished_at) = (generation.started_at, at);
                metadata::describe(self);
                self.versions.push(version);
                self.has_code = true;
                self.idle_status = ending;
                0.0
            }
            SkillsGenerationStatus::Cancelled if !self.versions.is_empty() => 0.0,
            _ => {
                self.idle_status = ending;
                generation.charged
            }
        }
    }
}

//! What the calls of one tab share about the skills that they run.

use std::cell::RefCell;
use std::rc::Rc;

use super::platform::Platform;
use crate::policy::claim::{Ledger, RunKey};

/// How many skills are remembered.
const SKILL_LIMIT: usize = 64;

/// What the calls of one tab share, whatever their client.
pub struct Local<P: Platform> {
    skills: RefCell<Vec<(String, Rc<Skill>)>>,
    /// The locks of resumed entries whose result was handed over and not acknowledged, by the entries' ids.
    pub(super) unacknowledged: Unacknowledged<P>,
}

/// The locks of resumed entries whose result was handed over and not acknowledged, by the entries' ids.
pub type Unacknowledged<P> = Rc<RefCell<Vec<(String, <P as Platform>::Lock)>>>;

impl<P: Platform> Local<P> {
    /// What is shared by calls that reach the same server, with what all calls of the tab share.
    #[must_use]
    pub fn new(unacknowledged: Unacknowledged<P>) -> Self {
        Self { skills: RefCell::default(), unacknowledged }
    }
}

impl<P: Platform> Default for Local<P> {
    fn default() -> Self {
        Self::new(Rc::default())
    }
}

impl<P: Platform> std::fmt::Debug for Local<P> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Local").finish_non_exhaustive()
    }
}

/// What is known of the executions of one skill. Never borrowed across an await.
#[derive(Debug, Default)]
pub(super) struct Skill {
    pub ledger: RefCell<Ledger>,
    /// When the last list was requested that had no unknown execution in it, and how long listing usually takes.
    pub timing: RefCell<Timing>,
    /// Runs that ended without a claim, oldest first.
    pub abandoned: RefCell<Vec<Abandoned>>,
    /// Runs that have executed and were not listed so far, by the ids of their entries.
    pub executed: RefCell<Vec<(String, RunKey)>>,
    /// Runs of this tab whose request is pending and that do not poll any more.
    pub pending: RefCell<Vec<RunKey>>,
    /// Executions of pending runs that the poll of another run has shown.
    pub claimed: RefCell<Vec<(RunKey, String)>>,
    /// Runs of other tabs that are under way without a claim, by the ids of their entries.
    pub live: RefCell<Vec<(String, RunKey)>>,
}

/// What polls of a skill have shown about time.
#[derive(Debug)]
pub(super) struct Timing {
    /// When the newest list arrived that can serve as a baseline.
    pub baseline_ms: f64,
    /// From sending a request to its execution being listed, in milliseconds: the last one.
    pub listing_ms: f64,
}

impl Default for Timing {
    fn default() -> Self {
        Self { baseline_ms: f64::NEG_INFINITY, listing_ms: 100.0 }
    }
}

/// A run whose request may have arrived and whose execution is not known.
#[derive(Clone, Debug)]
pub(super) struct Abandoned {
    /// The id of its journal entry.
    pub id: String,
    /// Its key in the ledger.
    pub key: RunKey,
    /// Until when its execution may still be listed for the first time.
    pub until_ms: f64,
}

impl<P: Platform> Local<P> {
    /// What is shared about a skill.
    pub(super) fn skill(&self, name: &str) -> Rc<Skill> {
        let mut skills = self.skills.borrow_mut();
        if let Some((_, skill)) = skills.iter().find(|(known, _)| known == name) {
            return Rc::clone(skill);
        }
        if skills.len() >= SKILL_LIMIT {
            // One that no call uses.
            if let Some(unused) = skills.iter().position(|(_, skill)| Rc::strong_count(skill) == 1) {
                skills.remove(unused);
            }
        }
        let skill = Rc::new(Skill::default());
        skills.push((name.to_owned(), Rc::clone(&skill)));
        skill
    }
}

//! What the calls of one tab share about the skills that they run.

use std::cell::RefCell;
use std::rc::Rc;

use super::entry::Entry;
use crate::policy::claim::{Ledger, RunKey};

/// How many protected runs of a skill are remembered.
const RUN_LIMIT: usize = 128;
/// How many skills are remembered.
const SKILL_LIMIT: usize = 64;

/// What the calls of one tab share, whatever their client.
pub struct SharedState<Lock> {
    skills: RefCell<Vec<(String, Rc<SkillState>)>>,
    /// The locks of resumed entries whose result was handed over and not acknowledged, by the entries' ids.
    pub(super) unacknowledged: UnacknowledgedLocks<Lock>,
}

/// The locks of resumed entries whose result was handed over and not acknowledged, by the entries' ids.
pub type UnacknowledgedLocks<Lock> = Rc<RefCell<Vec<(String, Lock)>>>;

impl<Lock> SharedState<Lock> {
    /// What is shared by calls that reach the same server, with what all calls of the tab share.
    #[must_use]
    pub fn new(unacknowledged: UnacknowledgedLocks<Lock>) -> Self {
        Self { skills: RefCell::default(), unacknowledged }
    }
}

impl<Lock> Default for SharedState<Lock> {
    fn default() -> Self {
        Self::new(Rc::default())
    }
}

impl<Lock> std::fmt::Debug for SharedState<Lock> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("SharedState").finish_non_exhaustive()
    }
}

/// What is known of the executions of one skill. Never borrowed across an await.
#[derive(Debug, Default)]
pub(super) struct SkillState {
    pub ledger: RefCell<Ledger>,
    pub timing: RefCell<Timing>,
    /// Protected runs of this tab, and of others as far as they matter here; oldest first.
    runs: RefCell<Vec<ProtectedRun>>,
    /// Executions and the entries that they belong to, as the journal's record had them last.
    pub owners: RefCell<Vec<(String, String)>>,
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

/// A protected run.
#[derive(Clone, Debug)]
pub(super) struct ProtectedRun {
    /// The id of its entry in the journal.
    pub id: String,
    /// Its key in the ledger.
    pub key: RunKey,
    pub state: RunState,
    /// Its execution, once it is known.
    pub execution_id: Option<String>,
    /// When this tab learned of it, on its clock.
    pub added_ms: f64,
    /// Its entry, if it was abandoned.
    pub entry: Option<Entry>,
}

/// How far a run is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum RunState {
    /// It polls for its execution.
    Polling,
    /// Its request is pending, and it does not poll any more.
    Pending,
    /// Its response has arrived.
    Responded,
    /// Another tab is at it.
    InOtherTab,
    /// It was told what became of it. The journal may not say so, if that write failed.
    Concluded,
    /// Its request may have arrived, and no call waits for it. Until this time its execution may be listed for the first
    /// time.
    Abandoned(f64),
}

impl SkillState {
    /// Adds a run, or an attempt that takes the place of the one before.
    pub fn add(&self, id: &str, key: RunKey, state: RunState, added_ms: f64) {
        let mut runs = self.runs.borrow_mut();
        runs.retain(|run| run.id != id);
        if runs.len() >= RUN_LIMIT {
            let is_done = |run: &ProtectedRun| {
                run.execution_id.is_some() || matches!(run.state, RunState::Responded | RunState::Concluded)
            };
            if let Some(done) = runs.iter().position(is_done) {
                runs.remove(done);
            }
        }
        runs.push(ProtectedRun { id: id.to_owned(), key, state, execution_id: None, entry: None, added_ms });
    }

    /// A run by the id of its entry.
    pub fn run(&self, id: &str) -> Option<ProtectedRun> {
        self.runs.borrow().iter().find(|run| run.id == id).cloned()
    }

    /// All runs for which something holds.
    pub fn runs(&self, holds: impl Fn(&ProtectedRun) -> bool) -> Vec<ProtectedRun> {
        self.runs.borrow().iter().filter(|run| holds(run)).cloned().collect()
    }

    /// Sets how far a run is.
    pub fn set_state(&self, key: RunKey, state: RunState) {
        if let Some(run) = self.runs.borrow_mut().iter_mut().find(|run| run.key == key) {
            run.state = state;
        }
    }

    /// No call waits for a run any more: its execution may be listed for the first time until then.
    pub fn abandon(&self, key: RunKey, entry: &Entry, until_ms: f64) {
        if let Some(run) = self.runs.borrow_mut().iter_mut().find(|run| run.key == key) {
            run.state = RunState::Abandoned(until_ms);
            run.entry = Some(entry.clone());
        }
    }

    /// The execution of a run is known. Returns the run.
    pub fn claimed(&self, key: RunKey, execution_id: &str) -> Option<ProtectedRun> {
        let mut runs = self.runs.borrow_mut();
        let run = runs.iter_mut().find(|run| run.key == key)?;
        run.execution_id = Some(execution_id.to_owned());
        Some(run.clone())
    }

    /// Forgets a run.
    pub fn remove(&self, key: RunKey) {
        self.runs.borrow_mut().retain(|run| run.key != key);
    }
}

impl<Lock> SharedState<Lock> {
    /// What is shared about a skill.
    pub(super) fn skill(&self, name: &str) -> Rc<SkillState> {
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
        let skill = Rc::new(SkillState::default());
        skills.push((name.to_owned(), Rc::clone(&skill)));
        skill
    }
}

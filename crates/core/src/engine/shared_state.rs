//! State shared by the calls of one tab.

use std::cell::RefCell;
use std::rc::Rc;

use super::entry::Entry;
use crate::policy::ledger::{Ledger, RunKey};

/// Maximum number of protected runs per skill.
const RUN_LIMIT: usize = 128;
/// Maximum number of skills.
const SKILL_LIMIT: usize = 64;

/// State shared by all clients of a tab that use the same server.
pub struct SharedState<Lock> {
    skills: RefCell<Vec<(String, Rc<SkillState>)>>,
    /// Locks of resumed runs that are not acknowledged, by entry id.
    pub(super) unacknowledged: UnacknowledgedLocks<Lock>,
}

/// Locks of resumed runs that are not acknowledged, by entry id.
pub type UnacknowledgedLocks<Lock> = Rc<RefCell<Vec<(String, Lock)>>>;

impl<Lock> SharedState<Lock> {
    /// Creates the state for one server. The locks are shared by all servers of the tab.
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

/// State of one skill. Never borrowed across an await.
#[derive(Debug, Default)]
pub(super) struct SkillState {
    pub ledger: RefCell<Ledger>,
    pub timing: RefCell<Timing>,
    /// Protected runs of this tab, and runs of other tabs that matter here; oldest first.
    runs: RefCell<Vec<ProtectedRun>>,
    /// Pairs of execution id and entry id, from the last record in the journal.
    pub owners: RefCell<Vec<(String, String)>>,
}

/// Timing of the list.
#[derive(Debug)]
pub(super) struct Timing {
    /// When the newest list that can serve as a baseline was requested.
    pub baseline_ms: f64,
    /// Last delay from a request until its execution was listed, in milliseconds.
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
    /// Id of its journal entry.
    pub id: String,
    /// Key in the ledger.
    pub key: RunKey,
    pub state: RunState,
    /// Its execution, once identified.
    pub execution_id: Option<String>,
    /// When this tab added it, on the monotonic clock.
    pub added_ms: f64,
    /// Its entry, if it was abandoned.
    pub entry: Option<Entry>,
}

/// State of a run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum RunState {
    /// Polls for its execution.
    Polling,
    /// The request is pending, without polls.
    Pending,
    /// The response was received.
    Responded,
    /// In progress in another tab.
    InOtherTab,
    /// Concluded, although the journal may not say so if that write failed.
    Concluded,
    /// The request may have been sent, and no call waits for it. The execution may be listed until this time.
    Abandoned(f64),
}

impl SkillState {
    /// Adds a run, or replaces its previous attempt.
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

    /// Finds a run by the id of its entry.
    pub fn run(&self, id: &str) -> Option<ProtectedRun> {
        self.runs.borrow().iter().find(|run| run.id == id).cloned()
    }

    /// Returns the runs that satisfy a condition.
    pub fn runs(&self, holds: impl Fn(&ProtectedRun) -> bool) -> Vec<ProtectedRun> {
        self.runs.borrow().iter().filter(|run| holds(run)).cloned().collect()
    }

    /// Sets the state of a run.
    pub fn set_state(&self, key: RunKey, state: RunState) {
        if let Some(run) = self.runs.borrow_mut().iter_mut().find(|run| run.key == key) {
            run.state = state;
        }
    }

    /// Marks a run that no call waits for. Its execution may be listed until `until_ms`.
    pub fn abandon(&self, key: RunKey, entry: &Entry, until_ms: f64) {
        if let Some(run) = self.runs.borrow_mut().iter_mut().find(|run| run.key == key) {
            run.state = RunState::Abandoned(until_ms);
            run.entry = Some(entry.clone());
        }
    }

    /// Sets the execution of a run. Returns the run.
    pub fn claimed(&self, key: RunKey, execution_id: &str) -> Option<ProtectedRun> {
        let mut runs = self.runs.borrow_mut();
        let run = runs.iter_mut().find(|run| run.key == key)?;
        run.execution_id = Some(execution_id.to_owned());
        Some(run.clone())
    }

    /// Removes a run.
    pub fn remove(&self, key: RunKey) {
        self.runs.borrow_mut().retain(|run| run.key != key);
    }
}

impl<Lock> SharedState<Lock> {
    /// Returns the state of a skill.
    pub(super) fn skill(&self, name: &str) -> Rc<SkillState> {
        let mut skills = self.skills.borrow_mut();
        if let Some((_, skill)) = skills.iter().find(|(other, _)| other == name) {
            return Rc::clone(skill);
        }
        if skills.len() >= SKILL_LIMIT {
            // Evicts a skill that no call uses.
            if let Some(unused) = skills.iter().position(|(_, skill)| Rc::strong_count(skill) == 1) {
                skills.remove(unused);
            }
        }
        let skill = Rc::new(SkillState::default());
        skills.push((name.to_owned(), Rc::clone(&skill)));
        skill
    }
}

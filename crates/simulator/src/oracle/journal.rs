//! R3: nothing that was paid for is forgotten, and nothing is handed over twice.

use browser_use_skills_core::api::node::Node;
use browser_use_skills_core::engine::Resumed;

use super::{ANSWERED_MS, Outcome};
use crate::executor::{Time, millis};
use crate::faults::Fault;
use crate::plan::EPOCH_MS;
use crate::platform::Page;
use crate::value::Value;
use crate::world::{Run, World};

impl World {
    /// R3: an error carries the id of the execution, once that is known.
    pub(super) fn check_ids(&self, run: usize, outcome: &Outcome) {
        let Outcome::Open { execution_id, code } = outcome else { return };
        let token = &self.runs[run].token;
        let entries = self.storage.entries();
        let entry = entries.iter().find(|entry| entry.text_field("tag") == Some(&**token));
        let known = entry.and_then(|entry| entry.text_field("executionId"));
        // Another tab may have found it a moment ago.
        let is_found_here = self.runs[run].found_by.get() == Some(self.plan.runs[run].tab);
        if is_found_here && known.is_some() && known != execution_id.as_deref() && !self.may_interfere() {
            self.violate("R3", || {
                format!("the error of run {run} ({code}) lacks what is known: [{execution_id:?}, {known:?}]")
            });
        }
    }

    /// R3: the entry of a run is removed from the journal.
    pub fn check_removal(&self, run: usize, entry: &Value) {
        let answered_at = entry.field("answeredAt").and_then(Node::number);
        let is_old = answered_at.is_some_and(|_| {
            let told = self.runs[run].killed.get().map_or(0.0, |killed| millis(self.now() - killed));
            self.runs[run].has_ended.get() || told > ANSWERED_MS
        });
        // Entries expire by the device's clock, which may be set.
        let is_kept = entry.field("deliver").is_some() && entry.field("past").is_none();
        let wall_ms = EPOCH_MS + millis(self.now()) + self.clock_error_ms.get();
        let has_expired = !is_kept && answered_at.is_some_and(|at| wall_ms - at > ANSWERED_MS);
        if has_expired && self.fired.get().has(Fault::ClockJump) {
            self.runs[run].has_expired_early.set(true);
            self.runs[run].is_given_up.set(true);
        }
        let is_known = entry.field("executionId").is_some() || answered_at.is_some();
        if !is_known && self.is_evidence_poor(run) {
            self.runs[run].is_given_up.set(true);
        }
        let is_open = self.may_run(run) && !self.is_accounted(run) && !self.runs[run].is_given_up.get();
        if is_open && !is_old && !self.may_interfere() {
            self.violate("R3", || {
                format!("the entry of run {run} is removed, and its outcome is not delivered")
            });
        }
    }

    /// Whether a run was answered, and its page died before its caller learned it, longer ago than entries are kept.
    pub(super) fn has_expired(&self, run: &Run) -> bool {
        run.killed.get().is_some_and(|killed| millis(self.now() - killed) > ANSWERED_MS)
    }

    /// R3: whatever may have been paid for is in the journal.
    pub fn check_journal(&self, when: &str) {
        if !self.plan.journal.exists || self.may_interfere() {
            return;
        }
        for (index, run) in self.runs.iter().enumerate() {
            let was_sent = !run.sends.borrow().is_empty();
            let is_open = was_sent
                && self.is_protected(index)
                && self.may_run(index)
                && !self.is_accounted(index)
                && !run.is_given_up.get();
            if is_open && !self.storage.has_tag(&run.token) && !self.has_expired(run) {
                self.violate("R3", || format!("{when}, the journal has no entry for run {index}"));
            }
        }
    }

    /// A tab resumes again: it takes back what it has handed over.
    pub fn forget_holder(&self, tab: usize) {
        for run in &self.runs {
            if run.holder.get() == Some(tab) {
                run.holder.set(None);
            }
        }
    }

    /// R3: a run is resumed by one tab at a time, and not while its call is alive.
    pub fn check_resume(&self, tab: usize, began: Time, resumed: &[Resumed<Page>]) {
        let now = self.now();
        let mut resumes = self.resumes.borrow_mut();
        let overlaps = |(other, from, to, count): &(usize, Time, Time, usize)| {
            *other != tab && *from <= now && *to >= began && (*count > 0 || !resumed.is_empty())
        };
        if resumes.iter().any(overlaps) {
            self.fire(Fault::ResumedTwice);
        }
        resumes.push((tab, began, now, resumed.len()));
        drop(resumes);
        if !resumed.is_empty() && self.plan.tabs.get(tab).is_some_and(|plan| plan.follows.is_some()) {
            self.fire(Fault::Reloaded);
        }
        for run in resumed.iter().filter_map(|resumed| self.run_of(&resumed.tag()?)) {
            let plan = &self.plan.runs[run];
            let state = &self.runs[run];
            let is_live =
                state.began.get().is_some() && !state.has_ended.get() && self.tab(plan.tab).is_alive.get();
            let holder = state.holder.replace(Some(tab));
            let is_held = holder.is_some_and(|holder| holder != tab && self.tab(holder).is_alive.get());
            if self.plan.shared_locks && (is_live || is_held) {
                self.violate("R3", || {
                    format!("tab {tab} resumes run {run}, which is live: {is_live}, or held by {holder:?}")
                });
            }
        }
    }
}

//! R3: a run that may have been executed stays in the journal until its outcome is delivered, and is delivered once.

use browser_use_skills_core::api::node::Node;

use super::evidence::is_evidence_poor;
use super::facts::{RESPONSE_KEPT_MS, is_accounted, is_protected, may_interfere, may_run};
use crate::executor::{Time, millis};
use crate::faults::Fault;
use crate::outcome::Outcome;
use crate::plan::EPOCH_MS;
use crate::run::Run;
use crate::value::Value;
use crate::world::World;

/// R3: an error contains the id of the execution if it is known.
pub fn check_ids(world: &World, run: usize, outcome: &Outcome) {
    let Outcome::MaybeExecuted { execution_id, code } = outcome else { return };
    let token = &world.runs[run].token;
    let entries = world.storage.entries();
    let entry = entries.iter().find(|entry| entry.text_field("tag") == Some(&**token));
    let known = entry.and_then(|entry| entry.text_field("executionId"));
    // Another tab may have found it just before.
    let is_found_here = world.runs[run].found_by.get() == Some(world.plan.runs[run].tab);
    if is_found_here && known.is_some() && known != execution_id.as_deref() && !may_interfere(world) {
        world.violate("R3", || {
            format!(
                "the error of run {run} ({code}) lacks the known execution id: [{execution_id:?}, {known:?}]"
            )
        });
    }
}

/// R3: an entry is removed only after its outcome was delivered.
pub fn check_removal(world: &World, run: usize, entry: &Value) {
    let response_at = entry.field("answeredAt").and_then(Node::as_f64);
    let is_old = response_at.is_some_and(|_| {
        let age_ms = world.runs[run].killed.get().map_or(0.0, |killed| millis(world.now() - killed));
        world.runs[run].has_ended.get() || age_ms > RESPONSE_KEPT_MS
    });
    note_expiry(world, run, entry);
    let is_known = entry.field("executionId").is_some() || response_at.is_some();
    if !is_known && is_evidence_poor(world, run) {
        world.runs[run].is_given_up.set(true);
    }
    let is_open = may_run(world, run) && !is_accounted(world, run) && !world.runs[run].is_given_up.get();
    if is_open && !is_old && !may_interfere(world) {
        world.violate("R3", || format!("the entry of run {run} is removed before its outcome is delivered"));
    }
}

/// Records that an entry expired early: entries expire according to the device's clock, which may be set.
pub fn note_expiry(world: &World, run: usize, entry: &Value) {
    let response_at = entry.field("answeredAt").and_then(Node::as_f64);
    let is_kept = entry.field("deliver").is_some() && entry.field("past").is_none();
    let wall_ms = EPOCH_MS + millis(world.now()) + world.clock_error_ms.get();
    let has_expired = !is_kept && response_at.is_some_and(|at| wall_ms - at > RESPONSE_KEPT_MS);
    if has_expired && world.fired.get().has(Fault::ClockJump) {
        world.runs[run].has_expired_early.set(true);
        world.runs[run].is_given_up.set(true);
    }
}

/// Whether the tab of a run was killed longer ago than entries are kept.
pub fn has_expired(world: &World, run: &Run) -> bool {
    run.killed.get().is_some_and(|killed| millis(world.now() - killed) > RESPONSE_KEPT_MS)
}

/// R3: each run that may have been executed is in the journal.
pub fn check_journal(world: &World, when: &str) {
    if !world.plan.journal.exists || may_interfere(world) {
        return;
    }
    for (index, run) in world.runs.iter().enumerate() {
        let was_sent = !run.sends.borrow().is_empty();
        let is_open = was_sent
            && is_protected(world, index)
            && may_run(world, index)
            && !is_accounted(world, index)
            && !run.is_given_up.get();
        if is_open && !world.storage.has_tag(&run.token) && !has_expired(world, run) {
            world.violate("R3", || format!("{when}, the journal has no entry for run {index}"));
        }
    }
}

/// Releases the runs that a tab has resumed, because it resumes again.
pub fn forget_holder(world: &World, tab: usize) {
    for run in &world.runs {
        if run.holder.get() == Some(tab) {
            run.holder.set(None);
        }
    }
}

/// R3: a run is resumed by one tab at a time, and not while its call is pending.
pub fn check_resume(world: &World, tab: usize, began: Time, resumed: &[Option<usize>]) {
    let now = world.now();
    let mut resumes = world.resumes.borrow_mut();
    let overlaps = |(other, from, to, count): &(usize, Time, Time, usize)| {
        *other != tab && *from <= now && *to >= began && (*count > 0 || !resumed.is_empty())
    };
    if resumes.iter().any(overlaps) {
        world.fire(Fault::ResumedTwice);
    }
    resumes.push((tab, began, now, resumed.len()));
    drop(resumes);
    if !resumed.is_empty() && world.plan.tabs.get(tab).is_some_and(|plan| plan.follows.is_some()) {
        world.fire(Fault::Reloaded);
    }
    for run in resumed.iter().copied().flatten() {
        let plan = &world.plan.runs[run];
        let state = &world.runs[run];
        let is_live =
            state.began.get().is_some() && !state.has_ended.get() && world.tab(plan.tab).is_alive.get();
        let holder = state.holder.replace(Some(tab));
        let is_held = holder.is_some_and(|holder| holder != tab && world.tab(holder).is_alive.get());
        if world.plan.shared_locks && (is_live || is_held) {
            world.violate("R3", || {
                format!("tab {tab} resumes run {run}: its call is pending: {is_live}, resumed by {holder:?}")
            });
        }
    }
}

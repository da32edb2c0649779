//! What a tab can know of an execution, and where that is too little.

use super::facts::{SLACK, is_foreign_run, is_list_late, is_listed_late};
use crate::execution::{Execution, Starter};
use crate::executor::{Time, micros};
use crate::faults::Fault;
use crate::outcome::Outcome;
use crate::world::World;

/// How far the engine assumes that the clocks of the service's machines may differ.
pub const SKEW: Time = 350_000;
/// How far they may differ in worlds that are held to all rules.
pub const TOLERATED_SKEW_MS: f64 = 25.0;

/// When an execution can have started that an engine in a tab may take for that of a run. It is the run's own window,
/// from its request until a second after its connection broke, as far as that tab can tell by the evidence it has:
/// - before: what was not yet listed in the newest list before the request, or, where the server's clock can be read,
///   what started within the imprecision of that clock;
/// - after: the same imprecision; without a clock, until the run is resolved.
///
/// A tab that did not send the request itself knows its times by the journal only, to two minutes, and not when the
/// connection broke: until its time limit, it may not have.
pub fn uncertainty(world: &World, tab: usize, run: usize, execution: &Execution) -> Option<(Time, Time)> {
    const DATED: Time = 120_000_000;
    let sends = world.runs[run].sends.borrow();
    let journalled = world.runs[run].journalled.get();
    // One that never left is a run to whoever finds it in the journal.
    let (sent, baseline) = sends.first().map(|first| (first.sent, first.baseline)).or(journalled)?;
    let last = sends.last();
    let list = &world.plan.list;
    let never = Time::MAX / 2;
    let by_baseline = baseline.saturating_sub(execution.longest_lag());
    // Requests that are slow tell little of the server's clock.
    let is_slow = world.plan.free.slow > 0.0 || world.plan.free.stalled > 0.0;
    let is_clock_readable =
        list.is_date_readable && !list.unreadable_times && execution.has_time() && !is_slow;
    let imprecision = world.tab(tab).newest_list(Some(world.skill(run))).map(|known| {
        let coarse = if list.coarse_times { 1_000_000 } else { 0 };
        let clock_ms = world.plan.tabs.get(tab).map_or(0.0, |tab| 2.0 * tab.clock_ms);
        // The fastest may have been for a run that is followed, which is no evidence.
        known.shortest.max(micros(3.0 * world.plan.free.latency_ms).unwrap_or_default())
            + 1_001_000
            + SKEW
            + coarse
            + micros(clock_ms + 2.0 * list.skew_ms).unwrap_or_default()
    });
    let Some(imprecision) = imprecision.filter(|_| is_clock_readable) else {
        return Some((by_baseline, never));
    };
    // After the call has ended, only the journal tells when it did.
    let is_unwritten = world.runs[run].has_ended.get()
        && (world.storage.was_too_slow.get()
            || world.fired.get().has_any(&[Fault::JournalFails, Fault::JournalHangs]));
    if tab != world.plan.runs[run].tab || is_unwritten {
        if world.fired.get().has(Fault::ClockJump) {
            return Some((by_baseline, never));
        }
        let timeout = world.plan.runs[run].timeout_ms.unwrap_or(300_000.0).max(300_000.0);
        let until = last.map_or(sent, |last| last.sent)
            + micros(timeout).unwrap_or_default()
            + DATED
            + SLACK
            + imprecision;
        return Some((by_baseline.max(sent.saturating_sub(DATED + imprecision)), until));
    }
    let until = last.and_then(|last| last.closed.get()).map_or(never, |closed| closed + SLACK + imprecision);
    Some((by_baseline.max(sent.saturating_sub(imprecision)), until))
}

/// Whether an execution of others may have been taken for one of ours, so that ours is left over: one that began within
/// the window of any run of the skill, because runs are told apart by how many there are, too; without a journal, where
/// nothing tells what was claimed, any.
pub fn may_be_confused(world: &World, tab: usize, run: usize) -> bool {
    if world.plan.shared_account {
        return false;
    }
    let executions = world.cloud.executions.borrow();
    let is_others = |execution: &&Execution| {
        execution.skill == world.skill(run)
            && match execution.starter {
                Starter::Run(other) => is_foreign_run(world, tab, run, other),
                Starter::Foreign => true,
                Starter::Past => false,
            }
    };
    let is_blind = !world.plan.journal.exists;
    let fits = |execution: &Execution| {
        let mut ours = (0..world.runs.len()).filter(|other| world.skill(*other) == world.skill(run));
        is_blind || ours.any(|other| is_excused(world, tab, other, execution))
    };
    world.is_confused.get() || executions.iter().filter(is_others).any(fits)
}

/// Whether a tab can take an execution of others for that of a run, where the design assumes that others do not run the
/// skill at such a time.
pub fn is_excused(world: &World, tab: usize, run: usize, execution: &Execution) -> bool {
    if world.plan.shared_account {
        return false;
    }
    let window = uncertainty(world, tab, run, execution);
    window.is_some_and(|(from, until)| (from..=until).contains(&execution.started))
}

/// Whether nothing can tell that an execution is that of an earlier run of ours: the server's times are wrong by more
/// than the engine tolerates; or it is listed after the grace, when its run counts as one that never arrived, and it fits
/// another by all evidence that there is; or the device's clock was set by more than the time for which the journal keeps what was answered.
pub fn is_unprovable(world: &World, tab: usize, run: usize, execution: &Execution) -> bool {
    let list = &world.plan.list;
    list.skew_ms > TOLERATED_SKEW_MS
        || (is_listed_late(world, execution) && is_excused(world, tab, run, execution))
        || (0..world.runs.len()).any(|other| {
            world.skill(other) == world.skill(run)
                && (is_given_up(world, other) || world.runs[other].has_expired_early.get())
        })
}

/// Whether a run was taken for one that never arrived, where the list is too late or too incomplete to tell: its
/// execution is left over then.
pub fn is_given_up(world: &World, run: usize) -> bool {
    let is_told = |(_, outcome): &(Time, Outcome)| matches!(outcome, Outcome::NotExecuted { .. });
    let is_told = world.runs[run].outcomes.borrow().iter().any(is_told);
    (is_told || world.runs[run].is_given_up.get()) && is_list_late(world, world.skill(run))
}

/// Whether an execution may be missed that is there: because it is listed after the grace; because the clocks of the
/// service differ by more than the engine tolerates; or because it was taken for that of another run, whose place
/// somebody else's execution has taken.
pub fn is_evidence_poor(world: &World, index: usize) -> bool {
    is_list_late(world, world.skill(index))
        || world.plan.list.skew_ms > TOLERATED_SKEW_MS
        || may_be_confused(world, world.plan.runs[index].tab, index)
}

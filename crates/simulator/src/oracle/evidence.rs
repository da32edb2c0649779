//! The evidence that a tab has of executions, and when it is insufficient.

use super::facts::{SLACK, is_foreign_run, is_list_late, is_listed_late, may_interfere};
use crate::execution::{Execution, Starter};
use crate::executor::{Time, micros};
use crate::faults::Fault;
use crate::outcome::Outcome;
use crate::world::World;

/// The difference between the clocks of the service's machines that the engine tolerates for windows.
pub const SKEW: Time = 350_000;
/// The largest difference for which all rules apply: for the order of two runs, the engine tolerates 50 ms.
pub const TOLERATED_SKEW_MS: f64 = 25.0;

/// The window in which an execution can have started that a tab may attribute to a run. It starts when the run is sent and
/// ends a second after its connection broke, extended by the imprecision of the evidence of that tab:
/// - before: executions that were not in the baseline, or, if the server's clock is readable, those that started within the
///   imprecision of that clock;
/// - after: the same imprecision, or without a clock, until the run is resolved.
///
/// A tab that did not send the request itself knows its times only from the journal, to two minutes. It does not know when the
/// connection broke, which may be as late as the timeout.
pub fn uncertainty(world: &World, tab: usize, run: usize, execution: &Execution) -> Option<(Time, Time)> {
    const DATED: Time = 120_000_000;
    let sends = world.runs[run].sends.borrow();
    let journalled = world.runs[run].journalled.get();
    // A run that was never sent is a run to the tab that finds it in the journal.
    let (sent, baseline) = sends.first().map(|first| (first.sent, first.baseline)).or(journalled)?;
    let last = sends.last();
    let list = &world.plan.list;
    let never = Time::MAX / 2;
    let by_baseline = baseline.saturating_sub(execution.longest_lag());
    // Slow requests are weak evidence of the server's clock.
    let is_slow = world.plan.free.slow > 0.0 || world.plan.free.stalled > 0.0;
    let is_clock_readable =
        list.is_date_readable && !list.unreadable_times && execution.has_time() && !is_slow;
    let imprecision = world.tab(tab).newest_list(Some(world.skill(run))).map(|known| {
        let coarse = if list.coarse_times { 1_000_000 } else { 0 };
        let clock_ms = world.plan.tabs.get(tab).map_or(0.0, |tab| 2.0 * tab.clock_ms);
        // The fastest request may have been for a run that was already claimed, which is not used as evidence.
        known.shortest.max(micros(3.0 * world.plan.free.latency_ms).unwrap_or_default())
            + 1_001_000
            + SKEW
            + coarse
            + micros(clock_ms + 2.0 * list.skew_ms).unwrap_or_default()
    });
    let Some(imprecision) = imprecision.filter(|_| is_clock_readable) else {
        return Some((by_baseline, never));
    };
    // After the call has ended, its end is known only from the journal.
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

/// Whether a run of the client may have got an execution of others, so that its own is left over. That execution started
/// within the window of any run of the skill, because the number of runs is evidence, too. Without a journal, which contains
/// the claims of other tabs, it may be any execution of others.
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
    let has_no_journal = !world.plan.journal.exists;
    let fits = |execution: &Execution| {
        let mut own_runs = (0..world.runs.len()).filter(|other| world.skill(*other) == world.skill(run));
        has_no_journal || own_runs.any(|other| may_attribute(world, tab, other, execution))
    };
    world.is_confused.get() || executions.iter().filter(is_others).any(fits)
}

/// Whether a tab may attribute an execution of others to a run, because it started at a time at which the design assumes that
/// others do not run the skill.
pub fn may_attribute(world: &World, tab: usize, run: usize, execution: &Execution) -> bool {
    if world.plan.shared_account {
        return false;
    }
    let window = uncertainty(world, tab, run, execution);
    window.is_some_and(|(from, until)| (from..=until).contains(&execution.started))
}

/// Whether tabs without shared locks have lost the evidence that an execution was listed before a run was sent: one tab
/// wrote the record of the skill, and another one overwrote it, because it had read the record before.
pub fn is_forgotten(world: &World, execution: &Execution) -> bool {
    may_interfere(world) && world.storage.forgotten.borrow().contains(&execution.id)
}

/// Whether there is no evidence that an execution belongs to an earlier run of the client: the server's times are wrong by
/// more than the engine tolerates; or it is listed after the grace period, when its run was concluded to have never arrived,
/// and all evidence fits another run; or the entry of its run expired early because the device's clock was set.
pub fn is_unprovable(world: &World, tab: usize, run: usize, execution: &Execution) -> bool {
    let list = &world.plan.list;
    list.skew_ms > TOLERATED_SKEW_MS
        || (is_listed_late(world, execution) && may_attribute(world, tab, run, execution))
        || (0..world.runs.len()).any(|other| {
            world.skill(other) == world.skill(run)
                && (is_given_up(world, other) || world.runs[other].has_expired_early.get())
        })
}

/// Whether it was concluded that a run never arrived, because the list was too late or incomplete. Its execution is left over
/// then.
pub fn is_given_up(world: &World, run: usize) -> bool {
    let is_negative = |(_, outcome): &(Time, Outcome)| matches!(outcome, Outcome::NotExecuted { .. });
    let is_negative = world.runs[run].outcomes.borrow().iter().any(is_negative);
    (is_negative || world.runs[run].is_given_up.get()) && is_list_late(world, world.skill(run))
}

/// Whether the engine may miss the execution of a run: because it is listed after the grace period; because the clocks of the
/// service differ by more than the engine tolerates; or because another run got it, after that run's own execution was left
/// over.
pub fn is_evidence_poor(world: &World, index: usize) -> bool {
    is_list_late(world, world.skill(index))
        || world.plan.list.skew_ms > TOLERATED_SKEW_MS
        || may_be_confused(world, world.plan.runs[index].tab, index)
}

//! R5 and R6: lost responses are recovered, every call ends, and a run waits only for the claims of other runs.

use super::evidence::TOLERATED_SKEW_MS;
use super::facts::{SLACK, is_accounted, is_past_late, is_protected, shortest_grace_ms};
use super::journal::{check_journal, has_expired};
use crate::execution::Execution;
use crate::executor::{Ended, Time, micros, millis};
use crate::faults::Fault;
use crate::outcome::Outcome;
use crate::plan::Style;
use crate::run::Run;
use crate::tab::Tab;
use crate::world::World;

/// R6: a run waits only for the claims of other runs.
pub fn check_start_delay(world: &World, tab: &Tab, run: usize, delay: Time) {
    let Some(limit_ms) = longest_start_ms(world, tab, run) else { return };
    if millis(delay) > limit_ms {
        let delay_ms = millis(delay);
        world.violate("R6", || format!("run {run} was sent after {delay_ms} ms, more than {limit_ms} ms"));
    }
}

/// How long a run may wait before it is sent, if only other runs can delay it.
fn longest_start_ms(world: &World, tab: &Tab, run: usize) -> Option<f64> {
    let plan = &world.plan;
    let free = &plan.free;
    let disturbed = [
        free.lost_before,
        free.lost_after,
        free.stalled,
        free.cut_short,
        free.status_zero,
        free.slow,
        free.not_sent,
        plan.journal.slow,
        plan.journal.fails,
        plan.journal.hangs,
        plan.journal.unreadable,
        plan.key.slow,
        plan.key.fails,
        plan.cloud.list_error,
        plan.cloud.rate_limit,
        plan.cloud.busy,
        plan.list.nulls,
        plan.paid.not_sent,
    ];
    let is_disturbed = disturbed.iter().any(|rate| *rate > 0.0)
        || plan.cloud.sessions.is_some()
        || plan.key.expires.is_some()
        || plan.tabs.iter().any(|tab| {
            tab.throttled > 0.0
                || tab.max_concurrent.is_finite()
                || tab.offline.is_some()
                || tab.kill_at.is_some()
        })
        || tab.index >= plan.tabs.len();
    if is_disturbed || plan.list.old > 90 {
        return None;
    }
    let others =
        plan.runs.iter().enumerate().filter(|(other, _)| world.skill(*other) == world.skill(run)).count();
    let request_ms = 4.0 * (free.latency_ms + plan.paid.latency_ms);
    let is_certain = is_every_run_claimed(world);
    let each_ms = if is_certain {
        plan.list.lag_ms.min(longest_grace_ms(world)) + 3_000.0
    } else {
        2.0 * longest_grace_ms(world) + plan.list.lag_ms + 6_000.0
    };
    Some(others as f64 * (each_ms + request_ms) + request_ms)
}

fn longest_grace_ms(world: &World) -> f64 {
    let graces = world.plan.runs.iter().filter_map(|run| run.recover).map(|recover| recover.grace_ms);
    let resumed = world.plan.resumes.iter().map(|resume| resume.grace_ms);
    graces.chain(resumed).fold(0.0, f64::max)
}

/// Whether each run is claimed as soon as its execution is listed.
fn is_every_run_claimed(world: &World) -> bool {
    let plan = &world.plan;
    let paid = &plan.paid;
    let lossless = [
        paid.lost_before,
        paid.lost_after,
        paid.stalled,
        paid.cut_short,
        paid.status_zero,
        paid.slow,
        plan.cloud.error_before,
        plan.cloud.error_after,
        plan.cloud.busy_bare,
        plan.cloud.busy_in_body,
        plan.cloud.broken_contract,
        plan.cloud.no_skill,
        plan.list.incomplete,
    ];
    lossless.iter().all(|rate| *rate == 0.0)
        && plan.foreign.is_empty()
        && !plan.list.unreadable_times
        && !plan.list.coarse_times
        && plan.list.skew_ms <= TOLERATED_SKEW_MS
        && plan.runs.iter().all(|run| {
            run.recover.is_some()
                && run.timeout_ms.is_none()
                && run.total_timeout_ms.is_none()
                && run.abort.is_none()
        })
        && plan.list.lag_ms < longest_grace_ms(world)
        && (plan.tabs.len() == 1 || plan.shared_locks && plan.journal.exists)
}

/// R5: with `maxConcurrent`, a 429 for too many sessions only delays a call.
pub fn check_session_limit(world: &World, run: usize, outcome: &Outcome) {
    const SESSIONS: &str = "too_many_concurrent_active_sessions";
    let plan = &world.plan.runs[run];
    let is_limited = world.plan.tabs[plan.tab].max_concurrent.is_finite();
    let is_refused = matches!(outcome, Outcome::NotExecuted { code: SESSIONS });
    if is_limited && is_refused && plan.total_timeout_ms.is_none() {
        world.violate("R5", || format!("run {run} fails instead of waiting for a session"));
    }
}

/// R6: a call ends soon after its response arrived, regardless of other runs.
pub fn check_response_delay(world: &World, run: usize, tab: &Tab) {
    let Some(response_at) = world.runs[run].response_at.get() else { return };
    if longest_start_ms(world, tab, run).is_none() || world.plan.deliver_slow > 0.0 {
        return;
    }
    let delay_ms = millis(world.now() - response_at);
    let limit_ms = 1_000.0 + 4.0 * world.plan.free.latency_ms;
    if delay_ms > limit_ms {
        world.violate("R6", || {
            format!("run {run} ends {delay_ms} ms after its response, more than {limit_ms} ms")
        });
    }
}

/// R5: every call ends, except if the journal hangs, or if all sessions of the plan are in use and never end.
pub fn check_end_of_faults(world: &World, ended: Ended) {
    check_journal(world, "when the faults stop");
    if ended == Ended::Livelock {
        world.violate("R5", || "tasks keep waking each other".to_owned());
    }
    let fired = world.fired.get();
    let is_full = fired.has(Fault::TooManySessions) && fired.has(Fault::ExecutionNeverEnds);
    if is_full || fired.has(Fault::JournalHangs) {
        return;
    }
    for (index, run) in world.runs.iter().enumerate() {
        let is_alive = world.tab(world.plan.runs[index].tab).is_alive.get();
        if run.began.get().is_some() && !run.has_ended.get() && is_alive {
            world.violate("R5", || format!("run {index} never ends ({ended:?})"));
        }
    }
}

/// R5: every lost response is recovered, in worlds in which the design guarantees it.
pub fn check_liveness(world: &World, index: usize) {
    let run = &world.runs[index];
    if !is_protected(world, index)
        || run.sends.borrow().is_empty()
        || !is_recoverable(world)
        || is_indistinguishable(world, index)
    {
        return;
    }
    let outcomes = run.outcomes.borrow();
    // Without `deliver`, a run is resumed for some time after its response arrived. That response was not lost.
    let has_result = matches!(outcomes.first(), Some((_, Outcome::Result { .. })));
    let is_ambiguous = |(_, outcome): &(Time, Outcome)| matches!(outcome, Outcome::Ambiguous { .. });
    if !has_result && outcomes.iter().any(is_ambiguous) {
        world.violate("R5", || format!("run {index} is ambiguous in a world without other users"));
    }
    let executions = world.cloud.executions.borrow();
    let own = run.executions.borrow();
    match own.first().map(|own| &executions[*own]) {
        Some(execution) if execution.ends.is_none() || execution.has_lost_output => {}
        Some(_) if is_accounted(world, index) => {}
        Some(_) if has_expired(world, run) => {}
        Some(_) => {
            world.violate("R5", || format!("run {index} was executed and is not recovered: {outcomes:?}"))
        }
        None if world.storage.has_tag(&run.token) => {
            world.violate("R5", || format!("run {index} never arrived, and its entry stays: {outcomes:?}"));
        }
        None => {}
    }
}

/// Whether a run cannot be distinguished from another run of the skill, for lack of evidence of when their executions started:
/// - an execution has no time in the list, or one of earlier days is listed only now;
/// - the call of one of the two ended before its execution was found (its page was killed, an abort, a timeout, or a list that
///   could not be read), and the other was pending or not yet listed then, or was never found although its response arrived.
///   The journal has no order, because the device's clock may be set, so only the server's clock is evidence;
/// - a page was killed while it wrote or removed an entry, after the next page had read the journal;
/// - the list has whole seconds, and both started in the same second or in consecutive ones.
pub fn is_indistinguishable(world: &World, index: usize) -> bool {
    let list = &world.plan.list;
    let executions = world.cloud.executions.borrow();
    let is_of_skill = |execution: &&Execution| execution.skill == world.skill(index);
    let of_skill = || executions.iter().filter(is_of_skill);
    let has_no_time = of_skill().any(|execution| !execution.has_time());
    let lag = micros(list.lag_ms).unwrap_or_default();
    let run = &world.runs[index];
    // From the request until the execution is listed.
    let span = |run: &Run| {
        let last = run.sends.borrow().last().map(|send| (send.sent, send.closed.get()))?;
        let own = run.executions.borrow().first().map(|own| executions[*own].started);
        Some((last.0, own.or(last.1)?.max(last.0) + lag))
    };
    let is_near = |other: &Run, time: Time| {
        let spans = span(run).zip(span(other));
        spans.is_some_and(|(one, other)| one.0 <= other.1 + time && other.0 <= one.1 + time)
    };
    let is_left = |run: &Run| {
        let own = run.own_outcome.get().and_then(|index| run.outcomes.borrow().get(index).cloned());
        matches!(own, None | Some((_, Outcome::MaybeExecuted { .. } | Outcome::Aborted)))
    };
    let is_rival = |other: &Run| other.found_by.get().is_none() || is_near(other, SLACK);
    let is_like = |other: &Run| {
        other.was_written_late.get()
            || (!list.is_date_readable && (is_left(run) || is_left(other)) && is_rival(other))
            || (list.coarse_times && is_near(other, 2 * SLACK))
    };
    let mut others =
        (0..world.runs.len()).filter(|other| *other != index && world.skill(*other) == world.skill(index));
    is_past_late(world, world.skill(index)) || others.any(|other| has_no_time || is_like(&world.runs[other]))
}

/// Whether a request was still pending after the grace period, and no list contained its execution by then: until it ends,
/// the next execution that starts may be its own. If polls fail, or take as long as the grace period, no list contained it.
fn is_rival(world: &World, run: usize) -> bool {
    let grace_ms = world.plan.runs[run].recover.map_or(f64::INFINITY, |recover| recover.grace_ms);
    let grace = micros(grace_ms).unwrap_or(Time::MAX / 2);
    let executions = world.cloud.executions.borrow();
    let own = world.runs[run].executions.borrow();
    let plan = &world.plan;
    let free = &plan.free;
    let faults = [
        free.lost_before,
        free.lost_after,
        free.stalled,
        free.slow,
        free.cut_short,
        free.status_zero,
        free.not_sent,
        plan.key.slow,
        plan.key.fails,
        plan.cloud.list_error,
    ];
    let is_list_unreliable = faults.iter().any(|rate| *rate > 0.0)
        || plan.key.expires.is_some()
        || plan.tabs.iter().any(|tab| tab.offline.is_some() || tab.throttled > 0.0);
    world.runs[run].sends.borrow().iter().any(|send| {
        // A poll takes time, too.
        let over = send.sent + grace.saturating_sub(5_000_000);
        let own = own.iter().map(|own| &executions[*own]).find(|own| own.started >= send.sent);
        let listed = own.map(|own| own.started + own.longest_lag());
        let is_listed = !is_list_unreliable && listed.is_some_and(|listed| listed <= over);
        send.closed.get().is_none_or(|closed| closed > over) && !is_listed
    })
}

/// Whether the design guarantees that every response is recovered.
pub fn is_recoverable(world: &World) -> bool {
    let plan = &world.plan;
    let cannot = [
        Fault::ForeignInWindow,
        Fault::ClockJump,
        Fault::ForeignOutside,
        Fault::ForeignShared,
        Fault::NoSharedLocks,
        Fault::LagAboveGrace,
        Fault::ListIncomplete,
        Fault::JournalFails,
        Fault::JournalHangs,
        Fault::JournalUnreadable,
        Fault::Unprotected,
        Fault::ResumeIgnored,
        Fault::DeliverFails,
    ];
    plan.journal.exists
        && !plan.shared_account
        && plan.list.skew_ms <= TOLERATED_SKEW_MS
        && !plan.idempotency
        && !plan.list.unreadable_times
        && plan.runs.iter().all(|run| run.recover.is_some())
        && !(0..plan.runs.len()).any(|run| is_rival(world, run))
        && plan.list.lag_ms < shortest_grace_ms(world)
        && plan.list.lag_ms < 15_000.0
        && !world.storage.was_too_slow.get()
        && !world.fired.get().has_any(&cannot)
        && plan.resumes.iter().all(|resume| resume.style != Style::Ignore)
}

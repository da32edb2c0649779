//! Starts executions, or refuses to.

use std::rc::Rc;

use crate::connection::{Connection, Reply, refusal, respond};
use crate::execution::{Execution, NewExecution, Starter, latency};
use crate::executor::{Time, micros, millis};
use crate::faults::Fault;
use crate::plan::BEGIN;
use crate::value::Value;
use crate::world::World;
use crate::{listing, oracle};

/// Executes a run or refuses to. Returns the response and when it is sent, if it is.
pub fn execute(
    world: &Rc<World>,
    connection: &Rc<Connection>,
    run: usize,
    skill: usize,
) -> (Option<Time>, Reply) {
    let plan = &world.plan.cloud;
    let now = world.now();
    if let Some(reply) = refused(world, skill) {
        return (Some(now), reply);
    }
    if let Some((reply, fault, is_executed)) = busy(world) {
        if is_executed {
            world.fire(fault);
            start(world, run, skill, connection);
        } else {
            world.fire(Fault::BusyNotExecuted);
        }
        return (Some(now), reply);
    }
    let is_error = world.happens(plan.error_after);
    let ends = start(world, run, skill, connection);
    let longest_ms = ends.map_or(60_000.0, |ends| millis(ends - now));
    if is_error {
        world.fire(Fault::ErrorAfterExecuting);
        let reply = refusal(*world.rng.pick(&[500, 502, 504]), "Gateway");
        return (Some(now + world.random_duration(0.0, longest_ms)), reply);
    }
    let executions = world.cloud.executions.borrow();
    let Some(execution) = executions.last() else { return (None, Reply::Failed) };
    let reply = if world.happens(plan.broken_contract) {
        world.fire(Fault::BrokenContract);
        respond(200, Value::Undefined, Value::record([("success", Value::Null)]))
    } else {
        respond(200, listing::date_at(world, ends.unwrap_or(now)), own_response(execution))
    };
    (ends, reply)
}

/// The response that refuses a request without executing it, if it is refused.
fn refused(world: &World, skill: usize) -> Option<Reply> {
    let plan = &world.plan.cloud;
    let retry_after = |seconds: &str| Value::record([("retry-after", Value::text_of(seconds))]);
    let seconds = *world.rng.pick(&["0", "1", "5"]);
    let detail = |text| Value::record([("detail", Value::text_of(text))]);
    if world.happens(plan.no_skill) {
        world.fire(Fault::NoSkill);
        return Some(refusal(404, "Skill not found"));
    }
    if world.happens(world.plan.batch.as_ref().map_or(0.0, |batch| batch.no_credits)) {
        world.fire(Fault::NoCredits);
        return Some(refusal(402, "Insufficient credits"));
    }
    if world.happens(plan.rate_limit) {
        world.fire(Fault::RateLimit);
        return Some(respond(429, retry_after(seconds), detail("Too many requests")));
    }
    if world.happens(plan.error_before) {
        world.fire(Fault::ErrorBeforeExecuting);
        return Some(refusal(*world.rng.pick(&[500, 502, 504]), "Gateway"));
    }
    let now = world.now();
    let executions = world.cloud.executions.borrow();
    let is_active =
        |execution: &&Execution| matches!(execution.starter, Starter::Run(_)) && !execution.has_ended(now);
    let limit = plan.sessions.filter(|_| !world.is_fault_free.get());
    if limit.is_some_and(|limit| executions.iter().filter(is_active).count() >= limit) {
        world.fire(Fault::TooManySessions);
        let body = detail("Too many concurrent active sessions");
        let headers = if world.rng.chance(0.3) { retry_after(seconds) } else { Value::Undefined };
        return Some(respond(429, headers, body));
    }
    let _ = skill;
    None
}

/// A 503, the fault if the run is executed nevertheless, and whether it is.
fn busy(world: &World) -> Option<(Reply, Fault, bool)> {
    let plan = &world.plan.cloud;
    let bare = || Value::record([("detail", Value::text_of("Busy"))]);
    let (headers, body, fault) = if world.happens(plan.busy) {
        let headers = Value::record([("retry-after", Value::text_of("1"))]);
        (headers, bare(), Fault::BusyExecuted)
    } else if world.happens(plan.busy_in_body) {
        let body = Value::record([("retry_after_seconds", Value::Number(1.0))]);
        (Value::Undefined, body, Fault::BusyInBodyExecuted)
    } else if world.happens(plan.busy_bare) {
        (Value::Undefined, bare(), Fault::BusyBareExecuted)
    } else {
        return None;
    };
    Some((respond(503, headers, body), fault, world.rng.chance(0.5)))
}

/// Starts an execution, which costs credits. Returns when it ends, if it does.
fn start(world: &Rc<World>, run: usize, skill: usize, connection: &Connection) -> Option<Time> {
    let now = world.now();
    let plan = &world.plan.runs[run];
    let ends = plan.duration.map(|duration| now + duration);
    let token = Rc::clone(&world.runs[run].token);
    let fails = plan.fails || oracle::fails_now(world, run);
    let new = NewExecution { skill, starter: Starter::Run(run), token, started: now, ends, fails };
    let index = world.cloud.add(&world.plan, &world.rng, new);
    world.runs[run].executions.borrow_mut().push(index);
    world.note(None, "executes", index as u64, || {
        let executions = world.cloud.executions.borrow();
        let Execution { id, lags, is_listed, .. } = &executions[index];
        let lags = lags.map(millis);
        format!(
            "run {run} as {id} until {:?} ms, list lag {lags:?} ms, is listed: {is_listed}",
            ends.map(|ends| millis(ends - BEGIN))
        )
    });
    oracle::check_start(world, run, connection);
    oracle::check_row_start(world, run, &connection.body);
    let executions = world.cloud.executions.borrow();
    let execution = &executions[index];
    if fails {
        world.fire(Fault::ExecutionFails);
    }
    match plan.duration {
        None => world.fire(Fault::ExecutionNeverEnds),
        Some(duration) if duration > 60_000_000 => world.fire(Fault::ExecutionLong),
        Some(_) => {}
    }
    if !execution.is_listed {
        world.fire(Fault::ListIncomplete);
    }
    let is_as_long = |other: &&Execution| {
        other.skill == skill
            && other.ends.is_some()
            && matches!(other.starter, Starter::Run(_))
            && other.ends.map(|ends| ends - other.started) == execution.ends.map(|ends| ends - now)
    };
    if executions.iter().filter(is_as_long).count() > 1 {
        world.fire(Fault::EqualLatencies);
    }
    ends
}

/// Starts an execution of another user.
pub fn start_foreign(world: &Rc<World>, skill: usize) {
    let now = world.now();
    let ends = Some(now + micros(world.rng.magnitude(50.0, 300_000.0)).unwrap_or_default());
    let token: Rc<str> = Rc::from("foreign");
    let new = NewExecution { skill, starter: Starter::Foreign, token, started: now, ends, fails: false };
    let index = world.cloud.add(&world.plan, &world.rng, new);
    oracle::note_foreign_beside(world, skill);
    world.note(None, "foreign", index as u64, || {
        format!("another user runs {}", world.cloud.executions.borrow()[index].id)
    });
}

/// The response of the API at the end of an execution.
fn own_response(execution: &Execution) -> Value {
    let token = Value::Text(Rc::clone(&execution.token));
    Value::record([
        ("success", Value::Bool(!execution.fails)),
        ("result", if execution.fails { Value::Null } else { token.clone() }),
        ("error", if execution.fails { token } else { Value::Null }),
        ("stderr", Value::Null),
        ("latencyMs", latency(execution)),
    ])
}

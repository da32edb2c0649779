//! The service: handles requests and responds.

use std::rc::Rc;

use browser_use_skills_core::engine::Request;

use crate::connection::{Connection, Endpoint, Reply, refusal, respond};
use crate::executor::Time;
use crate::faults::Fault;
use crate::plan::BEGIN;
use crate::value::Value;
use crate::world::World;
use crate::{listing, proxy, response, runner};

/// The endpoint of a request.
pub fn route(world: &World, request: &Request<'_, Value>) -> Endpoint {
    if request.spec.is_download() {
        let mut parts = request.url.rsplit('/').map(|part| part.parse::<u64>().unwrap_or_default());
        let expires = parts.next().unwrap_or_default();
        return Endpoint::Download { execution: parts.next().unwrap_or_default() as usize, expires };
    }
    let path = request.url.split('?').next().unwrap_or_default();
    let mut parts = path.split('/').skip_while(|part| *part != "skills").skip(1);
    let Some(skill) = parts.next().and_then(|id| skill_of(world, id)) else { return Endpoint::Unknown };
    match (parts.next(), parts.next()) {
        (Some("execute"), None) => route_execute(world, request, skill),
        (Some("executions"), None) => {
            let page = request.url.rsplit("pageNumber=").next().and_then(|page| page.parse().ok());
            Endpoint::List { skill, page: page.unwrap_or(1) }
        }
        (Some("executions"), Some(id)) => {
            let executions = world.cloud.executions.borrow();
            Endpoint::Output { execution: executions.iter().position(|execution| &*execution.id == id) }
        }
        _ => Endpoint::Unknown,
    }
}

fn route_execute(world: &World, request: &Request<'_, Value>, skill: usize) -> Endpoint {
    let key: Option<Rc<str>> = request.idempotency_key.map(Rc::from);
    let by_body = request.body.as_str().and_then(|token| world.run_of(token));
    let run = by_body.or_else(|| key.as_deref().and_then(|key| world.cloud.keys.run_of(key)));
    match run {
        Some(run) => Endpoint::Execute { run, skill, key, is_replay: request.replay_only },
        None if request.replay_only => Endpoint::Execute { run: usize::MAX, skill, key, is_replay: true },
        None => Endpoint::Unknown,
    }
}

/// The skill with an id, in any spelling.
fn skill_of(world: &World, id: &str) -> Option<usize> {
    let plain = |id: &str| id.replace('-', "").to_ascii_lowercase();
    if let Some(index) = world.plan.skills.iter().position(|skill| skill == id) {
        return Some(index);
    }
    world.plan.skills.iter().position(|skill| plain(skill) == plain(id))
}

/// Handles a request that has arrived.
pub fn handle(world: &Rc<World>, connection: &Rc<Connection>) {
    if is_key_expired(world, connection) {
        world.fire(Fault::KeyRejected);
        let reply = refusal(401, "Invalid API key");
        return response::respond_at(world, connection, world.now(), reply);
    }
    match &connection.endpoint {
        Endpoint::Execute { run, skill, key, is_replay } => {
            if let Some(key) = key {
                return proxy::execute_once(world, connection, key, *run, *skill, *is_replay);
            }
            let (run, skill) = (*run, *skill);
            let (time, reply) = runner::execute(world, connection, run, skill);
            if let Some(time) = time {
                response::respond_at(world, connection, time, reply);
            }
        }
        Endpoint::List { skill, page } => {
            let reply = if world.happens(world.plan.cloud.list_error) {
                world.fire(Fault::ListError);
                refusal(*world.rng.pick(&[500, 502, 503, 429]), "Try again")
            } else {
                respond(200, listing::date(world), listing::list(world, *skill, *page))
            };
            response::respond_at(world, connection, world.now(), reply);
        }
        Endpoint::Output { execution } => {
            let reply = output(world, *execution);
            response::respond_at(world, connection, world.now(), reply);
        }
        Endpoint::Download { execution, expires } => {
            let reply = download(world, *execution, *expires);
            response::respond_at(world, connection, world.now(), reply);
        }
        Endpoint::Unknown => response::respond_at(world, connection, world.now(), refusal(404, "Not found")),
    }
}

fn is_key_expired(world: &World, connection: &Connection) -> bool {
    let is_first = connection.key.as_str() == Some("key-1");
    let expires = world.plan.key.expires.map(|after| BEGIN + after);
    is_first && !world.is_fault_free.get() && expires.is_some_and(|expires| expires <= world.now())
}

fn output(world: &World, execution: Option<usize>) -> Reply {
    let executions = world.cloud.executions.borrow();
    let found = execution.map(|index| (index, &executions[index]));
    let Some((index, execution)) = found.filter(|(_, execution)| execution.has_ended(world.now())) else {
        return refusal(404, "Execution has no output");
    };
    if execution.fails {
        return refusal(404, "Execution has no output");
    }
    if execution.has_lost_output || world.happens(world.plan.cloud.output_missing * 0.5) {
        world.fire(Fault::OutputMissing);
        return refusal(404, "Output not found");
    }
    let is_short = world.happens(world.plan.cloud.download_expired);
    let expires = world.now() + if is_short { 0 } else { 300_000_000 };
    let url = format!("https://files.example/{index}/{expires}");
    respond(200, listing::date(world), Value::record([("downloadUrl", Value::text_of(&url))]))
}

fn download(world: &World, execution: usize, expires: Time) -> Reply {
    if expires <= world.now() {
        world.fire(Fault::DownloadExpired);
        return refusal(403, "Expired");
    }
    let executions = world.cloud.executions.borrow();
    match executions.get(execution) {
        Some(execution) => respond(200, Value::Undefined, Value::Text(Rc::clone(&execution.token))),
        None => refusal(404, "Not found"),
    }
}

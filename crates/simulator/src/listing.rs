//! The list of executions, as the service returns it.

use crate::execution::{Execution, REPLICAS, Starter};
use crate::executor::{Time, millis};
use crate::faults::Fault;
use crate::plan::Order;
use crate::value::Value;
use crate::world::World;

/// The page size that the engine requests.
const PAGE_SIZE: usize = 100;

/// The headers of a response now, with `Date` if pages can read it.
pub fn date(world: &World) -> Value {
    date_at(world, world.now())
}

/// The headers of a response at a time.
pub fn date_at(world: &World, time: Time) -> Value {
    if !world.plan.list.is_date_readable {
        world.fire(Fault::NoDate);
        return Value::Undefined;
    }
    let seconds = (world.plan.list.server_ms(time) / 1_000.0).floor();
    Value::record([("date", Value::Number(seconds * 1_000.0))])
}

/// A page of the executions of a skill, from a random replica.
pub fn list(world: &World, skill: usize, page: usize) -> Value {
    let now = world.now();
    let replica = world.rng.below(REPLICAS);
    let executions = world.cloud.executions.borrow();
    let mut shown: Vec<&Execution> = Vec::new();
    for execution in executions.iter().filter(|execution| execution.skill == skill) {
        if execution.is_listed && execution.started + execution.lags[replica] <= now {
            shown.push(execution);
        } else if execution.is_listed {
            fire_hidden(world, execution);
        }
    }
    match world.plan.list.order {
        Order::Newest => shown.sort_by_key(|execution| std::cmp::Reverse(execution.started)),
        Order::Oldest => {
            world.fire(Fault::OldestFirst);
            shown.sort_by_key(|execution| execution.started);
        }
        Order::None => {
            world.fire(Fault::ListShuffled);
            // If every request shuffled the list, its pages would be inconsistent.
            if shown.len() <= PAGE_SIZE {
                world.rng.shuffle(&mut shown);
            } else {
                shown.sort_by(|one, other| one.id.cmp(&other.id));
            }
        }
    }
    let total = shown.len();
    let from = page.saturating_sub(1) * PAGE_SIZE;
    let mut items = Vec::new();
    for (index, execution) in shown.into_iter().enumerate() {
        if index < from || index >= from + PAGE_SIZE {
            if page == 1 && matches!(execution.starter, Starter::Run(_)) {
                world.fire(Fault::OffFirstPage);
            }
            continue;
        }
        execution.was_shown.set(true);
        let has_ended = execution.ends.is_some_and(|ends| ends + execution.lags[replica] <= now);
        items.push(execution.items[usize::from(has_ended)].clone());
    }
    fire_strange(world, &items);
    Value::record([
        ("items", Value::List(items.into())),
        ("totalItems", Value::Number(total as f64)),
        ("pageNumber", Value::Number(page as f64)),
        ("pageSize", Value::Number(PAGE_SIZE as f64)),
    ])
}

fn fire_hidden(world: &World, execution: &Execution) {
    let Starter::Run(run) = execution.starter else { return };
    world.fire(Fault::ListLag);
    if execution.was_shown.get() {
        world.fire(Fault::ListFlaps);
    }
    let grace_ms = world.plan.runs[run].recover.map_or(f64::INFINITY, |recover| recover.grace_ms);
    if millis(world.now() - execution.started) > grace_ms {
        world.fire(Fault::LagAboveGrace);
    }
}

fn fire_strange(world: &World, items: &[Value]) {
    let list = &world.plan.list;
    if items.is_empty() {
        return;
    }
    if list.coarse_times {
        world.fire(Fault::CoarseTimes);
    }
    if list.skew_ms > 0.0 && !list.unreadable_times {
        world.fire(Fault::MachineSkew);
    }
    if list.unreadable_times {
        world.fire(Fault::UnreadableTimes);
    }
    if list.unknown_member {
        world.fire(Fault::UnknownMember);
    }
    if list.clock_offset_ms.abs() > 60_000.0 {
        world.fire(Fault::ClockOffset);
    }
    let is_null = |item: &Value, name: &str| matches!(item.field(name), Some(Value::Null));
    if list.nulls > 0.0 {
        let declared = ["skillId", "status", "success", "startedAt", "hasOutput"];
        if items.iter().any(|item| declared.iter().any(|name| is_null(item, name))) {
            world.fire(Fault::UndeclaredNull);
        }
    }
    let is_unknown = |item: &Value| matches!(item.text_field("status"), Some("queued" | "archived"));
    if list.unknown_status && items.iter().any(is_unknown) {
        world.fire(Fault::UnknownStatus);
    }
}

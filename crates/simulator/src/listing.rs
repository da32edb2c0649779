//! The list of executions, as the cloud gives it.

use std::rc::Rc;

use crate::cloud::{Execution, REPLICAS, Starter, latency};
use crate::executor::{Time, millis};
use crate::faults::Fault;
use crate::plan::{EPOCH_MS, Order, Plan};
use crate::rng::Rng;
use crate::value::Value;
use crate::world::World;

/// Items a page, as the engine asks.
const PAGE_SIZE: usize = 100;

/// The server's clock.
fn server_ms(plan: &Plan, time: Time) -> f64 {
    EPOCH_MS + millis(time) + plan.list.clock_offset_ms
}

/// A time as the list gives it. In place of RFC 3339: the number in digits.
fn stamp(plan: &Plan, skew_ms: f64, time: Time) -> Value {
    let resolution = if plan.list.coarse_times { 1_000.0 } else { 1.0 };
    let time = ((server_ms(plan, time) + skew_ms) / resolution).floor() * resolution;
    if plan.list.unreadable_times { Value::text_of("yesterday") } else { Value::text_of(&format!("{time}")) }
}

/// The items of an execution: while it runs, and when it has ended.
pub fn items(plan: &Plan, rng: &Rng, execution: &Execution) -> [Value; 2] {
    let list = &plan.list;
    let null = if rng.chance(list.nulls) { rng.below(6) } else { usize::MAX };
    let skew_ms = rng.between(-list.skew_ms, list.skew_ms);
    let is_strange = list.unknown_status && rng.chance(0.5);
    [false, true].map(|has_ended| {
        let status = match (has_ended, execution.fails) {
            (false, _) if is_strange => "queued",
            (false, _) => "running",
            _ if is_strange => "archived",
            (_, true) => "failed",
            (_, false) => "completed",
        };
        let ended_at = execution.ends.filter(|_| has_ended);
        let or_null = |index: usize, value: Value| if null == index { Value::Null } else { value };
        let unknown = if list.unknown_member { Value::text_of("unknown") } else { Value::Undefined };
        Value::record([
            ("id", Value::Text(Rc::clone(&execution.id))),
            ("skillId", or_null(0, Value::text_of(&plan.skills[execution.skill]))),
            ("status", or_null(1, Value::text_of(status))),
            ("success", or_null(2, Value::Truth(has_ended && !execution.fails))),
            ("startedAt", or_null(3, stamp(plan, skew_ms, execution.started))),
            ("finishedAt", ended_at.map_or(Value::Null, |time| stamp(plan, skew_ms, time))),
            ("latencyMs", if has_ended { latency(execution) } else { Value::Null }),
            ("hasOutput", or_null(4, Value::Truth(has_ended && !execution.fails))),
            ("region", unknown),
            ("null", if null == 5 { Value::Null } else { Value::Undefined }),
        ])
    })
}

impl World {
    /// The headers of a response, with the server's clock if the page may read it.
    pub fn date(&self) -> Value {
        self.date_at(self.now())
    }

    /// The same for a response that is written at a time.
    pub fn date_at(&self, time: Time) -> Value {
        if !self.plan.list.is_date_readable {
            self.fire(Fault::NoDate);
            return Value::Undefined;
        }
        let seconds = (server_ms(&self.plan, time) / 1_000.0).floor();
        Value::record([("date", Value::Number(seconds * 1_000.0))])
    }

    /// A page of a skill's executions, as one of the replicas knows them.
    pub fn list(&self, skill: usize, page: usize) -> Value {
        let now = self.now();
        let replica = self.rng.below(REPLICAS);
        let executions = self.cloud.executions.borrow();
        let mut shown: Vec<&Execution> = Vec::new();
        for execution in executions.iter().filter(|execution| execution.skill == skill) {
            if execution.is_listed && execution.started + execution.lags[replica] <= now {
                shown.push(execution);
            } else if execution.is_listed {
                self.fire_hidden(execution);
            }
        }
        match self.plan.list.order {
            Order::Newest => shown.sort_by_key(|execution| std::cmp::Reverse(execution.started)),
            Order::Oldest => {
                self.fire(Fault::OldestFirst);
                shown.sort_by_key(|execution| execution.started);
            }
            Order::None => {
                self.fire(Fault::ListShuffled);
                // Pages of a list that is shuffled at every request would have nothing to do with each other.
                if shown.len() <= PAGE_SIZE {
                    self.rng.shuffle(&mut shown);
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
                    self.fire(Fault::OffFirstPage);
                }
                continue;
            }
            execution.was_shown.set(true);
            let has_ended = execution.ends.is_some_and(|ends| ends + execution.lags[replica] <= now);
            items.push(execution.items[usize::from(has_ended)].clone());
        }
        self.fire_strange(&items);
        Value::record([
            ("items", Value::List(items.into())),
            ("totalItems", Value::Number(total as f64)),
            ("pageNumber", Value::Number(page as f64)),
            ("pageSize", Value::Number(PAGE_SIZE as f64)),
        ])
    }

    fn fire_hidden(&self, execution: &Execution) {
        let Starter::Run(run) = execution.starter else { return };
        self.fire(Fault::ListLag);
        if execution.was_shown.get() {
            self.fire(Fault::ListFlaps);
        }
        let grace_ms = self.plan.runs[run].recover.map_or(f64::INFINITY, |recover| recover.grace_ms);
        if millis(self.now() - execution.started) > grace_ms {
            self.fire(Fault::LagAboveGrace);
        }
    }

    fn fire_strange(&self, items: &[Value]) {
        let list = &self.plan.list;
        if items.is_empty() {
            return;
        }
        if list.coarse_times {
            self.fire(Fault::CoarseTimes);
        }
        if list.skew_ms > 0.0 && !list.unreadable_times {
            self.fire(Fault::MachineSkew);
        }
        if list.unreadable_times {
            self.fire(Fault::UnreadableTimes);
        }
        if list.unknown_member {
            self.fire(Fault::UnknownMember);
        }
        if list.clock_offset_ms.abs() > 60_000.0 {
            self.fire(Fault::ClockOffset);
        }
        let is_null = |item: &Value, name: &str| matches!(item.field(name), Some(Value::Null));
        if list.nulls > 0.0 {
            let declared = ["skillId", "status", "success", "startedAt", "hasOutput"];
            if items.iter().any(|item| declared.iter().any(|name| is_null(item, name))) {
                self.fire(Fault::UndeclaredNull);
            }
        }
        let is_unknown = |item: &Value| matches!(item.text_field("status"), Some("queued" | "archived"));
        if list.unknown_status && items.iter().any(is_unknown) {
            self.fire(Fault::UnknownStatus);
        }
    }
}

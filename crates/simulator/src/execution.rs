//! An execution, and its item in the list.

use std::cell::Cell;
use std::rc::Rc;

use crate::executor::{Time, millis};
use crate::plan::Plan;
use crate::rng::Rng;
use crate::value::Value;

/// Who started an execution: a run of the simulated client, another user, or a client before the world began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Starter {
    Run(usize),
    Foreign,
    Past,
}

/// An execution.
pub struct Execution {
    pub id: Rc<str>,
    pub skill: usize,
    pub starter: Starter,
    /// Its result, or the text of its error.
    pub token: Rc<str>,
    pub started: Time,
    /// When it ends, if it does.
    pub ends: Option<Time>,
    pub fails: bool,
    /// The delay after which each replica lists it.
    pub lags: [Time; REPLICAS],
    pub is_listed: bool,
    pub has_lost_output: bool,
    pub was_shown: Cell<bool>,
    /// Its item in the list: while it runs, and after it has ended.
    pub items: [Value; 2],
}

pub const REPLICAS: usize = 3;

impl Execution {
    pub fn has_ended(&self, now: Time) -> bool {
        self.ends.is_some_and(|ends| ends <= now)
    }

    /// Whether its item contains `startedAt`.
    pub fn has_time(&self) -> bool {
        self.items[0].text_field("startedAt").is_some()
    }

    pub fn longest_lag(&self) -> Time {
        self.lags.iter().copied().max().unwrap_or_default()
    }
}

/// An execution that does not have an id yet.
pub struct NewExecution {
    pub skill: usize,
    pub starter: Starter,
    pub token: Rc<str>,
    pub started: Time,
    pub ends: Option<Time>,
    pub fails: bool,
}

/// The duration of an execution in the format of the API.
pub fn latency(execution: &Execution) -> Value {
    execution.ends.map_or(Value::Null, |ends| Value::Number(millis(ends - execution.started).floor()))
}

/// A time in the format of the list: milliseconds in decimal digits instead of RFC 3339.
fn stamp(plan: &Plan, skew_ms: f64, time: Time) -> Value {
    let resolution = if plan.list.coarse_times { 1_000.0 } else { 1.0 };
    let time = ((plan.list.server_ms(time) + skew_ms) / resolution).floor() * resolution;
    if plan.list.unreadable_times { Value::text_of("yesterday") } else { Value::text_of(&format!("{time}")) }
}

/// The item of an execution: while it runs, and after it has ended.
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
            ("success", or_null(2, Value::Bool(has_ended && !execution.fails))),
            ("startedAt", or_null(3, stamp(plan, skew_ms, execution.started))),
            ("finishedAt", ended_at.map_or(Value::Null, |time| stamp(plan, skew_ms, time))),
            ("latencyMs", if has_ended { latency(execution) } else { Value::Null }),
            ("hasOutput", or_null(4, Value::Bool(has_ended && !execution.fails))),
            ("region", unknown),
            ("null", if null == 5 { Value::Null } else { Value::Undefined }),
        ])
    })
}

//! The simulated cloud: its executions. It knows the truth.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::executor::{Time, micros, millis};
use crate::plan::{BEGIN, LagKind, Plan};
use crate::proxy::Keys;
use crate::rng::Rng;
use crate::value::Value;

/// What a request is about.
#[derive(Clone, Debug)]
pub enum Ask {
    Execute { run: usize, skill: usize, key: Option<Rc<str>>, is_replay: bool },
    List { skill: usize, page: usize },
    Output { execution: Option<usize> },
    Download { execution: usize, expires: Time },
    Unknown,
}

impl Ask {
    pub fn skill(&self) -> Option<usize> {
        match self {
            Self::Execute { skill, .. } | Self::List { skill, .. } => Some(*skill),
            _ => None,
        }
    }
}

/// Who started an execution.
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
    /// Its result, or what its error says.
    pub token: Rc<str>,
    pub started: Time,
    /// When it ends, if ever.
    pub ends: Option<Time>,
    pub fails: bool,
    /// After which time each replica shows what has become of it.
    pub lags: [Time; REPLICAS],
    pub is_listed: bool,
    pub has_lost_output: bool,
    pub was_shown: Cell<bool>,
    /// Its items in the list: while it runs, and when it has ended.
    pub items: [Value; 2],
}

pub const REPLICAS: usize = 3;

impl Execution {
    pub fn has_ended(&self, now: Time) -> bool {
        self.ends.is_some_and(|ends| ends <= now)
    }

    pub fn longest_lag(&self) -> Time {
        self.lags.iter().copied().max().unwrap_or_default()
    }
}

#[derive(Default)]
pub struct Cloud {
    pub executions: RefCell<Vec<Execution>>,
    pub keys: Keys,
    replica_lags: [f64; REPLICAS],
}

impl Cloud {
    pub fn new(plan: &Plan, rng: &Rng) -> Self {
        let list = &plan.list;
        let replica_lags = match list.lag {
            LagKind::Replicas => [0.0, rng.between(0.0, list.lag_ms), list.lag_ms],
            _ => [list.lag_ms; REPLICAS],
        };
        let cloud = Self { replica_lags, ..Self::default() };
        for index in 0..list.old {
            let started = BEGIN - micros(rng.between(1_000.0, 9e7)).unwrap_or_default();
            let ends = Some(started + micros(rng.between(100.0, 900_000.0)).unwrap_or_default());
            let token: Rc<str> = Rc::from("past");
            let draft = Draft {
                skill: index % plan.skills.len(),
                starter: Starter::Past,
                token,
                started,
                ends,
                fails: false,
            };
            cloud.add(plan, rng, draft);
        }
        cloud
    }

    /// Adds an execution and returns its index.
    pub fn add(&self, plan: &Plan, rng: &Rng, draft: Draft) -> usize {
        let lags = match plan.list.lag {
            LagKind::PerExecution => {
                let lag = rng.between(0.0, plan.list.lag_ms);
                [lag; REPLICAS]
            }
            _ => self.replica_lags,
        };
        let Draft { skill, starter, token, started, ends, fails } = draft;
        let id: Rc<str> = Rc::from(rng.uuid());
        let mut execution = Execution {
            id,
            skill,
            starter,
            token,
            started,
            ends,
            fails,
            lags: lags.map(|lag| micros(lag).unwrap_or_default()),
            is_listed: !rng.chance(plan.list.incomplete * 0.5),
            has_lost_output: rng.chance(plan.cloud.output_missing * 0.5),
            was_shown: Cell::default(),
            items: Default::default(),
        };
        execution.items = crate::listing::items(plan, rng, &execution);
        let mut executions = self.executions.borrow_mut();
        executions.push(execution);
        executions.len() - 1
    }

    pub fn clear(&self) {
        self.keys.clear();
    }
}

/// An execution before it has an id.
pub struct Draft {
    pub skill: usize,
    pub starter: Starter,
    pub token: Rc<str>,
    pub started: Time,
    pub ends: Option<Time>,
    pub fails: bool,
}

/// How long an execution took, as the API says.
pub fn latency(execution: &Execution) -> Value {
    execution.ends.map_or(Value::Null, |ends| Value::Number(millis(ends - execution.started).floor()))
}

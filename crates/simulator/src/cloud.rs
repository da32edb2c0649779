//! The state of the simulated cloud: all executions and idempotency keys.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::execution::{Execution, NewExecution, REPLICAS, Starter, items};
use crate::executor::micros;
use crate::keys::IdempotencyKeys;
use crate::plan::{BEGIN, LagKind, Plan};
use crate::rng::Rng;

#[derive(Default)]
pub struct Cloud {
    pub executions: RefCell<Vec<Execution>>,
    pub keys: IdempotencyKeys,
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
            let new = NewExecution {
                skill: index % plan.skills.len(),
                starter: Starter::Past,
                token,
                started,
                ends,
                fails: false,
            };
            cloud.add(plan, rng, new);
        }
        cloud
    }

    /// Adds an execution and returns its index.
    pub fn add(&self, plan: &Plan, rng: &Rng, new: NewExecution) -> usize {
        let lags = match plan.list.lag {
            LagKind::PerExecution => {
                let lag = rng.between(0.0, plan.list.lag_ms);
                [lag; REPLICAS]
            }
            _ => self.replica_lags,
        };
        let NewExecution { skill, starter, token, started, ends, fails } = new;
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
        execution.items = items(plan, rng, &execution);
        let mut executions = self.executions.borrow_mut();
        executions.push(execution);
        executions.len() - 1
    }

    pub fn clear(&self) {
        self.keys.clear();
    }
}

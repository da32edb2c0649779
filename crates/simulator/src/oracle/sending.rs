//! R4: a run is sent once, and not after an abort or a timeout.

use std::rc::Rc;

use super::facts::{SLACK, may_interfere};
use super::liveness::check_start_delay;
use crate::connection::{Connection, Endpoint};
use crate::executor::micros;
use crate::tab::Tab;
use crate::world::World;

/// R3, R4: checks a request to execute when it is sent.
pub fn check_departure(world: &World, tab: &Tab, connection: &Rc<Connection>) {
    let Endpoint::Execute { run: index, is_replay, key, .. } = &connection.endpoint else { return };
    if *is_replay {
        return;
    }
    let index = *index;
    let (run, plan) = (&world.runs[index], &world.plan.runs[index]);
    let now = world.now();
    let began = run.began.get().unwrap_or(now);
    if run.signal.0.is_set() {
        world.violate("R4", || format!("run {index} is sent after it was aborted"));
    }
    let resolution = world.plan.tabs.get(tab.index).map_or(0.0, |tab| tab.clock_ms);
    let total = plan.total_timeout_ms.and_then(|total| micros(total + resolution));
    let deadline = total.map(|total| began + total + 1);
    if deadline.is_some_and(|deadline| now > deadline) {
        world.violate("R4", || format!("run {index} is sent after its totalTimeout"));
    }
    let mut sends = run.sends.borrow_mut();
    for earlier in sends.iter() {
        let is_same_key = matches!(&earlier.endpoint, Endpoint::Execute { key: Some(earlier), .. } if Some(earlier) == key.as_ref());
        if !earlier.is_refused.get() && !is_same_key {
            world.violate("R4", || format!("run {index} is sent again, although it may have been executed"));
        }
    }
    let is_first = sends.is_empty();
    sends.push(Rc::clone(connection));
    drop(sends);
    let is_journalled = world.plan.journal.exists && plan.recover.is_some() && !may_interfere(world);
    if is_journalled && !world.storage.has_tag(&run.token) {
        world.violate("R3", || format!("run {index} is sent, but has no entry in the journal"));
    }
    if is_first {
        check_start_delay(world, tab, index, now - began);
    }
}

/// R4: checks an execution when it starts.
pub fn check_start(world: &World, run: usize, connection: &Connection) {
    let executions = world.runs[run].executions.borrow().len();
    if executions > 1 {
        world.violate("R4", || format!("run {run} is executed {executions} times"));
    }
    if connection.closed.get().is_some_and(|closed| world.now() > closed + SLACK) {
        world.violate("world", || "an execution starts too long after its connection broke".to_owned());
    }
}

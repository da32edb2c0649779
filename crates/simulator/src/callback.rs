//! The callbacks of the caller: `deliver` stores an execution, `accept` recognises one.

use std::rc::Rc;

use crate::faults::Fault;
use crate::tab::Tab;
use crate::value::Value;
use crate::world::World;
use crate::{lifecycle, oracle};

#[derive(Clone, Copy, Debug)]
pub enum Callback {
    /// Stores the result of this run, or, as an option of `resume`, of any run.
    Deliver(Option<usize>),
    /// Recognises the result of a run.
    Accept(usize),
}

/// Counts a pending `deliver`.
struct Delivering(Rc<Tab>);

impl Delivering {
    fn new(tab: &Rc<Tab>) -> Self {
        tab.delivering.set(tab.delivering.get() + 1);
        Self(Rc::clone(tab))
    }
}

impl Drop for Delivering {
    fn drop(&mut self) {
        self.0.delivering.set(self.0.delivering.get() - 1);
    }
}

pub async fn invoke(
    world: &Rc<World>,
    tab: &Rc<Tab>,
    callback: &Callback,
    argument: &Value,
) -> Result<Value, Value> {
    match callback {
        Callback::Deliver(run) => deliver(world, tab, *run, argument).await,
        Callback::Accept(run) => {
            let is_own = argument.as_str() == Some(&*world.runs[*run].token);
            if is_own {
                world.fire(Fault::Accepted);
            }
            Ok(Value::Bool(is_own))
        }
    }
}

async fn deliver(world: &Rc<World>, tab: &Rc<Tab>, run: Option<usize>, data: &Value) -> Result<Value, Value> {
    let run = oracle::check_delivery(world, tab, run, data);
    let _delivering = Delivering::new(tab);
    lifecycle::step_deliver(world, tab);
    if world.happens(world.plan.deliver_slow) {
        world.fire(Fault::DeliverSlow);
        world.sleep(world.random_duration(10.0, 20_000.0)).await;
    } else {
        world.sleep(world.random_duration(0.0, 10.0)).await;
    }
    if world.happens(world.plan.deliver_fails) {
        world.fire(Fault::DeliverFails);
        return Err(Value::text_of("deliver failed"));
    }
    if let Some(run) = run {
        world.note(Some(tab.index), "delivered", run as u64, || format!("run {run}"));
        let run = &world.runs[run];
        run.delivered.set(run.delivered.get() + 1);
    }
    Ok(Value::Undefined)
}

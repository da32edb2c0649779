//! The functions of callers: `deliver` stores an execution, `accept` recognises one.

use std::rc::Rc;

use crate::faults::Fault;
use crate::tab::Tab;
use crate::value::Value;
use crate::world::World;

#[derive(Clone, Copy, Debug)]
pub enum Callback {
    /// Stores the result of a run; of any run, where it is given to `resume`.
    Deliver(Option<usize>),
    /// Recognises the result of a run.
    Accept(usize),
}

/// Counts a `deliver` that is at work.
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

impl World {
    pub async fn invoke(
        self: &Rc<Self>,
        tab: &Rc<Tab>,
        callback: &Callback,
        argument: &Value,
    ) -> Result<Value, Value> {
        match callback {
            Callback::Deliver(run) => self.deliver(tab, *run, argument).await,
            Callback::Accept(run) => {
                let is_own = argument.as_str() == Some(&*self.runs[*run].token);
                if is_own {
                    self.fire(Fault::Accepted);
                }
                Ok(Value::Truth(is_own))
            }
        }
    }

    async fn deliver(
        self: &Rc<Self>,
        tab: &Rc<Tab>,
        run: Option<usize>,
        data: &Value,
    ) -> Result<Value, Value> {
        let run = self.check_delivery(tab, run, data);
        let _delivering = Delivering::new(tab);
        tab.step_deliver(self);
        if self.happens(self.plan.deliver_slow) {
            self.fire(Fault::DeliverSlow);
            self.sleep(self.some_time(10.0, 20_000.0)).await;
        } else {
            self.sleep(self.some_time(0.0, 10.0)).await;
        }
        if self.happens(self.plan.deliver_fails) {
            self.fire(Fault::DeliverFails);
            return Err(Value::text_of("deliver failed"));
        }
        if let Some(run) = run {
            self.note(Some(tab.index), "delivered", run as u64, || format!("run {run}"));
            let run = &self.runs[run];
            run.delivered.set(run.delivered.get() + 1);
        }
        Ok(Value::Undefined)
    }
}

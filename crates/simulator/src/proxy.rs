//! A proxy that honours `Idempotency-Key`: one execution for each key.

use std::cell::RefCell;
use std::rc::Rc;

use crate::executor::Time;
use crate::faults::Fault;
use crate::network::{Connection, Reply, is_refusal};
use crate::service::refusal;
use crate::value::Value;
use crate::world::World;

#[derive(Default)]
pub struct Keys(RefCell<Vec<Kept>>);

struct Kept {
    key: Rc<str>,
    run: usize,
    state: State,
}

enum State {
    /// These wait for the response.
    Running(Vec<Rc<Connection>>),
    Done(Reply),
    /// The proxy ended before the response came.
    Lost,
}

impl Keys {
    pub fn run_of(&self, key: &str) -> Option<usize> {
        self.0.borrow().iter().find(|kept| &*kept.key == key).map(|kept| kept.run)
    }

    pub fn clear(&self) {
        self.0.take();
    }
}

fn in_doubt() -> Reply {
    let detail = Value::text_of("This Idempotency-Key was used, and its response is lost");
    let body = Value::record([("detail", detail), ("maybeExecuted", Value::Truth(true))]);
    Reply::Response { status: 409, headers: Value::Undefined, body }
}

impl World {
    /// Executes, unless the key was used before.
    pub fn execute_once(
        self: &Rc<Self>,
        connection: &Rc<Connection>,
        key: &Rc<str>,
        run: usize,
        skill: usize,
        is_replay: bool,
    ) {
        let now = self.now();
        let mut keys = self.cloud.keys.0.borrow_mut();
        if let Some(kept) = keys.iter_mut().find(|kept| kept.key == *key) {
            let reply = match &mut kept.state {
                State::Running(waiting) => {
                    waiting.push(Rc::clone(connection));
                    return;
                }
                State::Done(reply) => {
                    self.fire(Fault::KeyReplayed);
                    reply.clone()
                }
                State::Lost => {
                    self.fire(Fault::KeyInDoubt);
                    in_doubt()
                }
            };
            drop(keys);
            return self.respond_at(connection, now, reply);
        }
        if is_replay {
            drop(keys);
            return self.respond_at(connection, now, refusal(404, "Nothing was run with this key"));
        }
        let state = State::Running(vec![Rc::clone(connection)]);
        keys.push(Kept { key: Rc::clone(key), run, state });
        drop(keys);
        let (time, reply) = self.execute(connection, run, skill);
        let is_proxy_lost = self.happens(self.plan.cloud.key_in_doubt);
        if let Some(time) = time {
            self.keep_at(time, key, reply, is_proxy_lost);
        }
    }

    fn keep_at(self: &Rc<Self>, time: Time, key: &Rc<str>, reply: Reply, is_proxy_lost: bool) {
        let (world, key) = (Rc::clone(self), Rc::clone(key));
        self.executor.at(time, move || {
            let mut keys = world.cloud.keys.0.borrow_mut();
            let Some(index) = keys.iter().position(|kept| kept.key == key) else { return };
            let state = if is_proxy_lost { State::Lost } else { State::Done(reply.clone()) };
            let before = std::mem::replace(&mut keys[index].state, state);
            if is_refusal(&reply) && !is_proxy_lost {
                keys.remove(index);
            }
            drop(keys);
            let State::Running(waiting) = before else { return };
            for (place, connection) in waiting.iter().enumerate() {
                if is_proxy_lost && place == 0 {
                    world.break_at(connection, time);
                } else if is_proxy_lost {
                    world.fire(Fault::KeyInDoubt);
                    world.respond_at(connection, time, in_doubt());
                } else {
                    if place > 0 {
                        world.fire(Fault::KeyReplayed);
                    }
                    world.respond_at(connection, time, reply.clone());
                }
            }
        });
    }
}

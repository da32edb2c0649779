//! A proxy that implements `Idempotency-Key`: one execution per key.

use std::rc::Rc;

use crate::connection::{Connection, Reply, is_refusal, refusal};
use crate::executor::Time;
use crate::faults::Fault;
use crate::keys::{KeyRecord, KeyState};
use crate::value::Value;
use crate::world::World;
use crate::{response, runner};

fn unresolved() -> Reply {
    let detail = Value::text_of("This Idempotency-Key was used, and its response is lost");
    let body = Value::record([("detail", detail), ("maybeExecuted", Value::Bool(true))]);
    Reply::Response { status: 409, headers: Value::Undefined, body }
}

/// Executes a run, unless its key was used before.
pub fn execute_once(
    world: &Rc<World>,
    connection: &Rc<Connection>,
    key: &Rc<str>,
    run: usize,
    skill: usize,
    is_replay: bool,
) {
    let now = world.now();
    let mut keys = world.cloud.keys.0.borrow_mut();
    if let Some(kept) = keys.iter_mut().find(|kept| kept.key == *key) {
        let reply = match &mut kept.state {
            KeyState::Running(waiting) => {
                waiting.push(Rc::clone(connection));
                return;
            }
            KeyState::Done(reply) => {
                world.fire(Fault::KeyReplayed);
                reply.clone()
            }
            KeyState::Lost => {
                world.fire(Fault::KeyUnresolved);
                unresolved()
            }
        };
        drop(keys);
        return response::respond_at(world, connection, now, reply);
    }
    if is_replay {
        drop(keys);
        return response::respond_at(
            world,
            connection,
            now,
            refusal(404, "Nothing was executed with this key"),
        );
    }
    let state = KeyState::Running(vec![Rc::clone(connection)]);
    keys.push(KeyRecord { key: Rc::clone(key), run, state });
    drop(keys);
    let (time, reply) = runner::execute(world, connection, run, skill);
    let is_proxy_lost = world.happens(world.plan.cloud.key_unresolved);
    if let Some(time) = time {
        keep_at(world, time, key, reply, is_proxy_lost);
    }
}

fn keep_at(world: &Rc<World>, time: Time, key: &Rc<str>, reply: Reply, is_proxy_lost: bool) {
    let key = Rc::clone(key);
    world.at(time, move |world| {
        let mut keys = world.cloud.keys.0.borrow_mut();
        let Some(index) = keys.iter().position(|kept| kept.key == key) else { return };
        let state = if is_proxy_lost { KeyState::Lost } else { KeyState::Done(reply.clone()) };
        let before = std::mem::replace(&mut keys[index].state, state);
        if is_refusal(&reply) && !is_proxy_lost {
            keys.remove(index);
        }
        drop(keys);
        let KeyState::Running(waiting) = before else { return };
        for (place, connection) in waiting.iter().enumerate() {
            if is_proxy_lost && place == 0 {
                response::break_at(world, connection, time);
            } else if is_proxy_lost {
                world.fire(Fault::KeyUnresolved);
                response::respond_at(world, connection, time, unresolved());
            } else {
                if place > 0 {
                    world.fire(Fault::KeyReplayed);
                }
                response::respond_at(world, connection, time, reply.clone());
            }
        }
    });
}

//! Sends responses from the service to tabs: some are lost, truncated or slow.

use std::rc::Rc;

use crate::connection::{Connection, Endpoint, Reply, is_refusal};
use crate::executor::Time;
use crate::faults::Fault;
use crate::value::Value;
use crate::world::World;

/// Sends a response at a time.
pub fn respond_at(world: &Rc<World>, connection: &Rc<Connection>, time: Time, reply: Reply) {
    let net = world.plan.net(connection.is_paid());
    let is_slow = world.happens(net.slow);
    let delay = if is_slow {
        world.random_duration(1_000.0, 30_000.0)
    } else {
        world.random_duration(net.latency_ms * 0.5, net.latency_ms * 1.5)
    };
    let connection = Rc::clone(connection);
    world.at(time + delay, move |world| {
        if connection.closed.get().is_some() {
            return;
        }
        if connection.loses_response {
            if connection.is_paid() {
                world.fire(Fault::LostAfter);
            }
            return;
        }
        let reply = disturb(world, &connection, reply);
        if is_slow {
            world.fire(Fault::Slow);
        }
        world.note(Some(connection.tab), "receives", 0, || format!("{reply:?} to {:?}", connection.endpoint));
        if let (Endpoint::Execute { run, .. }, Reply::Response { status: 200, body, .. }) =
            (&connection.endpoint, &reply)
            && body.field("success").is_some_and(|success| matches!(success, Value::Bool(_)))
            && world.plan.runs.get(*run).is_some_and(|plan| plan.tab == connection.tab)
            && let Some(run) = world.runs.get(*run)
        {
            run.response_at.set(Some(world.now()));
        }
        connection.is_refused.set(is_refusal(&reply));
        connection.closed.set(Some(world.now()));
        if let (Endpoint::List { skill, page: 1 }, Some(made)) =
            (&connection.endpoint, connection.arrived.get())
        {
            let took = world.now() - connection.sent;
            world.tab(connection.tab).note_list(world.now(), *skill, made, took);
        }
        connection.reply.set(reply);
    });
}

fn disturb(world: &World, connection: &Connection, reply: Reply) -> Reply {
    let net = world.plan.net(connection.is_paid());
    match reply {
        Reply::Response { status, headers, .. } if world.happens(net.cut_short) => {
            world.fire(Fault::CutShort);
            Reply::Response { status, headers, body: Value::Broken }
        }
        Reply::Response { .. } if world.happens(net.status_zero) => {
            world.fire(Fault::StatusZero);
            Reply::Response { status: 0, headers: Value::Undefined, body: Value::Broken }
        }
        reply => reply,
    }
}

/// Breaks the connection of a request that has arrived. Its sender gets an error.
pub fn break_at(world: &Rc<World>, connection: &Rc<Connection>, time: Time) {
    let connection = Rc::clone(connection);
    world.at(time, move |world| {
        if connection.closed.get().is_none() {
            world.note(Some(connection.tab), "breaks", 0, || format!("{:?}", connection.endpoint));
            connection.closed.set(Some(world.now()));
            connection.reply.set(Reply::Failed);
        }
    });
}

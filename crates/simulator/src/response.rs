//! The way back: responses that are lost, late, cut short or slow.

use std::rc::Rc;

use crate::connection::{Ask, Connection, Reply, is_refusal};
use crate::executor::Time;
use crate::faults::Fault;
use crate::value::Value;
use crate::world::World;

/// The cloud responds at a time.
pub fn respond_at(world: &Rc<World>, connection: &Rc<Connection>, time: Time, reply: Reply) {
    let net = world.plan.net(connection.is_paid());
    let is_slow = world.happens(net.slow);
    let delay = if is_slow {
        world.some_time(1_000.0, 30_000.0)
    } else {
        world.some_time(net.latency_ms * 0.5, net.latency_ms * 1.5)
    };
    let connection = Rc::clone(connection);
    world.at(time + delay, move |world| {
        if connection.closed.get().is_some() {
            return;
        }
        if connection.is_deaf {
            if connection.is_paid() {
                world.fire(Fault::LostAfter);
            }
            return;
        }
        let reply = disturbed(world, &connection, reply);
        if is_slow {
            world.fire(Fault::Slow);
        }
        world.note(Some(connection.tab), "receives", 0, || format!("{reply:?} to {:?}", connection.ask));
        if let (Ask::Execute { run, .. }, Reply::Response { status: 200, body, .. }) =
            (&connection.ask, &reply)
            && body.field("success").is_some_and(|success| matches!(success, Value::Truth(_)))
            && world.plan.runs.get(*run).is_some_and(|plan| plan.tab == connection.tab)
            && let Some(run) = world.runs.get(*run)
        {
            run.answered.set(Some(world.now()));
        }
        connection.is_refused.set(is_refusal(&reply));
        connection.closed.set(Some(world.now()));
        if let (Ask::List { skill, page: 1 }, Some(made)) = (&connection.ask, connection.arrived.get()) {
            let took = world.now() - connection.sent;
            world.tab(connection.tab).note_list(world.now(), *skill, made, took);
        }
        connection.reply.set(reply);
    });
}

fn disturbed(world: &World, connection: &Connection, reply: Reply) -> Reply {
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

/// The connection of a request that has arrived breaks, and its sender notices.
pub fn break_at(world: &Rc<World>, connection: &Rc<Connection>, time: Time) {
    let connection = Rc::clone(connection);
    world.at(time, move |world| {
        if connection.closed.get().is_none() {
            world.note(Some(connection.tab), "breaks", 0, || format!("{:?}", connection.ask));
            connection.closed.set(Some(world.now()));
            connection.reply.set(Reply::Failed);
        }
    });
}

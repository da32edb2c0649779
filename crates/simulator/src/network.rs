//! Sends requests from tabs to the service: some are lost, late or slow.

use std::cell::Cell;
use std::future::poll_fn;
use std::pin::pin;
use std::rc::Rc;
use std::task::Poll;

use browser_use_skills_core::engine::{Interrupted, Request, Response, SendError};

use crate::connection::{Connection, Endpoint, Reply};
use crate::event::Event;
use crate::executor::{Time, millis};
use crate::faults::Fault;
use crate::signal::Signal;
use crate::tab::Tab;
use crate::value::Value;
use crate::world::World;
use crate::{oracle, service};

/// If a request arrives after its connection broke, it arrives within this time. The engine assumes a second.
const LATE_MS: f64 = 900.0;

/// Closes the connection of a request when its sender stops waiting.
struct Waiting(Rc<World>, Rc<Connection>);

impl Drop for Waiting {
    fn drop(&mut self) {
        close(&self.0, &self.1);
    }
}

/// Sends a request and waits for its response.
pub async fn exchange(
    world: &Rc<World>,
    tab: &Rc<Tab>,
    request: &Request<'_, Value>,
    signal: Option<&Signal>,
    milliseconds: f64,
) -> Result<Response<Value>, SendError<Value>> {
    if let Some(reason) = signal.and_then(|signal| signal.0.get()) {
        // Like `fetch`.
        return Err(SendError::Interrupted(Interrupted::Aborted(reason)));
    }
    let endpoint = service::route(world, request);
    let is_paid = matches!(endpoint, Endpoint::Execute { .. });
    if world.happens(world.plan.net(is_paid).not_sent) {
        world.fire(Fault::NotSent);
        world.note(Some(tab.index), "not sent", 0, || format!("{endpoint:?}"));
        return Err(SendError::NotSent(Value::text_of("refused by the platform")));
    }
    let connection = send(world, tab, endpoint, request);
    let waiting = Waiting(Rc::clone(world), Rc::clone(&connection));
    let mut limit = pin!(world.timer(tab, milliseconds));
    let reply = poll_fn(|context| {
        if let Poll::Ready(reply) = connection.reply.poll(context) {
            return Poll::Ready(Ok(reply));
        }
        if let Some(Poll::Ready(reason)) = signal.map(|signal| signal.0.poll(context)) {
            return Poll::Ready(Err(Interrupted::Aborted(reason)));
        }
        limit.as_mut().poll(context).map(|()| Err(Interrupted::TimedOut))
    })
    .await;
    drop(waiting);
    match reply {
        Ok(Reply::Response { status, headers, body }) => Ok(Response { status, headers, text: body }),
        Ok(Reply::Failed) => {
            Err(SendError::Interrupted(Interrupted::Failed(Value::text_of("the connection broke"))))
        }
        Err(interrupted) => {
            if is_paid && matches!(interrupted, Interrupted::TimedOut) {
                world.fire(Fault::AttemptTimeout);
            }
            Err(SendError::Interrupted(interrupted))
        }
    }
}

/// Sends a request.
fn send(
    world: &Rc<World>,
    tab: &Rc<Tab>,
    endpoint: Endpoint,
    request: &Request<'_, Value>,
) -> Rc<Connection> {
    let is_paid = matches!(endpoint, Endpoint::Execute { .. });
    let net = world.plan.net(is_paid);
    let is_lost = world.happens(net.lost_before);
    let loses_response = !is_lost && world.happens(net.lost_after);
    let is_silent = (is_lost || loses_response) && world.happens(net.silence);
    let is_stalled = world.happens(net.stalled);
    let delay = if is_stalled {
        world.random_duration(1_000.0, 40_000.0)
    } else {
        world.random_duration(net.latency_ms * 0.5, net.latency_ms * 1.5)
    };
    let now = world.now();
    let skill = endpoint.skill();
    let connection = Rc::new(Connection {
        endpoint,
        tab: tab.index,
        sent: now,
        body: request.body.clone(),
        key: request.key.clone(),
        baseline: world.baseline(tab.index, skill),
        planned: Cell::new((!is_lost).then_some(now + delay)),
        arrived: Cell::default(),
        closed: Cell::default(),
        is_refused: Cell::default(),
        loses_response,
        reply: Event::default(),
    });
    world.note(Some(tab.index), "sends", delay ^ u64::from(is_lost), || {
        let loss = match (is_lost, loses_response, is_silent) {
            (true, _, true) => "lost silently",
            (true, ..) => "lost",
            (_, true, true) => "response lost, silently",
            (_, true, _) => "response lost",
            _ => "",
        };
        format!("{:?}: arrives in {} ms {loss}", connection.endpoint, millis(delay))
    });
    if is_silent {
        world.fire(Fault::Silence);
    }
    if !is_paid && (is_lost || loses_response) {
        world.fire(Fault::FreeLost);
    }
    if is_paid {
        oracle::check_departure(world, tab, &connection);
        if is_lost {
            world.fire(Fault::LostBefore);
        }
        if is_stalled && !is_lost {
            world.fire(Fault::Stalled);
        }
    }
    if !is_lost {
        arrive_at(world, &connection, now + delay);
    }
    if !is_silent {
        // A stalled connection may break before the request has arrived.
        let breaks = is_lost || loses_response || (is_stalled && world.rng.chance(0.4));
        let longest_ms = if loses_response { world.rng.magnitude(10.0, 300_000.0) } else { 5_000.0 };
        if breaks {
            break_at(world, &connection, now + world.random_duration(0.0, longest_ms));
        }
    }
    connection
}

fn arrive_at(world: &Rc<World>, connection: &Rc<Connection>, time: Time) {
    let connection = Rc::clone(connection);
    world.at(time, move |world| {
        if connection.planned.get() != Some(time) || connection.arrived.get().is_some() {
            return;
        }
        connection.arrived.set(Some(time));
        if connection.is_paid() && connection.closed.get().is_some() {
            world.fire(Fault::LateArrival);
        }
        service::handle(world, &connection);
    });
}

/// Breaks a connection at a time. Its sender gets an error.
fn break_at(world: &Rc<World>, connection: &Rc<Connection>, time: Time) {
    let connection = Rc::clone(connection);
    world.at(time, move |world| {
        if connection.closed.get().is_none() {
            world.note(Some(connection.tab), "breaks", 0, || format!("{:?}", connection.endpoint));
            close(world, &connection);
            connection.reply.set(Reply::Failed);
        }
    });
}

/// Closes a connection: a request that has not arrived yet arrives soon or never.
fn close(world: &Rc<World>, connection: &Rc<Connection>) {
    if connection.closed.get().is_some() {
        return;
    }
    let now = world.now();
    connection.closed.set(Some(now));
    if !connection.may_arrive() {
        return;
    }
    let soon = now + world.random_duration(0.0, LATE_MS);
    let planned = connection.planned.get().map(|planned| planned.min(soon));
    let planned = planned.filter(|_| world.rng.chance(0.5));
    connection.planned.set(planned);
    world.note(Some(connection.tab), "closes", 1, || {
        format!("{:?}: arrives late: {planned:?}", connection.endpoint)
    });
    if let Some(time) = planned {
        arrive_at(world, connection, time);
    } else if connection.is_paid() {
        world.fire(Fault::LostBefore);
    }
}

//! What is between tabs and the cloud: requests that are lost, late, cut short or slow.

use std::cell::Cell;
use std::future::poll_fn;
use std::pin::pin;
use std::rc::Rc;
use std::task::Poll;

use browser_use_skills_core::engine::{Interrupted, Request, Response, SendError};

use crate::cloud::Ask;
use crate::event::Event;
use crate::executor::{Time, millis};
use crate::faults::Fault;
use crate::plan::NetPlan;
use crate::tab::{Signal, Tab};
use crate::value::Value;
use crate::world::World;

/// A request that is sent after its connection broke arrives within this time, if at all. The engine reckons with a second.
const LATE_MS: f64 = 900.0;

/// A response, or the lack of one.
#[derive(Clone, Debug)]
pub enum Reply {
    Response { status: u16, headers: Value, body: Value },
    Failed,
}

/// One request under way.
pub struct Connection {
    pub ask: Ask,
    pub tab: usize,
    pub sent: Time,
    /// The key of the account that it came with.
    pub key: Value,
    /// When the newest list that its tab knew was made: what was listed then is no execution of this request.
    pub baseline: Time,
    /// When it arrives, as things stand.
    planned: Cell<Option<Time>>,
    pub arrived: Cell<Option<Time>>,
    /// When its sender knew that it was over.
    pub closed: Cell<Option<Time>>,
    /// Whether its sender got a response that proves that nothing was executed.
    pub is_refused: Cell<bool>,
    is_deaf: bool,
    reply: Event<Reply>,
}

impl Connection {
    pub fn is_paid(&self) -> bool {
        matches!(self.ask, Ask::Execute { .. })
    }

    /// Whether it may still be executed.
    pub fn may_arrive(&self) -> bool {
        self.arrived.get().is_none() && self.planned.get().is_some()
    }
}

/// Closes the connection of a request that is not waited for any more.
struct Waiting(Rc<World>, Rc<Connection>);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.close(&self.1);
    }
}

impl World {
    fn net(&self, is_paid: bool) -> &NetPlan {
        if is_paid { &self.plan.paid } else { &self.plan.free }
    }

    /// Sends a request and waits for its response.
    pub async fn exchange(
        self: &Rc<Self>,
        tab: &Rc<Tab>,
        request: &Request<'_, Value>,
        signal: Option<&Signal>,
        milliseconds: f64,
    ) -> Result<Response<Value>, SendError<Value>> {
        if let Some(reason) = signal.and_then(|signal| signal.0.get()) {
            // As fetch() does it.
            return Err(SendError::Interrupted(Interrupted::Aborted(reason)));
        }
        let ask = self.ask(request);
        let is_paid = matches!(ask, Ask::Execute { .. });
        if self.happens(self.net(is_paid).not_sent) {
            self.fire(Fault::NotSent);
            self.note(Some(tab.index), "not sent", 0, || format!("{ask:?}"));
            return Err(SendError::NotSent(Value::text_of("refused by the platform")));
        }
        let connection = self.depart(tab, ask, request.key);
        let waiting = Waiting(Rc::clone(self), Rc::clone(&connection));
        let mut limit = pin!(tab.timer(self, milliseconds));
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
                    self.fire(Fault::AttemptTimeout);
                }
                Err(SendError::Interrupted(interrupted))
            }
        }
    }

    /// A request leaves the machine.
    fn depart(self: &Rc<Self>, tab: &Rc<Tab>, ask: Ask, key: &Value) -> Rc<Connection> {
        let is_paid = matches!(ask, Ask::Execute { .. });
        let net = self.net(is_paid);
        let is_lost = self.happens(net.lost_before);
        let is_deaf = !is_lost && self.happens(net.lost_after);
        let is_silent = (is_lost || is_deaf) && self.happens(net.silence);
        let is_stalled = self.happens(net.stalled);
        let delay = if is_stalled {
            self.some_time(1_000.0, 40_000.0)
        } else {
            self.some_time(net.latency_ms * 0.5, net.latency_ms * 1.5)
        };
        let now = self.now();
        let skill = ask.skill();
        let connection = Rc::new(Connection {
            ask,
            tab: tab.index,
            sent: now,
            key: key.clone(),
            baseline: tab.baseline(self, skill),
            planned: Cell::new((!is_lost).then_some(now + delay)),
            arrived: Cell::default(),
            closed: Cell::default(),
            is_refused: Cell::default(),
            is_deaf,
            reply: Event::default(),
        });
        self.note(Some(tab.index), "sends", delay ^ u64::from(is_lost), || {
            let fate = match (is_lost, is_deaf, is_silent) {
                (true, _, true) => "lost on the way, silently",
                (true, ..) => "lost on the way",
                (_, true, true) => "response lost, silently",
                (_, true, _) => "response lost",
                _ => "",
            };
            format!("{:?}: arrives in {} ms {fate}", connection.ask, millis(delay))
        });
        if is_silent {
            self.fire(Fault::Silence);
        }
        if !is_paid && (is_lost || is_deaf) {
            self.fire(Fault::FreeLost);
        }
        if is_paid {
            self.check_departure(tab, &connection);
            if is_lost {
                self.fire(Fault::LostBefore);
            }
            if is_stalled && !is_lost {
                self.fire(Fault::Stalled);
            }
        }
        if !is_lost {
            self.arrive_at(&connection, now + delay);
        }
        if !is_silent {
            // A stalled connection may break before the request has arrived.
            let breaks = is_lost || is_deaf || (is_stalled && self.rng.chance(0.4));
            let longest_ms = if is_deaf { self.rng.magnitude(10.0, 300_000.0) } else { 5_000.0 };
            if breaks {
                self.break_at(&connection, now + self.some_time(0.0, longest_ms));
            }
        }
        connection
    }

    fn arrive_at(self: &Rc<Self>, connection: &Rc<Connection>, time: Time) {
        let (world, connection) = (Rc::clone(self), Rc::clone(connection));
        self.executor.at(time, move || {
            if connection.planned.get() != Some(time) || connection.arrived.get().is_some() {
                return;
            }
            connection.arrived.set(Some(time));
            if connection.is_paid() && connection.closed.get().is_some() {
                world.fire(Fault::LateArrival);
            }
            world.handle(&connection);
        });
    }

    /// The connection breaks at a time, and its sender notices.
    pub fn break_at(self: &Rc<Self>, connection: &Rc<Connection>, time: Time) {
        let (world, connection) = (Rc::clone(self), Rc::clone(connection));
        self.executor.at(time, move || {
            if connection.closed.get().is_none() {
                world.note(Some(connection.tab), "breaks", 0, || format!("{:?}", connection.ask));
                world.close(&connection);
                connection.reply.set(Reply::Failed);
            }
        });
    }

    /// A connection ends: what has not arrived by now arrives soon or never.
    fn close(self: &Rc<Self>, connection: &Rc<Connection>) {
        if connection.closed.get().is_some() {
            return;
        }
        let now = self.now();
        connection.closed.set(Some(now));
        if !connection.may_arrive() {
            return;
        }
        let soon = now + self.some_time(0.0, LATE_MS);
        let planned = connection.planned.get().map(|planned| planned.min(soon));
        let planned = planned.filter(|_| self.rng.chance(0.5));
        connection.planned.set(planned);
        self.note(Some(connection.tab), "closes", 1, || {
            format!("{:?}: arrives late: {planned:?}", connection.ask)
        });
        if let Some(time) = planned {
            self.arrive_at(connection, time);
        } else if connection.is_paid() {
            self.fire(Fault::LostBefore);
        }
    }

    /// The cloud responds at a time.
    pub fn respond_at(self: &Rc<Self>, connection: &Rc<Connection>, time: Time, reply: Reply) {
        let net = self.net(connection.is_paid());
        let is_slow = self.happens(net.slow);
        let delay = if is_slow {
            self.some_time(1_000.0, 30_000.0)
        } else {
            self.some_time(net.latency_ms * 0.5, net.latency_ms * 1.5)
        };
        let (world, connection) = (Rc::clone(self), Rc::clone(connection));
        self.executor.at(time + delay, move || {
            if connection.closed.get().is_some() {
                return;
            }
            if connection.is_deaf {
                if connection.is_paid() {
                    world.fire(Fault::LostAfter);
                }
                return;
            }
            let reply = world.disturbed(&connection, reply);
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
                world.tab(connection.tab).note_list(&world, *skill, made, world.now() - connection.sent);
            }
            connection.reply.set(reply);
        });
    }

    fn disturbed(&self, connection: &Connection, reply: Reply) -> Reply {
        let net = self.net(connection.is_paid());
        match reply {
            Reply::Response { status, headers, .. } if self.happens(net.cut_short) => {
                self.fire(Fault::CutShort);
                Reply::Response { status, headers, body: Value::Broken }
            }
            Reply::Response { .. } if self.happens(net.status_zero) => {
                self.fire(Fault::StatusZero);
                Reply::Response { status: 0, headers: Value::Undefined, body: Value::Broken }
            }
            reply => reply,
        }
    }
}

/// Whether a response to a paid request proves that nothing was executed.
pub fn is_refusal(reply: &Reply) -> bool {
    match reply {
        Reply::Response { status: 409, .. } => false,
        Reply::Response { status, .. } => (400..500).contains(status) && *status != 408,
        Reply::Failed => false,
    }
}

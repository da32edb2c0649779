//! A request in flight: its endpoint, its arrival and its response.

use std::cell::Cell;
use std::rc::Rc;

use crate::event::Event;
use crate::executor::Time;
use crate::value::Value;

/// The endpoint of a request, with its parameters.
#[derive(Clone, Debug)]
pub enum Endpoint {
    Execute { run: usize, skill: usize, key: Option<Rc<str>>, is_replay: bool },
    List { skill: usize, page: usize },
    Output { execution: Option<usize> },
    Download { execution: usize, expires: Time },
    Unknown,
}

impl Endpoint {
    pub fn skill(&self) -> Option<usize> {
        match self {
            Self::Execute { skill, .. } | Self::List { skill, .. } => Some(*skill),
            _ => None,
        }
    }
}

/// A response, or a broken connection.
#[derive(Clone, Debug)]
pub enum Reply {
    Response { status: u16, headers: Value, body: Value },
    Failed,
}

/// One request in flight.
pub struct Connection {
    pub endpoint: Endpoint,
    pub tab: usize,
    pub sent: Time,
    /// The body that it was sent with.
    pub body: Value,
    /// The API key that it was sent with.
    pub key: Value,
    /// The time of the newest list that its tab had received: an execution on that list is not of this request.
    pub baseline: Time,
    /// When it will arrive, if it will.
    pub planned: Cell<Option<Time>>,
    pub arrived: Cell<Option<Time>>,
    /// When its sender got the response or an error, or stopped waiting.
    pub closed: Cell<Option<Time>>,
    /// Whether its sender received a response which proves that nothing was executed.
    pub is_refused: Cell<bool>,
    /// Whether the response is lost.
    pub loses_response: bool,
    pub reply: Event<Reply>,
}

impl Connection {
    pub fn is_paid(&self) -> bool {
        matches!(self.endpoint, Endpoint::Execute { .. })
    }

    /// Whether it has not arrived yet and may still arrive.
    pub fn may_arrive(&self) -> bool {
        self.arrived.get().is_none() && self.planned.get().is_some()
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

/// A response.
pub fn respond(status: u16, headers: Value, body: Value) -> Reply {
    Reply::Response { status, headers, body }
}

/// A response with an error.
pub fn refusal(status: u16, detail: &'static str) -> Reply {
    respond(status, Value::Undefined, Value::record([("detail", Value::text_of(detail))]))
}

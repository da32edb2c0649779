//! A request under way: what it is about, when it arrives, and its response.

use std::cell::Cell;
use std::rc::Rc;

use crate::event::Event;
use crate::executor::Time;
use crate::value::Value;

/// What a request is about.
#[derive(Clone, Debug)]
pub enum Ask {
    Execute { run: usize, skill: usize, key: Option<Rc<str>>, is_replay: bool },
    List { skill: usize, page: usize },
    Output { execution: Option<usize> },
    Download { execution: usize, expires: Time },
    Unknown,
}

impl Ask {
    pub fn skill(&self) -> Option<usize> {
        match self {
            Self::Execute { skill, .. } | Self::List { skill, .. } => Some(*skill),
            _ => None,
        }
    }
}

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
    pub planned: Cell<Option<Time>>,
    pub arrived: Cell<Option<Time>>,
    /// When its sender knew that it was over.
    pub closed: Cell<Option<Time>>,
    /// Whether its sender got a response that proves that nothing was executed.
    pub is_refused: Cell<bool>,
    /// Whether its response never reaches its sender.
    pub is_deaf: bool,
    pub reply: Event<Reply>,
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

/// A response without success.
pub fn refusal(status: u16, detail: &'static str) -> Reply {
    respond(status, Value::Undefined, Value::record([("detail", Value::text_of(detail))]))
}

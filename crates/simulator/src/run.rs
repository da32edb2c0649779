//! The state of a run.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::connection::Connection;
use crate::executor::Time;
use crate::outcome::Outcome;
use crate::signal::Signal;

/// A run of the simulated client, and everything that the simulator knows about it.
pub struct Run {
    /// Identifies the run: its body, its tag and, if it succeeds, its result.
    pub token: Rc<str>,
    pub signal: Signal,
    pub began: Cell<Option<Time>>,
    /// When its entry was first written, and the time of the baseline of its tab then.
    pub journalled: Cell<Option<(Time, Time)>>,
    pub sends: RefCell<Vec<Rc<Connection>>>,
    /// The indexes of its executions in the cloud.
    pub executions: RefCell<Vec<usize>>,
    /// Its outcomes, as callers received them, in the order of time.
    pub outcomes: RefCell<Vec<(Time, Outcome)>>,
    /// The index of the outcome of its own call; the others are from `resume()`.
    pub own_outcome: Cell<Option<usize>>,
    /// Whether its call has ended.
    pub has_ended: Cell<bool>,
    pub delivered: Cell<u32>,
    /// The number of calls of `deliver`; `delivered` counts those that resolved.
    pub deliveries: Cell<u32>,
    /// The tab that last called `deliver`.
    pub delivered_in: Cell<Option<usize>>,
    /// That tab was killed when the entry was still open.
    pub was_interrupted: Cell<bool>,
    pub is_acknowledged: Cell<bool>,
    /// When its tab received a complete response.
    pub response_at: Cell<Option<Time>>,
    pub is_discarded: Cell<bool>,
    /// It was concluded that it never arrived, or it got another execution, which is exempt.
    pub is_given_up: Cell<bool>,
    /// Its entry expired early because the clock was set.
    pub has_expired_early: Cell<bool>,
    /// A write to its entry took effect after the tab that wrote it was killed.
    pub was_written_late: Cell<bool>,
    /// The tab that first wrote its execution id to the journal.
    pub found_by: Cell<Option<usize>>,
    /// When its tab was killed, if that was before the call ended.
    pub killed: Cell<Option<Time>>,
    /// The tab that resumed it last.
    pub holder: Cell<Option<usize>>,
}

impl Run {
    pub fn new(index: usize) -> Self {
        Self {
            token: Rc::from(format!("run-{index}")),
            signal: Signal::default(),
            began: Cell::default(),
            journalled: Cell::default(),
            sends: RefCell::default(),
            executions: RefCell::default(),
            outcomes: RefCell::default(),
            own_outcome: Cell::default(),
            has_ended: Cell::default(),
            delivered: Cell::default(),
            deliveries: Cell::default(),
            delivered_in: Cell::default(),
            was_interrupted: Cell::default(),
            is_acknowledged: Cell::default(),
            response_at: Cell::default(),
            is_discarded: Cell::default(),
            is_given_up: Cell::default(),
            was_written_late: Cell::default(),
            found_by: Cell::default(),
            has_expired_early: Cell::default(),
            killed: Cell::default(),
            holder: Cell::default(),
        }
    }
}

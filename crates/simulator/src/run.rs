//! A run of a skill, and all that is known about it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::connection::Connection;
use crate::executor::Time;
use crate::outcome::Outcome;
use crate::signal::Signal;

/// A run of ours, and all that is known about it.
pub struct Run {
    /// Its body, its tag and, where it succeeds, its result: all the same text, which no other run has.
    pub token: Rc<str>,
    pub signal: Signal,
    pub began: Cell<Option<Time>>,
    /// When it was first in the journal, and when the newest list was made that its tab knew then.
    pub journalled: Cell<Option<(Time, Time)>>,
    pub sends: RefCell<Vec<Rc<Connection>>>,
    /// Its executions in the cloud.
    pub executions: RefCell<Vec<usize>>,
    /// What became of it, as callers learned it, in the order of time.
    pub outcomes: RefCell<Vec<(Time, Outcome)>>,
    /// Which of them its own call ended with; the others came from `resume()`.
    pub told: Cell<Option<usize>>,
    /// Whether its call has ended.
    pub has_ended: Cell<bool>,
    pub delivered: Cell<u32>,
    /// `deliver` began so often.
    pub deliveries: Cell<u32>,
    pub is_acknowledged: Cell<bool>,
    /// When a complete response came.
    pub answered: Cell<Option<Time>>,
    pub is_discarded: Cell<bool>,
    /// It was taken for one that never arrived, where the list is too late to tell.
    pub is_given_up: Cell<bool>,
    /// A clock that was set has made its entry expire, before its execution was known.
    pub has_expired_early: Cell<bool>,
    /// A write to its entry took effect after the death of the tab that wrote.
    pub was_written_late: Cell<bool>,
    /// The tab that was the first to write its execution into the journal.
    pub found_by: Cell<Option<usize>>,
    /// When its tab died, if it did before the call ended.
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
            told: Cell::default(),
            has_ended: Cell::default(),
            delivered: Cell::default(),
            deliveries: Cell::default(),
            is_acknowledged: Cell::default(),
            answered: Cell::default(),
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

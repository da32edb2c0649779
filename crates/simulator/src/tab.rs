//! A page or worker: its clock, and the lists that it has received.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use browser_use_skills_core::engine::SharedState;

use crate::executor::{Time, millis};
use crate::locks::Guard;
use crate::plan::TabPlan;
use crate::storage::SLOWEST_WRITE;

/// The maximum age of a list that is used as a baseline.
const BASELINE: Time = 1_000_000;
/// How long a run waits for the executions of earlier runs.
const SETTLE: Time = 1_000_000;

pub struct Tab {
    pub index: usize,
    pub is_alive: Cell<bool>,
    pub began: Cell<Time>,
    /// The state that the engines of this tab share.
    pub local: RefCell<Option<Rc<SharedState<Guard>>>>,
    pub steps: Cell<u32>,
    lists: RefCell<Vec<List>>,
    /// All lists: their skill, when they were received and when they were created.
    received: RefCell<Vec<(usize, Time, Time)>>,
    /// The probability that a timer is late.
    pub throttled: f64,
    /// The resolution of the monotonic clock, in milliseconds.
    pub clock_ms: f64,
    /// The number of pending calls of `deliver`; `deliveries` counts all calls.
    pub delivering: Cell<u32>,
    pub deliveries: Cell<u32>,
}

/// The lists of a skill that a tab has received.
#[derive(Clone, Copy)]
pub struct List {
    skill: usize,
    /// When the newest was created.
    pub made: Time,
    /// The duration of the fastest request.
    pub shortest: Time,
}

impl Tab {
    pub fn new(index: usize, plan: &TabPlan) -> Rc<Self> {
        Rc::new(Self { throttled: plan.throttled, clock_ms: plan.clock_ms, ..Self::without_faults(index) })
    }

    /// The last tab, which has no faults.
    pub fn without_faults(index: usize) -> Self {
        Self {
            index,
            is_alive: Cell::default(),
            began: Cell::default(),
            local: RefCell::default(),
            steps: Cell::default(),
            lists: RefCell::default(),
            received: RefCell::default(),
            throttled: 0.0,
            clock_ms: 0.001,
            delivering: Cell::default(),
            deliveries: Cell::default(),
        }
    }

    /// Opens the tab at a time.
    pub fn open(&self, now: Time) {
        self.is_alive.set(true);
        self.began.set(now);
        self.local.replace(Some(Rc::default()));
    }

    pub fn close(&self) {
        self.is_alive.set(false);
        let local = self.local.take();
        drop(local);
    }

    /// Records a list that was received.
    pub fn note_list(&self, now: Time, skill: usize, made: Time, took: Time) {
        self.received.borrow_mut().push((skill, now, made));
        let mut lists = self.lists.borrow_mut();
        match lists.iter_mut().find(|list| list.skill == skill) {
            Some(list) => {
                list.made = list.made.max(made);
                list.shortest = list.shortest.min(took);
            }
            None => lists.push(List { skill, made, shortest: took }),
        }
    }

    /// The earliest time at which the baseline of a request that is sent now can have been created. The engine requested it for
    /// this run, or up to a second earlier for another one. It then may wait for a second and writes the journal twice.
    pub fn baseline(&self, now: Time, is_journal_slow: bool, skill: Option<usize>) -> Time {
        let writing = if is_journal_slow { 2 * SLOWEST_WRITE } else { 0 };
        let since = now.saturating_sub(BASELINE + SETTLE + writing);
        let received = self.received.borrow();
        let of_skill = || received.iter().filter(|(known, ..)| Some(*known) == skill);
        let oldest = of_skill().filter(|(_, received, _)| *received >= since).map(|(.., made)| *made).min();
        oldest.or(of_skill().map(|(.., made)| *made).max()).map_or(now, |made| made.min(since))
    }

    pub fn newest_list(&self, skill: Option<usize>) -> Option<List> {
        self.lists.borrow().iter().find(|list| Some(list.skill) == skill).copied()
    }

    /// The monotonic clock.
    pub fn now_ms(&self, now: Time) -> f64 {
        (millis(now - self.began.get()) / self.clock_ms).floor() * self.clock_ms
    }
}

//! A page or worker: its clock, and the lists that it has received.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::executor::{Time, millis};
use crate::plan::TabPlan;
use crate::storage::SLOWEST_WRITE;

/// How old a list may be that serves as a baseline.
const BASELINE: Time = 1_000_000;
/// How long a run waits for the executions of those before it.
const SETTLE: Time = 1_000_000;

pub struct Tab {
    pub index: usize,
    pub is_alive: Cell<bool>,
    pub began: Cell<Time>,
    pub steps: Cell<u32>,
    lists: RefCell<Vec<List>>,
    /// All lists: of which skill, when they came and when they were made.
    received: RefCell<Vec<(usize, Time, Time)>>,
    /// How likely a timer is late.
    pub throttled: f64,
    /// The resolution of the monotonic clock, in milliseconds.
    pub clock_ms: f64,
    /// How many `deliver` are at work, and how many have begun.
    pub delivering: Cell<u32>,
    pub deliveries: Cell<u32>,
}

/// What a tab knows of the lists of a skill that it received.
#[derive(Clone, Copy)]
pub struct List {
    skill: usize,
    /// When the newest was made.
    pub made: Time,
    /// How long the fastest took.
    pub shortest: Time,
}

impl Tab {
    pub fn new(index: usize, plan: &TabPlan) -> Rc<Self> {
        Rc::new(Self { throttled: plan.throttled, clock_ms: plan.clock_ms, ..Self::calm(index) })
    }

    /// The last tab, in which everything works.
    pub fn calm(index: usize) -> Self {
        Self {
            index,
            is_alive: Cell::default(),
            began: Cell::default(),
            steps: Cell::default(),
            lists: RefCell::default(),
            received: RefCell::default(),
            throttled: 0.0,
            clock_ms: 0.001,
            delivering: Cell::default(),
            deliveries: Cell::default(),
        }
    }

    /// A list has come.
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

    /// When the list was made that serves a request now as its baseline, at the earliest: one that the engine requested for
    /// it, or for another run a second before. It may wait for a second after that, and writes the journal twice.
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

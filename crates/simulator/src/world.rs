//! One world: a cloud, a network between, and tabs; and what happens in it.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use crate::cloud::Cloud;
use crate::executor::{Executor, Sleep, Time, micros, millis};
use crate::faults::{Fault, Faults};
use crate::locks::Locks;
use crate::network::Connection;
use crate::oracle::{Outcome, Violation};
use crate::plan::{BEGIN, Plan};
use crate::rng::Rng;
use crate::storage::Storage;
use crate::tab::{Signal, Tab};
use crate::trace::Trace;

pub struct World {
    pub executor: Rc<Executor>,
    pub rng: Rng,
    pub plan: Plan,
    pub cloud: Cloud,
    pub locks: Locks,
    pub storage: Storage,
    pub tabs: RefCell<Vec<Rc<Tab>>>,
    pub runs: Vec<Run>,
    pub trace: Trace,
    pub fired: Cell<Faults>,
    pub violations: RefCell<Vec<Violation>>,
    /// Which tab has resumed, from when until when, and how many runs.
    pub resumes: RefCell<Vec<(usize, Time, Time, usize)>>,
    /// Whether an execution of others was taken for one of ours, and the rules excuse that.
    pub is_confused: Cell<bool>,
    /// Which executions, by number, were excusably attributed to which runs.
    pub excused: RefCell<Vec<(usize, usize)>>,
    /// The runs of the journal's entries, by the entries' ids.
    pub entries: RefCell<BTreeMap<Rc<str>, usize>>,
    /// By how many milliseconds the wall clock of the device is wrong.
    pub clock_error_ms: Cell<f64>,
    /// The storm is over: the network, the journal and the caller's functions work from now on.
    pub is_calm: Cell<bool>,
}

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
    fn new(index: usize) -> Self {
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

/// What a world came to.
pub struct Report {
    pub violations: Vec<Violation>,
    pub fired: Faults,
    pub hash: u64,
    pub length: u32,
}

/// When the tabs of a world that has not come to rest are closed: no wait of the engine is longer than half an hour.
const STORM_ENDS: Time = BEGIN + 4 * 3_600_000_000;
/// How long the last page may take.
const CALM_ENDS: Time = STORM_ENDS + 4 * 3_600_000_000;

impl World {
    pub fn new(seed: u64, is_readable: bool) -> Rc<Self> {
        let rng = Rng::new(seed);
        let plan = Plan::draw(&rng);
        let runs = (0..plan.runs.len()).map(Run::new).collect();
        let executor = Rc::new(Executor::new(BEGIN));
        let cloud = Cloud::new(&plan, &rng);
        let clock_error_ms = Cell::new(plan.skew_ms);
        Rc::new(Self {
            executor,
            rng,
            cloud,
            plan,
            locks: Locks::default(),
            storage: Storage::default(),
            tabs: RefCell::default(),
            runs,
            trace: Trace::new(is_readable),
            fired: Cell::default(),
            violations: RefCell::default(),
            resumes: RefCell::default(),
            is_calm: Cell::default(),
            is_confused: Cell::default(),
            excused: RefCell::default(),
            entries: RefCell::default(),
            clock_error_ms,
        })
    }

    /// Lets a world happen, and judges it.
    pub fn happen(seed: u64, is_readable: bool) -> Report {
        let world = Self::new(seed, is_readable);
        world.begin();
        let ended = world.executor.run(STORM_ENDS);
        world.check_end_of_storm(ended);
        world.be_calm();
        let ended = world.executor.run(CALM_ENDS);
        world.check_end(ended);
        let report = Report {
            violations: world.violations.take(),
            fired: world.fired.get(),
            hash: world.trace.hash(),
            length: world.trace.length(),
        };
        world.executor.clear();
        world.tabs.take().iter().for_each(|tab| tab.close());
        for run in &world.runs {
            run.sends.take();
        }
        world.cloud.clear();
        debug_assert_eq!(Rc::strong_count(&world), 1, "a world that leaks");
        report
    }

    fn begin(self: &Rc<Self>) {
        for (index, plan) in self.plan.tabs.iter().enumerate() {
            self.tabs.borrow_mut().push(Tab::new(index, plan));
            if plan.follows.is_none() {
                self.open(index);
            }
        }
        for (after, jump_ms) in &self.plan.jumps {
            let (world, jump_ms) = (Rc::clone(self), *jump_ms);
            self.executor.at(BEGIN + after, move || {
                world.fire(Fault::ClockJump);
                world.clock_error_ms.set(world.clock_error_ms.get() + jump_ms);
            });
        }
        for (after, skill) in &self.plan.foreign {
            let (world, skill) = (Rc::clone(self), skill % self.plan.skills.len());
            self.executor.at(BEGIN + after, move || world.run_foreign(skill));
        }
    }

    pub fn now(&self) -> Time {
        self.executor.now()
    }

    pub fn sleep(&self, duration: Time) -> Sleep {
        Sleep::until(&self.executor, Some(self.now() + duration))
    }

    /// A duration between two numbers of milliseconds.
    pub fn some_time(&self, low_ms: f64, high_ms: f64) -> Time {
        micros(self.rng.between(low_ms, high_ms)).unwrap_or_default()
    }

    /// Whether a fault that is this likely happens now.
    pub fn happens(&self, probability: f64) -> bool {
        probability > 0.0 && !self.is_calm.get() && self.rng.chance(probability)
    }

    pub fn fire(&self, fault: Fault) {
        let mut fired = self.fired.get();
        fired.add(fault);
        self.fired.set(fired);
    }

    pub fn note(&self, tab: Option<usize>, what: &'static str, number: u64, text: impl FnOnce() -> String) {
        self.trace.record(self.now(), what, number, || {
            let tab = tab.map_or_else(|| "cloud".to_owned(), |tab| format!("tab {tab}"));
            let now = millis(self.now() - BEGIN);
            format!("{now:>14.3} ms  {tab:<6} {what:<12} {}", text())
        });
    }

    pub fn tab(&self, index: usize) -> Rc<Tab> {
        Rc::clone(&self.tabs.borrow()[index])
    }

    /// The run that a body, a tag or a result belongs to.
    pub fn run_of(&self, token: &str) -> Option<usize> {
        let index = token.strip_prefix("run-")?.parse().ok()?;
        (index < self.runs.len()).then_some(index)
    }
}

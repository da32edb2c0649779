//! One world: a cloud, a network between, and tabs; and what happens in it.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use crate::cloud::Cloud;
use crate::draw::draw_plan;
use crate::executor::{Executor, Sleep, Time, micros, millis};
use crate::faults::{Fault, Faults};
use crate::locks::Locks;
use crate::plan::{BEGIN, Plan};
use crate::report::Violation;
use crate::rng::Rng;
use crate::run::Run;
use crate::storage::Storage;
use crate::tab::Tab;
use crate::trace::Trace;

/// The code of the pages.
pub trait Script {
    /// A page opens.
    fn open(&self, world: &Rc<World>, tab: &Rc<Tab>);
    /// A page resumes what a tab has left that died just now.
    fn race(&self, world: &Rc<World>, tab: &Rc<Tab>);
    /// The last page resumes and acknowledges whatever is left.
    fn open_last(&self, world: &Rc<World>, tab: &Rc<Tab>);
    /// A page dies.
    fn close(&self, tab: usize);
}

pub struct World {
    pub script: Rc<dyn Script>,
    pub executor: Rc<Executor>,
    pub rng: Rng,
    pub plan: Plan,
    pub cloud: Cloud,
    pub locks: Rc<Locks>,
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

impl World {
    pub fn new(seed: u64, is_readable: bool, script: Rc<dyn Script>) -> Rc<Self> {
        let rng = Rng::new(seed);
        let plan = draw_plan(&rng);
        let runs = (0..plan.runs.len()).map(Run::new).collect();
        let executor = Rc::new(Executor::new(BEGIN));
        let cloud = Cloud::new(&plan, &rng);
        let clock_error_ms = Cell::new(plan.skew_ms);
        Rc::new(Self {
            script,
            executor,
            rng,
            cloud,
            plan,
            locks: Rc::default(),
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

    pub fn now(&self) -> Time {
        self.executor.now()
    }

    /// Does something at a time.
    pub fn at(self: &Rc<Self>, time: Time, act: impl FnOnce(&Rc<Self>) + 'static) {
        let world = Rc::clone(self);
        self.executor.at(time, move || act(&world));
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

    /// A timer of a page: it is late in a tab in the background.
    pub fn timer(&self, tab: &Tab, milliseconds: f64) -> Sleep {
        let late = if milliseconds > 0.0 && self.happens(tab.throttled) {
            self.fire(Fault::TimerLate);
            self.some_time(1_000.0, 60_000.0)
        } else {
            0
        };
        Sleep::until(&self.executor, micros(milliseconds).map(|duration| self.now() + duration + late))
    }

    /// When the list was made that serves a request of a tab now as its baseline, at the earliest.
    pub fn baseline(&self, tab: usize, skill: Option<usize>) -> Time {
        self.tab(tab).baseline(self.now(), self.plan.journal.slow > 0.0, skill)
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

    /// The skill of a run.
    pub fn skill(&self, run: usize) -> usize {
        self.plan.runs[run].skill % self.plan.skills.len()
    }

    /// A rule does not hold.
    pub fn violate(&self, rule: &'static str, text: impl FnOnce() -> String) {
        let text = text();
        self.note(None, "VIOLATION", 0, || format!("{rule}: {text}"));
        self.violations.borrow_mut().push(Violation { rule, text });
    }
}

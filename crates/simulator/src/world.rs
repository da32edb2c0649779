//! The state of one world: its cloud, tabs, runs and journal.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use browser_use_skills_core::api::node::Node;

use crate::batch_state::BatchState;
use crate::cloud::Cloud;
use crate::draw::{draw_batch_plan, draw_plan};
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
use crate::value::Value;

/// The script of the pages. `script.rs` implements it, above the world that it uses.
pub trait Script {
    /// Starts the script of a page that was opened.
    fn open(&self, world: &Rc<World>, tab: &Rc<Tab>);
    /// Resumes the runs of a tab that was killed just now.
    fn resume_after_kill(&self, world: &Rc<World>, tab: &Rc<Tab>);
    /// Starts the script of the last page, which resumes and acknowledges all remaining runs.
    fn open_last(&self, world: &Rc<World>, tab: &Rc<Tab>);
}

/// What a world is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Single calls.
    Calls,
    /// A batch, and single calls beside it.
    Batch,
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
    /// Calls of `resume()`: the tab, the start, the end and the number of runs.
    pub resumes: RefCell<Vec<(usize, Time, Time, usize)>>,
    /// Whether a run got an execution of others in a way that is exempt.
    pub is_confused: Cell<bool>,
    /// The runs that got a wrong execution in a way that is exempt, and the index of that execution.
    pub exempt_attributions: RefCell<Vec<(usize, usize)>>,
    /// The run of each journal entry, by the id of the entry.
    pub entries: RefCell<BTreeMap<Rc<str>, usize>>,
    /// The error of the wall clock of the device, in milliseconds.
    pub clock_error_ms: Cell<f64>,
    /// What the tabs know about the batch.
    pub batch: BatchState,
    /// Whether faults have stopped: the network, the journal and the callbacks work from now on.
    pub is_fault_free: Cell<bool>,
}

/// The suffix of the body of a row with other parameters.
pub const CHANGED: &str = "/changed";

impl World {
    pub fn new(seed: u64, kind: Kind, is_readable: bool, script: Rc<dyn Script>) -> Rc<Self> {
        let rng = Rng::new(seed);
        let plan = match kind {
            Kind::Calls => draw_plan(&rng),
            Kind::Batch => draw_batch_plan(&rng),
        };
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
            is_fault_free: Cell::default(),
            is_confused: Cell::default(),
            exempt_attributions: RefCell::default(),
            entries: RefCell::default(),
            batch: BatchState::default(),
            clock_error_ms,
        })
    }

    pub fn now(&self) -> Time {
        self.executor.now()
    }

    /// Calls a function at a time.
    pub fn at(self: &Rc<Self>, time: Time, act: impl FnOnce(&Rc<Self>) + 'static) {
        let world = Rc::clone(self);
        self.executor.at(time, move || act(&world));
    }

    pub fn sleep(&self, duration: Time) -> Sleep {
        Sleep::until(&self.executor, Some(self.now() + duration))
    }

    /// A random duration between two durations in milliseconds.
    pub fn random_duration(&self, low_ms: f64, high_ms: f64) -> Time {
        micros(self.rng.between(low_ms, high_ms)).unwrap_or_default()
    }

    /// Whether a fault with this probability occurs now.
    pub fn happens(&self, probability: f64) -> bool {
        probability > 0.0 && !self.is_fault_free.get() && self.rng.chance(probability)
    }

    /// A timer of a page. It is late in background tabs.
    pub fn timer(&self, tab: &Tab, milliseconds: f64) -> Sleep {
        let late = if milliseconds > 0.0 && self.happens(tab.throttled) {
            self.fire(Fault::TimerLate);
            self.random_duration(1_000.0, 60_000.0)
        } else {
            0
        };
        Sleep::until(&self.executor, micros(milliseconds).map(|duration| self.now() + duration + late))
    }

    /// The earliest time at which the baseline of a request that a tab sends now can have been created.
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

    /// The run with this body, tag or result.
    pub fn run_of(&self, token: &str) -> Option<usize> {
        let index = token.strip_prefix("run-")?.trim_end_matches(CHANGED).parse().ok()?;
        (index < self.runs.len()).then_some(index)
    }

    /// The run of a row's journal entry.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float cast saturates")]
    pub fn run_of_row(&self, entry: &Value) -> Option<usize> {
        let row = entry.field("batch")?.field("row").and_then(Node::as_f64)?;
        Some(self.plan.batch.as_ref()?.first_run + row as usize)
    }

    /// The row of the batch that a run is.
    pub fn row(&self, run: usize) -> Option<usize> {
        let batch = self.plan.batch.as_ref()?;
        run.checked_sub(batch.first_run).filter(|row| *row < batch.rows)
    }

    /// The index of the skill of a run.
    pub fn skill(&self, run: usize) -> usize {
        self.plan.runs[run].skill % self.plan.skills.len()
    }

    /// Records a violation of a rule.
    pub fn violate(&self, rule: &'static str, text: impl FnOnce() -> String) {
        // In a world with a batch, the rules of single calls do not allow for its rows.
        if self.plan.batch.is_some() && rule.starts_with('R') {
            return;
        }
        let text = text();
        self.note(None, "VIOLATION", 0, || format!("{rule}: {text}"));
        self.violations.borrow_mut().push(Violation { rule, text });
    }
}

//! A page or worker: its clocks, its life and its death.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use browser_use_skills_core::engine::Local;

use crate::event::Event;
use crate::executor::{Sleep, Time, micros, millis};
use crate::faults::Fault;
use crate::locks::Guard;
use crate::plan::{EPOCH_MS, Moment, TabPlan};
use crate::script;
use crate::value::Value;
use crate::world::World;

/// How old a list may be that serves as a baseline.
const BASELINE: Time = 1_000_000;
/// How long a run waits for the executions of those before it.
const SETTLE: Time = 1_000_000;
/// How long a write to a slow journal takes at most.
pub const SLOWEST_WRITE: Time = 8_000_000;

/// What a call is aborted by. It happens with a reason.
#[derive(Clone, Default)]
pub struct Signal(pub Event<Value>);

impl Signal {
    pub fn abort(&self) {
        self.0.set(Value::text_of("aborted"));
    }
}

pub struct Tab {
    pub index: usize,
    pub is_alive: Cell<bool>,
    pub began: Cell<Time>,
    /// What the engines of this tab share.
    pub local: RefCell<Option<Rc<Local<Guard>>>>,
    steps: Cell<u32>,
    lists: RefCell<Vec<List>>,
    /// All lists: of which skill, when they came and when they were made.
    received: RefCell<Vec<(usize, Time, Time)>>,
    throttled: f64,
    clock_ms: f64,
    /// How many `deliver` are at work, and how many have begun.
    pub delivering: Cell<u32>,
    deliveries: Cell<u32>,
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
    /// A list has come.
    pub fn note_list(&self, world: &World, skill: usize, made: Time, took: Time) {
        self.received.borrow_mut().push((skill, world.now(), made));
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
    pub fn baseline(&self, world: &World, skill: Option<usize>) -> Time {
        let now = world.now();
        let writing = if world.plan.journal.slow > 0.0 { 2 * SLOWEST_WRITE } else { 0 };
        let since = now.saturating_sub(BASELINE + SETTLE + writing);
        let received = self.received.borrow();
        let of_skill = || received.iter().filter(|(known, ..)| Some(*known) == skill);
        let oldest = of_skill().filter(|(_, received, _)| *received >= since).map(|(.., made)| *made).min();
        oldest.or(of_skill().map(|(.., made)| *made).max()).map_or(now, |made| made.min(since))
    }

    pub fn newest_list(&self, skill: Option<usize>) -> Option<List> {
        self.lists.borrow().iter().find(|list| Some(list.skill) == skill).copied()
    }

    pub fn new(index: usize, plan: &TabPlan) -> Rc<Self> {
        Rc::new(Self {
            index,
            is_alive: Cell::default(),
            began: Cell::default(),
            local: RefCell::default(),
            steps: Cell::default(),
            lists: RefCell::default(),
            received: RefCell::default(),
            throttled: plan.throttled,
            clock_ms: plan.clock_ms,
            delivering: Cell::default(),
            deliveries: Cell::default(),
        })
    }

    /// The last tab, in which everything works.
    pub fn calm(index: usize) -> Rc<Self> {
        Rc::new(Self {
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
        })
    }

    pub fn close(&self) {
        self.is_alive.set(false);
        let local = self.local.take();
        drop(local);
    }

    /// The monotonic clock.
    pub fn now_ms(&self, world: &World) -> f64 {
        if self.clock_ms >= 1.0 {
            world.fire(Fault::CoarseClock);
        }
        (millis(world.now() - self.began.get()) / self.clock_ms).floor() * self.clock_ms
    }

    /// The wall clock.
    pub fn epoch_ms(&self, world: &World) -> f64 {
        EPOCH_MS + millis(world.now()) + world.clock_error_ms.get()
    }

    /// A timer of the page: it is late in a tab in the background.
    pub fn timer(&self, world: &World, milliseconds: f64) -> Sleep {
        let late = if milliseconds > 0.0 && world.happens(self.throttled) {
            world.fire(Fault::TimerLate);
            world.some_time(1_000.0, 60_000.0)
        } else {
            0
        };
        Sleep::until(&world.executor, micros(milliseconds).map(|duration| world.now() + duration + late))
    }

    /// A `deliver` begins: some tabs die of it.
    pub fn step_deliver(self: &Rc<Self>, world: &Rc<World>) {
        let count = self.deliveries.get() + 1;
        self.deliveries.set(count);
        let death = world.plan.tabs.get(self.index).and_then(|plan| plan.death);
        if matches!(death, Some(Moment::Deliver(at)) if at == count) {
            let (again, index) = (Rc::clone(world), self.index);
            let time = world.now() + world.some_time(0.0, 2.0);
            world.executor.at(time, move || again.kill(index));
        }
    }

    /// Counts what the platform does, for those who act at a certain point.
    pub fn step(self: &Rc<Self>, world: &Rc<World>) {
        let step = self.steps.get() + 1;
        self.steps.set(step);
        let Some(plan) = world.plan.tabs.get(self.index) else { return };
        let is_now = |moment: Option<Moment>| matches!(moment, Some(Moment::Step(at)) if at == step);
        if is_now(plan.death) {
            let (world, index) = (Rc::clone(world), self.index);
            let now = world.now();
            Rc::clone(&world).executor.at(now, move || world.kill(index));
        }
        for (index, run) in world.plan.runs.iter().enumerate() {
            if run.tab == self.index && is_now(run.abort) {
                let again = Rc::clone(world);
                world.executor.at(world.now(), move || again.abort(index));
            }
        }
    }
}

impl World {
    /// A tab begins to live.
    pub fn open(self: &Rc<Self>, index: usize) {
        let tab = self.tab(index);
        let plan = &self.plan.tabs[index];
        tab.is_alive.set(true);
        tab.began.set(self.now());
        *tab.local.borrow_mut() = Some(Rc::new(Local::default()));
        self.note(Some(index), "opens", 0, String::new);
        script::begin(self, &tab);
        if let Some(Moment::At(after)) = plan.death {
            let world = Rc::clone(self);
            self.executor.at(self.now() + after, move || world.kill(index));
        }
    }

    /// A tab dies: its tasks end, its locks are released, its connections break.
    pub fn kill(self: &Rc<Self>, index: usize) {
        let tab = self.tab(index);
        if !tab.is_alive.get() || self.is_calm.get() {
            return;
        }
        self.note(Some(index), "dies", 0, String::new);
        self.lose(&tab);
        self.check_journal("when a tab dies");
        if self.plan.is_race {
            for other in self.tabs.borrow().iter().filter(|other| other.is_alive.get()) {
                script::begin_race(self, other);
            }
        }
        for (successor, plan) in self.plan.tabs.iter().enumerate() {
            if let Some((_, delay_ms)) = plan.follows.filter(|(dead, _)| *dead == index) {
                let world = Rc::clone(self);
                let after = micros(delay_ms).unwrap_or_default();
                self.executor.at(self.now() + after, move || {
                    if !world.is_calm.get() {
                        world.open(successor);
                    }
                });
            }
        }
    }

    /// Ends the tasks of a tab, and records what was under way.
    fn lose(self: &Rc<Self>, tab: &Rc<Tab>) {
        if tab.delivering.get() > 0 {
            self.fire(Fault::KilledInDeliver);
        }
        for (run, plan) in self.runs.iter().zip(&self.plan.runs) {
            if plan.tab == tab.index && run.began.get().is_some() && !run.has_ended.get() {
                run.killed.set(Some(self.now()));
                self.fire(Fault::Killed);
                let is_open = |sends: &[Rc<crate::network::Connection>]| {
                    sends.last().is_some_and(|last| last.closed.get().is_none())
                };
                if is_open(&run.sends.borrow()) {
                    self.fire(Fault::KilledInFlight);
                }
            }
        }
        self.executor.kill(tab.index);
        tab.close();
    }

    /// The caller aborts a run.
    pub fn abort(self: &Rc<Self>, index: usize) {
        let run = &self.runs[index];
        if run.began.get().is_none() || run.has_ended.get() || run.signal.0.is_set() || self.is_calm.get() {
            return;
        }
        let was_sent = !run.sends.borrow().is_empty();
        self.fire(if was_sent { Fault::AbortedAfter } else { Fault::AbortedBefore });
        self.note(Some(self.plan.runs[index].tab), "aborts", index as u64, || format!("run {index}"));
        run.signal.abort();
    }

    /// The storm is over: all tabs are closed, and a last page resumes what is left, with everything at work again.
    pub fn be_calm(self: &Rc<Self>) {
        let tabs = self.tabs.borrow().clone();
        for tab in tabs.iter().filter(|tab| tab.is_alive.get()) {
            self.lose(tab);
        }
        self.is_calm.set(true);
        self.note(None, "calm", 0, String::new);
        let last = Tab::calm(tabs.len());
        self.tabs.borrow_mut().push(Rc::clone(&last));
        let world = Rc::clone(self);
        // What is under way over broken connections arrives first: a page takes longer to load.
        self.executor.at(self.now() + 1_500_000, move || {
            last.is_alive.set(true);
            last.began.set(world.now());
            *last.local.borrow_mut() = Some(Rc::new(Local::default()));
            world.note(Some(last.index), "opens", 0, String::new);
            script::begin_last(&world, &last);
        });
    }
}

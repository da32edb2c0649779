//! The life of tabs: they open, die, and make room for others.

use std::rc::Rc;

use crate::connection::Connection;
use crate::executor::micros;
use crate::faults::Fault;
use crate::oracle;
use crate::plan::Moment;
use crate::tab::Tab;
use crate::world::World;

/// A `deliver` begins: some tabs die of it.
pub fn step_deliver(world: &Rc<World>, tab: &Rc<Tab>) {
    let count = tab.deliveries.get() + 1;
    tab.deliveries.set(count);
    let death = world.plan.tabs.get(tab.index).and_then(|plan| plan.death);
    if matches!(death, Some(Moment::Deliver(at)) if at == count) {
        let index = tab.index;
        let time = world.now() + world.some_time(0.0, 2.0);
        world.at(time, move |world| kill(world, index));
    }
}

/// Counts what the platform does, for those who act at a certain point.
pub fn step(world: &Rc<World>, tab: &Rc<Tab>) {
    let step = tab.steps.get() + 1;
    tab.steps.set(step);
    let Some(plan) = world.plan.tabs.get(tab.index) else { return };
    let is_now = |moment: Option<Moment>| matches!(moment, Some(Moment::Step(at)) if at == step);
    if is_now(plan.death) {
        let index = tab.index;
        world.at(world.now(), move |world| kill(world, index));
    }
    for (index, run) in world.plan.runs.iter().enumerate() {
        if run.tab == tab.index && is_now(run.abort) {
            world.at(world.now(), move |world| abort(world, index));
        }
    }
}

/// A tab begins to live.
pub fn open(world: &Rc<World>, index: usize) {
    let tab = world.tab(index);
    let plan = &world.plan.tabs[index];
    tab.is_alive.set(true);
    tab.began.set(world.now());
    world.note(Some(index), "opens", 0, String::new);
    world.script.open(world, &tab);
    if let Some(Moment::At(after)) = plan.death {
        world.at(world.now() + after, move |world| kill(world, index));
    }
}

/// A tab dies: its tasks end, its locks are released, its connections break.
pub fn kill(world: &Rc<World>, index: usize) {
    let tab = world.tab(index);
    if !tab.is_alive.get() || world.is_calm.get() {
        return;
    }
    world.note(Some(index), "dies", 0, String::new);
    lose(world, &tab);
    oracle::check_journal(world, "when a tab dies");
    if world.plan.is_race {
        for other in world.tabs.borrow().iter().filter(|other| other.is_alive.get()) {
            world.script.race(world, other);
        }
    }
    for (successor, plan) in world.plan.tabs.iter().enumerate() {
        if let Some((_, delay_ms)) = plan.follows.filter(|(dead, _)| *dead == index) {
            let after = micros(delay_ms).unwrap_or_default();
            world.at(world.now() + after, move |world| {
                if !world.is_calm.get() {
                    open(world, successor);
                }
            });
        }
    }
}

/// Ends the tasks of a tab, and records what was under way.
fn lose(world: &Rc<World>, tab: &Rc<Tab>) {
    if tab.delivering.get() > 0 {
        world.fire(Fault::KilledInDeliver);
    }
    for (run, plan) in world.runs.iter().zip(&world.plan.runs) {
        if plan.tab == tab.index && run.began.get().is_some() && !run.has_ended.get() {
            run.killed.set(Some(world.now()));
            world.fire(Fault::Killed);
            let is_open =
                |sends: &[Rc<Connection>]| sends.last().is_some_and(|last| last.closed.get().is_none());
            if is_open(&run.sends.borrow()) {
                world.fire(Fault::KilledInFlight);
            }
        }
    }
    world.executor.kill(tab.index);
    close(world, tab);
}

/// A tab ends.
pub fn close(world: &World, tab: &Tab) {
    tab.is_alive.set(false);
    world.script.close(tab.index);
}

/// The caller aborts a run.
pub fn abort(world: &Rc<World>, index: usize) {
    let run = &world.runs[index];
    if run.began.get().is_none() || run.has_ended.get() || run.signal.0.is_set() || world.is_calm.get() {
        return;
    }
    let was_sent = !run.sends.borrow().is_empty();
    world.fire(if was_sent { Fault::AbortedAfter } else { Fault::AbortedBefore });
    world.note(Some(world.plan.runs[index].tab), "aborts", index as u64, || format!("run {index}"));
    run.signal.abort();
}

/// The storm is over: all tabs are closed, and a last page resumes what is left, with everything at work again.
pub fn be_calm(world: &Rc<World>) {
    let tabs = world.tabs.borrow().clone();
    for tab in tabs.iter().filter(|tab| tab.is_alive.get()) {
        lose(world, tab);
    }
    world.is_calm.set(true);
    world.note(None, "calm", 0, String::new);
    let last = Rc::new(Tab::calm(tabs.len()));
    world.tabs.borrow_mut().push(Rc::clone(&last));
    // What is under way over broken connections arrives first: a page takes longer to load.
    world.at(world.now() + 1_500_000, move |world| {
        last.is_alive.set(true);
        last.began.set(world.now());
        world.note(Some(last.index), "opens", 0, String::new);
        world.script.open_last(world, &last);
    });
}

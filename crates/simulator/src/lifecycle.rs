//! Opens and kills tabs, and aborts their calls.

use std::rc::Rc;

use crate::connection::Connection;
use crate::executor::micros;
use crate::faults::Fault;
use crate::oracle;
use crate::plan::Moment;
use crate::tab::Tab;
use crate::world::World;

/// Counts the calls of `deliver`, and kills the tab at the one that the plan names.
pub fn step_deliver(world: &Rc<World>, tab: &Rc<Tab>) {
    let count = tab.deliveries.get() + 1;
    tab.deliveries.set(count);
    let kill_at = world.plan.tabs.get(tab.index).and_then(|plan| plan.kill_at);
    if matches!(kill_at, Some(Moment::Deliver(at)) if at == count) {
        let index = tab.index;
        let time = world.now() + world.random_duration(0.0, 2.0);
        world.at(time, move |world| kill(world, index));
    }
}

/// Counts the calls of the platform, and kills the tab or aborts a call at the one that the plan names.
pub fn step(world: &Rc<World>, tab: &Rc<Tab>) {
    let step = tab.steps.get() + 1;
    tab.steps.set(step);
    let Some(plan) = world.plan.tabs.get(tab.index) else { return };
    let is_now = |moment: Option<Moment>| matches!(moment, Some(Moment::Step(at)) if at == step);
    if is_now(plan.kill_at) {
        let index = tab.index;
        world.at(world.now(), move |world| kill(world, index));
    }
    for (index, run) in world.plan.runs.iter().enumerate() {
        if run.tab == tab.index && is_now(run.abort) {
            world.at(world.now(), move |world| abort(world, index));
        }
    }
}

/// Opens a tab.
pub fn open(world: &Rc<World>, index: usize) {
    let tab = world.tab(index);
    let plan = &world.plan.tabs[index];
    tab.open(world.now());
    world.note(Some(index), "opens", 0, String::new);
    world.script.open(world, &tab);
    if let Some(Moment::At(after)) = plan.kill_at {
        world.at(world.now() + after, move |world| kill(world, index));
    }
}

/// Kills a tab: drops its tasks, which releases its locks and closes its connections, and opens its successor.
pub fn kill(world: &Rc<World>, index: usize) {
    let tab = world.tab(index);
    if !tab.is_alive.get() || world.is_fault_free.get() {
        return;
    }
    world.note(Some(index), "killed", 0, String::new);
    terminate(world, &tab);
    oracle::check_journal(world, "after a tab was killed");
    if world.plan.all_resume {
        for other in world.tabs.borrow().iter().filter(|other| other.is_alive.get()) {
            world.script.resume_after_kill(world, other);
        }
    }
    for (successor, plan) in world.plan.tabs.iter().enumerate() {
        if let Some((_, delay_ms)) = plan.follows.filter(|(killed, _)| *killed == index) {
            let after = micros(delay_ms).unwrap_or_default();
            world.at(world.now() + after, move |world| {
                if !world.is_fault_free.get() {
                    open(world, successor);
                }
            });
        }
    }
}

/// Drops the tasks of a tab, and records which calls were pending.
fn terminate(world: &Rc<World>, tab: &Rc<Tab>) {
    oracle::note_batch_killed(world, tab);
    if tab.delivering.get() > 0 {
        world.fire(Fault::KilledInDeliver);
    }
    for (run, plan) in world.runs.iter().zip(&world.plan.runs) {
        if run.delivered_in.get() == Some(tab.index) && world.storage.is_open(&run.token) {
            run.was_interrupted.set(true);
        }
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
    tab.close();
}

/// Aborts a call on behalf of its caller.
pub fn abort(world: &Rc<World>, index: usize) {
    let run = &world.runs[index];
    if run.began.get().is_none() || run.has_ended.get() || run.signal.0.is_set() || world.is_fault_free.get()
    {
        return;
    }
    let was_sent = !run.sends.borrow().is_empty();
    world.fire(if was_sent { Fault::AbortedAfter } else { Fault::AbortedBefore });
    world.note(Some(world.plan.runs[index].tab), "aborts", index as u64, || format!("run {index}"));
    run.signal.abort();
}

/// Stops all faults: closes all tabs, and opens a last page that resumes the remaining runs.
pub fn stop_faults(world: &Rc<World>) {
    let tabs = world.tabs.borrow().clone();
    for tab in tabs.iter().filter(|tab| tab.is_alive.get()) {
        terminate(world, tab);
    }
    world.is_fault_free.set(true);
    world.note(None, "faults end", 0, String::new);
    let last = Rc::new(Tab::without_faults(tabs.len()));
    world.tabs.borrow_mut().push(Rc::clone(&last));
    // After the last request of a broken connection has arrived: loading a page takes longer.
    world.at(world.now() + 1_500_000, move |world| {
        last.open(world.now());
        world.note(Some(last.index), "opens", 0, String::new);
        world.script.open_last(world, &last);
    });
}

//! Runs a world, from its seed to its report.

use std::rc::Rc;

use crate::executor::Time;
use crate::faults::Fault;
use crate::plan::BEGIN;
use crate::report::Report;
use crate::script::PageScript;
use crate::tab::Tab;
use crate::world::{Kind, World};
use crate::{lifecycle, oracle, runner};

/// When the tabs of a world that is not idle are closed: no wait of the engine is longer than half an hour.
const FAULTS_END: Time = BEGIN + 4 * 3_600_000_000;
/// When the last page must be idle.
const RECOVERY_ENDS: Time = FAULTS_END + 4 * 3_600_000_000;

/// Runs a world and checks all rules.
pub fn simulate(seed: u64, kind: Kind, is_readable: bool) -> Report {
    let world = World::new(seed, kind, is_readable, Rc::new(PageScript));
    schedule(&world);
    let ended = world.executor.run(FAULTS_END);
    oracle::check_end_of_faults(&world, ended);
    oracle::check_calm(&world);
    lifecycle::stop_faults(&world);
    let ended = world.executor.run(RECOVERY_ENDS);
    oracle::check_end(&world, ended);
    oracle::check_batch_end(&world);
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
    debug_assert_eq!(Rc::strong_count(&world), 1, "the world leaks");
    report
}

fn schedule(world: &Rc<World>) {
    for (index, plan) in world.plan.tabs.iter().enumerate() {
        world.tabs.borrow_mut().push(Tab::new(index, plan));
        if plan.follows.is_none() {
            lifecycle::open(world, index);
        }
    }
    for (after, jump_ms) in &world.plan.jumps {
        let jump_ms = *jump_ms;
        world.at(BEGIN + after, move |world| {
            world.fire(Fault::ClockJump);
            world.clock_error_ms.set(world.clock_error_ms.get() + jump_ms);
        });
    }
    for (after, skill) in &world.plan.foreign {
        let skill = skill % world.plan.skills.len();
        world.at(BEGIN + after, move |world| runner::start_foreign(world, skill));
    }
}

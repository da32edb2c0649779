//! The history of a world, from its seed to its report.

use std::rc::Rc;

use crate::executor::Time;
use crate::faults::Fault;
use crate::plan::BEGIN;
use crate::report::Report;
use crate::script::PageScript;
use crate::tab::Tab;
use crate::world::World;
use crate::{lifecycle, oracle, runner};

/// When the tabs of a world that has not come to rest are closed: no wait of the engine is longer than half an hour.
const STORM_ENDS: Time = BEGIN + 4 * 3_600_000_000;
/// How long the last page may take.
const CALM_ENDS: Time = STORM_ENDS + 4 * 3_600_000_000;

/// Lets a world happen, and judges it.
pub fn simulate(seed: u64, is_readable: bool) -> Report {
    let world = World::new(seed, is_readable, Rc::new(PageScript::default()));
    begin(&world);
    let ended = world.executor.run(STORM_ENDS);
    oracle::check_end_of_storm(&world, ended);
    lifecycle::be_calm(&world);
    let ended = world.executor.run(CALM_ENDS);
    oracle::check_end(&world, ended);
    let report = Report {
        violations: world.violations.take(),
        fired: world.fired.get(),
        hash: world.trace.hash(),
        length: world.trace.length(),
    };
    world.executor.clear();
    world.tabs.take().iter().for_each(|tab| lifecycle::close(&world, tab));
    for run in &world.runs {
        run.sends.take();
    }
    world.cloud.clear();
    debug_assert_eq!(Rc::strong_count(&world), 1, "a world that leaks");
    report
}

fn begin(world: &Rc<World>) {
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
        world.at(BEGIN + after, move |world| runner::run_foreign(world, skill));
    }
}

//! The store of the batch, which all tabs share: slow, or with failures. Accesses take effect in the order in which they begin.

use std::rc::Rc;

use browser_use_skills_core::batch::BatchStore;

use crate::executor::{Sleep, Time};
use crate::faults::Fault;
use crate::lifecycle;
use crate::plan::JournalPlan;
use crate::tab::Tab;
use crate::value::Value;
use crate::world::World;

/// The store, as a tab sees it.
pub struct Shelf {
    pub world: Rc<World>,
    pub tab: Rc<Tab>,
}

impl Shelf {
    fn plan(&self) -> &JournalPlan {
        &self.world.plan.batch.as_ref().expect("a batch").store
    }

    /// When an access that begins now takes effect.
    fn takes_effect(&self) -> Time {
        let world = &self.world;
        let duration = if world.happens(self.plan().slow) {
            world.fire(Fault::StoreSlow);
            world.random_duration(1_000.0, 15_000.0)
        } else {
            *world.rng.pick(&[0, 0, 500, 5_000])
        };
        // Two accesses never take effect at the same time, at which their order would be undefined.
        let time = (world.now() + duration).max(world.batch.busy_until.get() + 1);
        world.batch.busy_until.set(time);
        time
    }
}

impl BatchStore<Value> for Shelf {
    async fn read(&self, _: &str, from: i64, to: i64) -> Result<Vec<(i64, Value)>, Value> {
        let world = &self.world;
        lifecycle::step(world, &self.tab);
        let time = self.takes_effect();
        Sleep::until(&world.executor, Some(time)).await;
        if world.happens(self.plan().unreadable) {
            world.fire(Fault::StoreUnreadable);
            return Err(Value::text_of("the store failed"));
        }
        let store = world.batch.store.borrow();
        let found: Vec<_> = store.range(from..to).map(|(index, value)| (*index, value.clone())).collect();
        drop(store);
        world
            .note(Some(self.tab.index), "reads", found.len() as u64, || format!("{from} to {to}: {found:?}"));
        Ok(found)
    }

    async fn write(&self, _: &str, entries: &[(i64, Value)]) -> Result<(), Value> {
        let world = &self.world;
        lifecycle::step(world, &self.tab);
        let fails = world.happens(self.plan().fails);
        let hangs = !fails && world.happens(self.plan().hangs);
        let is_written = !(fails || hangs) || world.rng.chance(0.3);
        let time = self.takes_effect();
        world.note(Some(self.tab.index), "store", time ^ u64::from(is_written), || {
            let fault = if fails {
                ", fails"
            } else if hangs {
                ", hangs"
            } else {
                ""
            };
            format!("writes until {time} µs{fault}, is written: {is_written}: {entries:?}")
        });
        if fails {
            world.fire(Fault::StoreFails);
        }
        if hangs {
            world.fire(Fault::StoreHangs);
        }
        if is_written {
            if fails || hangs {
                world.fire(Fault::StoreLies);
            }
            // Takes effect even if the tab is killed meanwhile.
            let entries = entries.to_vec();
            world.at(time, move |world| world.batch.store.borrow_mut().extend(entries));
        }
        Sleep::until(&world.executor, Some(time)).await;
        if hangs {
            Sleep::until(&world.executor, None).await;
        }
        lifecycle::step(world, &self.tab);
        if fails { Err(Value::text_of("the store failed")) } else { Ok(()) }
    }
}

//! Reads and writes the journal: slowly, or with failures.

use std::rc::Rc;

use browser_use_skills_core::api::node::Node;

use crate::executor::{Sleep, Time, millis};
use crate::faults::Fault;
use crate::oracle;
use crate::storage::SLOWEST_WRITE;
use crate::value::Value;
use crate::world::World;

/// How long the engine waits for a write after the request was sent.
const WRITE_TIMEOUT: Time = 5_000_000;

/// The result of an access.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    Done,
    Failed,
}

/// Writes or removes an entry. Depending on the faults, it takes effect late or never.
pub async fn write(world: &Rc<World>, tab: usize, id: &str, value: Option<&Value>) -> Access {
    let plan = &world.plan.journal;
    let duration = if world.happens(plan.slow) {
        world.random_duration(200.0, millis(SLOWEST_WRITE))
    } else {
        *world.rng.pick(&[0, 0, 500, 5_000])
    };
    let fails = world.happens(plan.fails);
    let hangs = !fails && world.happens(plan.hangs);
    let is_written = !(fails || hangs) || world.rng.chance(0.3);
    let id: Rc<str> = Rc::from(id);
    world.note(Some(tab), "journal", duration ^ u64::from(value.is_some()), || {
        let fault = if fails {
            ", fails"
        } else if hangs {
            ", hangs"
        } else {
            ""
        };
        let entry = value.map_or_else(|| "removal".to_owned(), |value| format!("{value:?}"));
        format!("writes {id} in {duration} µs{fault}, is written: {is_written}: {entry}")
    });
    if fails {
        world.fire(Fault::JournalFails);
    }
    if hangs {
        world.fire(Fault::JournalHangs);
    }
    if duration > 1_000_000 {
        world.fire(Fault::JournalSlow);
    }
    let mut done = world.now() + duration;
    {
        let mut busy = world.storage.busy_until.borrow_mut();
        busy.retain(|(_, until)| *until > world.now());
        let last = busy.iter().filter(|(known, _)| *known == id).map(|(_, until)| *until).max();
        done = done.max(last.unwrap_or_default());
        if is_written && done > world.now() {
            busy.push((Rc::clone(&id), done));
        }
    }
    if done - world.now() > WRITE_TIMEOUT {
        world.storage.was_too_slow.set(true);
    }
    if is_written {
        if done == world.now() {
            apply(world, tab, &id, value.cloned());
        } else {
            // Takes effect even if the tab is killed meanwhile.
            let (id, value) = (Rc::clone(&id), value.cloned());
            world.at(done, move |world| apply(world, tab, &id, value));
        }
    }
    Sleep::until(&world.executor, Some(done)).await;
    if hangs {
        Sleep::until(&world.executor, None).await;
    }
    if fails { Access::Failed } else { Access::Done }
}

fn apply(world: &World, tab: usize, id: &Rc<str>, value: Option<Value>) {
    let is_removal = value.is_none();
    let before = world.storage.entry(id);
    let tag = value.as_ref().or(before.as_ref()).and_then(|entry| entry.text_field("tag"));
    if let Some(run) = tag.and_then(|tag| world.run_of(tag)).filter(|_| !world.tab(tab).is_alive.get()) {
        world.runs[run].was_written_late.set(true);
    }
    if let Some(value) = &value {
        oracle::check_entry(world, tab, value);
    }
    note_forgotten(world, before.as_ref(), value.as_ref());
    world.storage.put(id, value);
    world.note(Some(tab), "stored", u64::from(is_removal), || format!("{id} (removed: {is_removal})"));
    world.storage.remove_unused_records(world.now());
    let Some(before) = before.filter(|_| is_removal) else { return };
    if let Some(run) = before.text_field("tag").and_then(|tag| world.run_of(tag)) {
        oracle::check_removal(world, run, &before);
    } else if let Some(run) = world.run_of_row(&before) {
        oracle::note_expiry(world, run, &before);
    }
}

/// Records the executions that were in `seen` of a record before a write and are not after it.
fn note_forgotten(world: &World, before: Option<&Value>, after: Option<&Value>) {
    let seen = |record: Option<&Value>| record.and_then(|record| record.field("seen")).map(Node::items);
    let (Some(before), Some(after)) = (seen(before), seen(after)) else { return };
    let is_kept = |id: &Value| after.iter().any(|kept| kept.as_str() == id.as_str());
    let lost = before.iter().filter(|id| !is_kept(id));
    world.storage.forgotten.borrow_mut().extend(lost.filter_map(|id| Some(Rc::from(id.as_str()?))));
}

/// Reads all entries.
pub async fn read(world: &Rc<World>) -> Option<Vec<Value>> {
    let plan = &world.plan.journal;
    if world.happens(plan.slow) {
        world.sleep(world.random_duration(200.0, 3_000.0)).await;
    }
    if world.happens(plan.unreadable) {
        world.fire(Fault::JournalUnreadable);
        return None;
    }
    Some(world.storage.entries())
}

//! The script of a page with the batch.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::rc::{Rc, Weak};

use browser_use_skills_core::api::issue::Loc;
use browser_use_skills_core::api::operation::Operation;
use browser_use_skills_core::batch::{Batch, BatchOptions, PauseReason, Progress, RowError, RowSource};
use browser_use_skills_core::engine::{CallOptions, Engine, Error, Listener, Prepared, Recover};

use crate::batch_state::Session;
use crate::batch_store::Shelf;
use crate::faults::Fault;
use crate::oracle;
use crate::plan::{BatchPlan, BatchTabPlan};
use crate::platform::Page;
use crate::tab::Tab;
use crate::value::Value;
use crate::world::{CHANGED, World};

/// How often the caller continues a batch that pauses.
const PROCEEDS: u32 = 40;

/// The rows of a session.
struct Rows {
    world: Rc<World>,
    session: Rc<Session>,
    engine: Rc<Engine<Page>>,
    next: Cell<usize>,
}

impl RowSource<Value> for Rows {
    async fn next_row(&self) -> Option<Result<Prepared<Value>, RowError<Value>>> {
        let plan = batch_plan(&self.world);
        let row = self.next.replace(self.next.get() + 1);
        if row >= plan.rows {
            return None;
        }
        if self.world.rng.chance(0.3) {
            self.world.sleep(self.world.random_duration(0.0, 10.0)).await;
        }
        let token = &self.world.runs[plan.first_run + row].token;
        let suffix = if self.session.changed.contains(&row) { CHANGED } else { "" };
        let body = Value::text_of(&format!("{token}{suffix}"));
        let skill = self.world.plan.skills[plan.skill].clone();
        let spec = Operation::SkillsExecute.spec();
        Some(Ok(Prepared::new(spec, self.engine.base_url(), vec![skill], body)))
    }
}

fn batch_plan(world: &World) -> &BatchPlan {
    world.plan.batch.as_ref().expect("a world with a batch")
}

/// Starts the batch in a tab that was opened.
pub fn open(world: &Rc<World>, tab: &Rc<Tab>, engine: &Rc<Engine<Page>>) {
    let Some(plan) = &world.plan.batch else { return };
    for index in 0..plan.tabs.len() {
        if plan.tabs[index].tab == tab.index {
            let (world, tab, engine) = (Rc::clone(world), Rc::clone(tab), Rc::clone(engine));
            let owner = Some(tab.index);
            Rc::clone(&world).executor.spawn(owner, async move {
                let plan = &batch_plan(&world).tabs[index];
                world.sleep(plan.start).await;
                let changed: BTreeSet<usize> = plan.changed.into_iter().collect();
                let session = iterate(&world, &engine, &tab, plan, changed.clone(), true).await;
                if session.is_cancelled.get() {
                    world.sleep(1_000_000).await;
                    iterate(&world, &engine, &tab, plan, changed, false).await;
                }
            });
        }
    }
}

/// Finishes the batch in the last page, which has no faults.
pub async fn finish(world: Rc<World>, engine: Rc<Engine<Page>>, tab: Rc<Tab>) {
    let plan = BatchTabPlan {
        tab: tab.index,
        start: 0,
        concurrency: 3,
        is_ordered: true,
        is_driven: false,
        consumes: 0,
        cancel_after: None,
        pause_after: None,
        changed: None,
    };
    let mut changed = BTreeSet::new();
    for _ in 0..=batch_plan(&world).rows {
        let session = iterate(&world, &engine, &tab, &plan, changed.clone(), false).await;
        if !session.has_failed.get() {
            return;
        }
        // The row was started with the other parameters.
        let row = world.batch.changed_row();
        if !changed.remove(&row) {
            changed.insert(row);
        }
    }
}

/// Iterates over the results of the batch.
async fn iterate(
    world: &Rc<World>,
    engine: &Rc<Engine<Page>>,
    tab: &Rc<Tab>,
    plan: &BatchTabPlan,
    changed: BTreeSet<usize>,
    is_first: bool,
) -> Rc<Session> {
    let owner = Some(tab.index);
    let session = Session::new(tab.index, changed);
    world.batch.sessions.borrow_mut().push(Rc::clone(&session));
    if !world.batch.store.borrow().is_empty() {
        world.fire(Fault::BatchContinued);
    }
    let handle: Rc<RefCell<Weak<Batch<Page>>>> = Rc::default();
    let batch = Rc::new(create(world, engine, tab, plan, &session, &handle));
    *handle.borrow_mut() = Rc::downgrade(&batch);
    if plan.is_driven {
        world.executor.spawn(owner, batch.run());
    }
    if let Some(after) = plan.pause_after.filter(|_| is_first) {
        let batch = Rc::downgrade(&batch);
        world.at(world.now() + after, move |world| {
            if let Some(batch) = batch.upgrade() {
                world.fire(Fault::BatchPaused);
                batch.pause();
            }
        });
    }
    if let Some(after) = plan.cancel_after.filter(|_| is_first) {
        let (batch, session) = (Rc::downgrade(&batch), Rc::clone(&session));
        let sleep = world.sleep(after);
        let world = Rc::clone(world);
        Rc::clone(&world).executor.spawn(owner, async move {
            sleep.await;
            let Some(batch) = batch.upgrade().filter(|_| !session.has_ended.get()) else { return };
            world.fire(Fault::BatchCancelled);
            world.note(Some(session.tab), "cancels", 0, String::new);
            session.is_cancelled.set(true);
            batch.cancel().await;
        });
    }
    loop {
        match batch.next().await {
            Some(Ok(result)) => {
                world.note(Some(tab.index), "result", result.index as u64, || format!("{result:?}"));
                oracle::check_result(world, &session, &result);
                if plan.consumes > 0 {
                    world.sleep(plan.consumes).await;
                }
            }
            Some(Err(error)) => {
                world.note(Some(tab.index), "batch fails", 0, || error.to_string());
                session.has_failed.set(true);
                if let Some(row) = changed_row(&error) {
                    world.fire(Fault::ParametersChanged);
                    world.batch.note_changed(row);
                }
            }
            None => break,
        }
    }
    world.note(Some(tab.index), "batch ends", 0, || format!("{:?}", batch.progress()));
    session.has_ended.set(true);
    session
}

/// The row that an error about changed parameters names.
fn changed_row(error: &Error<Value>) -> Option<usize> {
    error.failure()?.issues.iter().flat_map(|issue| &issue.loc).find_map(|step| match step {
        Loc::Index(index) => Some(*index as usize),
        Loc::Key(_) => None,
    })
}

fn create(
    world: &Rc<World>,
    engine: &Rc<Engine<Page>>,
    tab: &Rc<Tab>,
    plan: &BatchTabPlan,
    session: &Rc<Session>,
    handle: &Rc<RefCell<Weak<Batch<Page>>>>,
) -> Batch<Page> {
    let batch = batch_plan(world);
    let recover = Recover { grace_ms: batch.grace_ms, ..Recover::default() };
    let options = BatchOptions {
        concurrency: Some(plan.concurrency),
        max_executions: batch.max_executions,
        retry_failed: batch.retry_failed,
        ordered: plan.is_ordered,
        call: CallOptions { recover: Some(recover), ..CallOptions::default() },
        on_progress: Some(on_progress(world, session, handle)),
        ..BatchOptions::new("batch", &world.plan.skills[batch.skill])
    };
    let rows = Rows {
        world: Rc::clone(world),
        session: Rc::clone(session),
        engine: Rc::clone(engine),
        next: Cell::default(),
    };
    let store = Shelf { world: Rc::clone(world), tab: Rc::clone(tab) };
    Batch::new(engine, rows, store, options).expect("valid options")
}

/// Continues the batch some time after it has paused.
fn on_progress(
    world: &Rc<World>,
    session: &Rc<Session>,
    handle: &Rc<RefCell<Weak<Batch<Page>>>>,
) -> Listener<Progress> {
    let (world, session, handle) = (Rc::downgrade(world), Rc::clone(session), Rc::clone(handle));
    let last: Cell<Option<PauseReason>> = Cell::default();
    Listener::new(move |progress: &Progress| {
        let Some(world) = world.upgrade() else { return };
        world.note(Some(session.tab), "progress", u64::from(progress.executions), || format!("{progress:?}"));
        oracle::check_progress(&world, &session, progress);
        session.is_budget_spent.set(progress.pause == Some(PauseReason::Budget));
        let Some(reason) = progress.pause else { return last.set(None) };
        if reason == PauseReason::Budget
            || last.replace(Some(reason)) == Some(reason)
            || session.proceeded.get() >= PROCEEDS
        {
            return;
        }
        session.proceeded.set(session.proceeded.get() + 1);
        let handle = Rc::clone(&handle);
        let time = world.now() + world.random_duration(200.0, 60_000.0);
        world.at(time, move |_| {
            if let Some(batch) = handle.borrow().upgrade() {
                batch.proceed();
            }
        });
    })
}

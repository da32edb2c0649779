//! The script of a page: executes skills and resumes the runs of earlier pages.

use std::rc::Rc;

use browser_use_skills_core::api::operation::Operation;
use browser_use_skills_core::engine::{
    CallOptions, Engine, EngineOptions, Error, Event, Limits, Listener, Prepared, Recover, Resumed,
};
use browser_use_skills_core::policy::url::BaseUrl;

use crate::callback::Callback;
use crate::executor::Time;
use crate::faults::Fault;
use crate::outcome::Outcome;
use crate::plan::{Moment, ResumePlan, Style};
use crate::platform::Page;
use crate::signal::Signal;
use crate::tab::Tab;
use crate::value::Value;
use crate::world::{Script, World};
use crate::{batch_script, lifecycle, oracle};

/// The same base URL, in a different spelling for each client of a tab.
const BASE_URLS: [&str; 2] = ["https://api.example/v2", "https://API.example/v2/"];

/// How long the last page waits before it resumes again.
const PAUSE: Time = 60_000_000;
/// How often it resumes at most.
const ROUNDS: u32 = 3;

/// The script of all pages.
pub struct PageScript;

impl Script for PageScript {
    fn open(&self, world: &Rc<World>, tab: &Rc<Tab>) {
        let plan = &world.plan.tabs[tab.index];
        let engines: Vec<_> = (0..plan.clients).map(|client| engine(world, tab, client)).collect();
        for (index, run) in world.plan.runs.iter().enumerate() {
            if run.tab == tab.index && world.row(index).is_none() {
                let (world, engine) = (Rc::clone(world), Rc::clone(&engines[run.client]));
                let owner = Some(tab.index);
                Rc::clone(&world).executor.spawn(owner, execute(world, engine, index, tab.index));
            }
        }
        batch_script::open(world, tab, &engines[0]);
        for (index, resume) in world.plan.resumes.iter().enumerate() {
            if resume.tab == tab.index {
                let (world, engine, tab) = (Rc::clone(world), Rc::clone(&engines[0]), Rc::clone(tab));
                let owner = Some(tab.index);
                Rc::clone(&world).executor.spawn(owner, resume_later(world, engine, tab, index));
            }
        }
    }

    fn resume_after_kill(&self, world: &Rc<World>, tab: &Rc<Tab>) {
        let engine = engine(world, tab, 0);
        let style = *world.rng.pick(&[Style::Acknowledge, Style::Deliver, Style::Ignore]);
        let start = world.random_duration(0.0, 300.0);
        let plan = ResumePlan { tab: tab.index, start, grace_ms: 20_000.0, style, abort_after: None };
        let (world, tab) = (Rc::clone(world), Rc::clone(tab));
        Rc::clone(&world).executor.spawn(Some(tab.index), async move {
            world.sleep(plan.start).await;
            resume(&world, &engine, &tab, &plan, Signal::default()).await;
        });
    }

    fn open_last(&self, world: &Rc<World>, tab: &Rc<Tab>) {
        let owner = Some(tab.index);
        let (world, tab) = (Rc::clone(world), Rc::clone(tab));
        Rc::clone(&world).executor.spawn(owner, async move {
            let engine = engine(&world, &tab, 0);
            if world.plan.batch.is_some() {
                return batch_script::finish(world, engine, tab).await;
            }
            let plan = ResumePlan {
                tab: tab.index,
                start: 0,
                grace_ms: 20_000.0,
                style: Style::Acknowledge,
                abort_after: None,
            };
            for _ in 0..ROUNDS {
                resume(&world, &engine, &tab, &plan, Signal::default()).await;
                if world.storage.entries().iter().all(|entry| entry.text_field("tag").is_none()) {
                    break;
                }
                while world.executor.alive(owner) > 1 {
                    world.sleep(1_000_000).await;
                }
                world.sleep(PAUSE).await;
            }
        });
    }
}

fn engine(world: &Rc<World>, tab: &Rc<Tab>, client: usize) -> Rc<Engine<Page>> {
    let plan = world.plan.tabs.get(tab.index);
    let options = EngineOptions {
        base_url: BaseUrl::parse(BASE_URLS[client]).unwrap_or_default(),
        limits: Limits::default(),
        max_concurrent: plan.map_or(f64::INFINITY, |plan| plan.max_concurrent),
        shared_account: world.plan.shared_account,
        idempotency: world.plan.idempotency,
        on_event: Some(on_event(world, tab.index)),
        ..EngineOptions::default()
    };
    Rc::new(Engine::new(Page::new(world, tab), options))
}

/// Adds the events of calls to the history.
fn on_event(world: &Rc<World>, tab: usize) -> Listener<Event> {
    let world = Rc::clone(world);
    Listener::new(move |event: &Event| {
        world.note(Some(tab), "event", u64::from(event.call_id), || format!("{event:?}"));
    })
}

/// Executes a skill.
async fn execute(world: Rc<World>, engine: Rc<Engine<Page>>, index: usize, tab: usize) {
    let plan = &world.plan.runs[index];
    let run = &world.runs[index];
    world.sleep(plan.start).await;
    let spec = Operation::SkillsExecute.spec();
    let id = spelled(&world.plan.skills[plan.skill % world.plan.skills.len()], plan.spelling);
    let body = Value::Text(Rc::clone(&run.token));
    let prepared = Prepared::new(spec, engine.base_url(), vec![id], body);
    let recover = plan.recover.map(|recover| Recover {
        grace_ms: recover.grace_ms,
        tag: Some(run.token.to_string()),
        deliver: recover.has_deliver.then_some(Callback::Deliver(Some(index))),
        accept: recover.has_accept.then_some(Callback::Accept(index)),
        batch: None,
    });
    let options = CallOptions {
        signal: Some(run.signal.clone()),
        limits: Limits {
            timeout_ms: plan.timeout_ms,
            total_timeout_ms: plan.total_timeout_ms,
            max_retries: plan.max_retries,
            max_retry_after_ms: None,
        },
        recover,
        ..CallOptions::default()
    };
    run.began.set(Some(world.now()));
    oracle::check_begin(&world, index, engine.pending().waiting > 0);
    if let Some(Moment::At(after)) = plan.abort {
        world.at(world.now() + after, move |world| lifecycle::abort(world, index));
    }
    let result = engine.call(Operation::SkillsExecute, &prepared, &options).await;
    run.has_ended.set(true);
    let outcome = oracle::outcome(&world, result.as_ref().map(|completed| &completed.data));
    world.note(Some(tab), "ends", index as u64, || format!("run {index}: {outcome:?} {}", message(&result)));
    oracle::check_call(&world, index, tab, outcome);
}

fn spelled(id: &str, spelling: usize) -> String {
    match spelling {
        1 => id.to_ascii_uppercase(),
        2 => id.replace('a', "A"),
        3 => id.replace('-', ""),
        _ => id.to_owned(),
    }
}

fn message<T>(result: &Result<T, Error<Value>>) -> String {
    result.as_ref().err().map(ToString::to_string).unwrap_or_default()
}

/// Resumes the runs of earlier pages at the planned time.
async fn resume_later(world: Rc<World>, engine: Rc<Engine<Page>>, tab: Rc<Tab>, index: usize) {
    let plan = &world.plan.resumes[index];
    world.sleep(plan.start).await;
    let signal = Signal::default();
    if let Some(after) = plan.abort_after {
        let signal = signal.clone();
        world.at(world.now() + after, move |_| signal.abort());
    }
    resume(&world, &engine, &tab, plan, signal).await;
}

/// Resumes the runs in the journal.
async fn resume(
    world: &Rc<World>,
    engine: &Rc<Engine<Page>>,
    tab: &Rc<Tab>,
    plan: &ResumePlan,
    signal: Signal,
) {
    let deliver = (plan.style == Style::Deliver).then_some(Callback::Deliver(None));
    let accept = recognised(world).map(Callback::Accept);
    let recover = Recover { grace_ms: plan.grace_ms, deliver, accept, ..Recover::default() };
    let options = CallOptions { signal: Some(signal), recover: Some(recover), ..CallOptions::default() };
    let began = world.now();
    oracle::forget_holder(world, tab.index);
    world.note(Some(tab.index), "resumes", 0, || format!("{:?}", plan.style));
    let resumed = match engine.resume(&options).await {
        Ok(resumed) => resumed,
        Err(error) => {
            world.note(Some(tab.index), "no resume", 0, || error.to_string());
            return;
        }
    };
    let runs: Vec<_> = resumed.iter().map(|resumed| world.run_of(&resumed.tag()?)).collect();
    oracle::check_resume(world, tab.index, began, &runs);
    oracle::check_resumed_beside(world, &resumed);
    for resumed in resumed {
        let style = plan.style;
        let (world, tab, engine) = (Rc::clone(world), Rc::clone(tab), Rc::clone(engine));
        let owner = Some(tab.index);
        Rc::clone(&world).executor.spawn(owner, settle(world, engine, tab, resumed, style));
    }
}

/// The run whose result the caller recognises in a shared account: the only one with `recover`, if there is only one.
fn recognised(world: &World) -> Option<usize> {
    let mut protected = (0..world.runs.len()).filter(|run| world.plan.runs[*run].recover.is_some());
    protected.next().filter(|_| world.plan.shared_account && protected.next().is_none())
}

/// Waits for a resumed run, and acknowledges or discards it.
async fn settle(
    world: Rc<World>,
    engine: Rc<Engine<Page>>,
    tab: Rc<Tab>,
    resumed: Resumed<Page>,
    style: Style,
) {
    let Some(index) = resumed.tag().and_then(|tag| world.run_of(&tag)) else { return };
    let run = &world.runs[index];
    let result = resumed.result().await;
    let outcome = oracle::outcome(&world, result.as_ref().map(|completed| &completed.data));
    world.note(Some(tab.index), "resumed", index as u64, || {
        format!("run {index}: {outcome:?} {}", message(&result))
    });
    oracle::check_resumed(&world, index, tab.index, outcome.clone());
    match (&outcome, style) {
        (Outcome::Result { .. }, Style::Acknowledge) => {
            world.fire(Fault::ResumeAcknowledged);
            run.is_acknowledged.set(true);
            let _ = resumed.acknowledge().await;
            run.holder.set(None);
        }
        (Outcome::Result { .. }, Style::Deliver) => world.fire(Fault::ResumeDelivered),
        (Outcome::Result { .. }, Style::Ignore) => world.fire(Fault::ResumeIgnored),
        (Outcome::Ambiguous { .. }, Style::Acknowledge) if world.rng.chance(0.5) => {
            world.fire(Fault::Discarded);
            run.is_discarded.set(true);
            let _ = engine.discard(&resumed.id()).await;
            run.holder.set(None);
        }
        _ => {}
    }
}

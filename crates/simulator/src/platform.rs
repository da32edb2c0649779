//! The engine's platform, implemented by a world.

use std::future::poll_fn;
use std::pin::pin;
use std::rc::Rc;
use std::task::Poll;

use browser_use_skills_core::api::node::Node;
use browser_use_skills_core::api::operation_spec::OperationSpec;
use browser_use_skills_core::api::problem::ErrorCode;
use browser_use_skills_core::engine::{
    Failure, Interrupted, KeyError, KeyReason, Platform, Request, Response, SendError, SharedState,
};

use crate::callback::Callback;
use crate::executor::millis;
use crate::faults::Fault;
use crate::journal::Access;
use crate::locks::Guard;
use crate::plan::{BEGIN, EPOCH_MS};
use crate::signal::Signal;
use crate::tab::Tab;
use crate::value::Value;
use crate::world::World;
use crate::{callback, journal, lifecycle, network};

/// The platform of one client of a tab.
pub struct Page {
    pub world: Rc<World>,
    pub tab: Rc<Tab>,
    local: Rc<SharedState<Guard>>,
}

impl Page {
    pub fn new(world: &Rc<World>, tab: &Rc<Tab>) -> Self {
        let local = tab.local.borrow().clone().unwrap_or_default();
        Self { world: Rc::clone(world), tab: Rc::clone(tab), local }
    }

    /// Waits for a future until the signal is aborted or the timeout expires.
    async fn within<Output>(
        &self,
        signal: Option<&Signal>,
        milliseconds: f64,
        work: impl Future<Output = Output>,
    ) -> Result<Output, Interrupted<Value>> {
        let mut work = pin!(work);
        let mut limit = pin!(self.world.timer(&self.tab, milliseconds));
        poll_fn(|context| {
            if let Poll::Ready(output) = work.as_mut().poll(context) {
                return Poll::Ready(Ok(output));
            }
            if let Some(Poll::Ready(reason)) = signal.map(|signal| signal.0.poll(context)) {
                return Poll::Ready(Err(Interrupted::Aborted(reason)));
            }
            limit.as_mut().poll(context).map(|()| Err(Interrupted::TimedOut))
        })
        .await
    }
}

impl Platform for Page {
    type Value = Value;
    type Signal = Signal;
    type Lock = Guard;
    type Callback = Callback;

    fn now_ms(&self) -> f64 {
        if self.tab.clock_ms >= 1.0 {
            self.world.fire(Fault::CoarseClock);
        }
        self.tab.now_ms(self.world.now())
    }

    fn epoch_ms(&self) -> f64 {
        EPOCH_MS + millis(self.world.now()) + self.world.clock_error_ms.get()
    }

    fn random(&self) -> f64 {
        self.world.rng.unit()
    }

    fn unique_id(&self) -> String {
        self.world.rng.uuid()
    }

    fn shared_state(&self) -> Rc<SharedState<Guard>> {
        Rc::clone(&self.local)
    }

    async fn pause(&self, signal: Option<&Signal>, milliseconds: f64) -> Interrupted<Value> {
        lifecycle::step(&self.world, &self.tab);
        match self.within(signal, milliseconds, std::future::pending::<()>()).await {
            Err(interrupted) => interrupted,
            Ok(()) => Interrupted::TimedOut,
        }
    }

    fn key_may_change(&self) -> bool {
        self.world.plan.key.may_change
    }

    async fn key(
        &self,
        spec: &'static OperationSpec,
        reason: KeyReason,
        signal: Option<&Signal>,
        milliseconds: f64,
    ) -> Result<Value, KeyError<Value>> {
        lifecycle::step(&self.world, &self.tab);
        let plan = &self.world.plan.key;
        if !spec.needs_key {
            return Ok(Value::Undefined);
        }
        if self.world.happens(plan.slow) {
            self.world.fire(Fault::KeySlow);
            let sleep = self.world.sleep(self.world.random_duration(1.0, 20_000.0));
            self.within(signal, milliseconds, sleep).await.map_err(KeyError::Interrupted)?;
        }
        if self.world.happens(plan.fails) {
            self.world.fire(Fault::KeyFails);
            return Err(KeyError::Unavailable(Failure::new(ErrorCode::Authentication, "No API key")));
        }
        let is_new = reason == KeyReason::Rejected && plan.may_change;
        Ok(Value::text_of(if is_new { "key-2" } else { "key-1" }))
    }

    fn is_offline(&self, _: &'static OperationSpec) -> bool {
        let offline = self.world.plan.tabs.get(self.tab.index).and_then(|plan| plan.offline);
        let now = self.world.now() - BEGIN;
        let is_offline =
            offline.is_some_and(|(from, to)| (from..to).contains(&now)) && !self.world.is_fault_free.get();
        if is_offline {
            self.world.fire(Fault::Offline);
        }
        is_offline
    }

    async fn send(
        &self,
        request: &Request<'_, Value>,
        signal: Option<&Signal>,
        milliseconds: f64,
    ) -> Result<Response<Value>, SendError<Value>> {
        lifecycle::step(&self.world, &self.tab);
        let result = network::exchange(&self.world, &self.tab, request, signal, milliseconds).await;
        lifecycle::step(&self.world, &self.tab);
        result
    }

    fn header(&self, response: &Response<Value>, name: &str) -> Option<String> {
        response.headers.field(name)?.as_string()
    }

    fn redacted(&self, response: Response<Value>, _: &Value) -> Response<Value> {
        response
    }

    fn date_ms(&self, headers: &Value) -> Option<f64> {
        headers.field("date")?.as_f64()
    }

    fn parse(&self, text: &Value) -> Result<Value, Value> {
        match text {
            Value::Broken | Value::Undefined => Err(Value::text_of("not JSON")),
            value => Ok(value.clone()),
        }
    }

    fn date_time_ms(&self, text: &Value) -> f64 {
        text.as_str().and_then(|text| text.parse().ok()).unwrap_or(f64::NAN)
    }

    async fn invoke(&self, callback: &Callback, argument: &Value) -> Result<Value, Value> {
        lifecycle::step(&self.world, &self.tab);
        let result = callback::invoke(&self.world, &self.tab, callback, argument).await;
        lifecycle::step(&self.world, &self.tab);
        result
    }

    async fn lock(
        &self,
        name: &str,
        signal: Option<&Signal>,
        milliseconds: f64,
    ) -> Result<Guard, Interrupted<Value>> {
        lifecycle::step(&self.world, &self.tab);
        let scope = if self.world.plan.shared_locks { usize::MAX } else { self.tab.index };
        let guard = Guard::queue(&self.world.locks, scope, name, self.world.rng.next());
        let began = self.world.now();
        self.within(signal, milliseconds, guard.held()).await?;
        self.world.note(Some(self.tab.index), "locks", 0, || {
            format!("{name} after {} ms", millis(self.world.now() - began))
        });
        Ok(guard)
    }

    fn has_journal(&self) -> bool {
        self.world.plan.journal.exists
    }

    async fn journal_write(
        &self,
        id: &str,
        entry: Option<&Value>,
        signal: Option<&Signal>,
        milliseconds: f64,
    ) -> Result<(), Interrupted<Value>> {
        lifecycle::step(&self.world, &self.tab);
        let write = journal::write(&self.world, self.tab.index, id, entry);
        let access = self.within(signal, milliseconds, write).await;
        lifecycle::step(&self.world, &self.tab);
        match access? {
            Access::Done => Ok(()),
            Access::Failed => Err(Interrupted::Failed(Value::text_of("the journal failed"))),
        }
    }

    async fn journal_entries(
        &self,
        signal: Option<&Signal>,
        milliseconds: f64,
    ) -> Result<Vec<Value>, Interrupted<Value>> {
        lifecycle::step(&self.world, &self.tab);
        let entries = self.within(signal, milliseconds, journal::read(&self.world)).await?;
        entries.ok_or_else(|| Interrupted::Failed(Value::text_of("the journal failed")))
    }
}

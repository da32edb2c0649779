//! The state of a batch, and how its tasks wait for changes of it. Never borrowed across an await.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Poll, Waker};

use super::options::BatchOptions;
use super::output::{Output, RowResult};
use super::page::Page;
use super::progress::{PauseReason, Progress};
use super::record::{Record, RowStatus};
use super::row::Row;
use super::writes::Writes;
use crate::engine::{Either, Engine, Error, Platform, select};

/// Number of failures in a row after which the batch pauses.
pub(super) const FAILURES: u32 = 8;
/// Delays after failures, in milliseconds.
const SHORTEST_DELAY_MS: f64 = 500.0;
const LONGEST_DELAY_MS: f64 = 60_000.0;
/// Maximum duration of an access to the store, in milliseconds.
const STORE_MS: f64 = 10_000.0;

/// A future of the batch.
pub(super) type Task = Pin<Box<dyn Future<Output = ()>>>;

/// What the handle of a batch and its tasks share.
pub(super) struct Control<V> {
    pub output: RefCell<Output<V>>,
    /// Why the batch ended early. Returned once, after the results.
    pub error: RefCell<Option<Error<V>>>,
    /// Whether no task continues.
    pub is_ending: Cell<bool>,
    /// Whether the lock is released.
    pub is_over: Cell<bool>,
    pub pause: Cell<Option<PauseReason>>,
    pub max_executions: Cell<Option<u32>>,
    pub progress: Cell<Progress>,
    /// Whether a task that was polled before must be polled again.
    is_changed: Cell<bool>,
    /// Wakes the driver and the callers that wait for a result.
    wakers: RefCell<Vec<Waker>>,
}

impl<V> Control<V> {
    pub fn new(is_ordered: bool, max_executions: Option<u32>) -> Self {
        Self {
            output: RefCell::new(Output::new(is_ordered)),
            error: RefCell::default(),
            is_ending: Cell::default(),
            is_over: Cell::default(),
            pause: Cell::default(),
            max_executions: Cell::new(max_executions),
            progress: Cell::default(),
            is_changed: Cell::default(),
            wakers: RefCell::default(),
        }
    }

    /// Polls the tasks again, because a change may concern them.
    pub fn touch(&self) {
        self.is_changed.set(true);
        let wakers = std::mem::take(&mut *self.wakers.borrow_mut());
        wakers.into_iter().for_each(Waker::wake);
    }

    /// Whether the state has changed since the last call.
    pub fn take_change(&self) -> bool {
        self.is_changed.take()
    }

    pub fn wake_on_change(&self, waker: &Waker) {
        let mut wakers = self.wakers.borrow_mut();
        if !wakers.iter().any(|known| known.will_wake(waker)) {
            wakers.push(waker.clone());
        }
    }

    pub fn end(&self) {
        self.is_ending.set(true);
        self.touch();
    }
}

/// State of a batch.
pub(super) struct State<P: Platform, S, T> {
    pub engine: Rc<Engine<P>>,
    pub source: S,
    pub store: T,
    pub options: BatchOptions<P>,
    pub concurrency: u32,
    pub control: Rc<Control<P::Value>>,
    /// The lock of the batch, while this tab works on it.
    pub lock: RefCell<Option<P::Lock>>,
    pub is_owner: Cell<bool>,
    pub is_following: Cell<bool>,
    /// Executions that were started, at most.
    pub executions: Cell<u32>,
    /// Rows that were read and neither run nor are finished, in their order.
    pub rows: RefCell<VecDeque<Row<P::Value>>>,
    pub is_source_done: Cell<bool>,
    /// Rows that an earlier page has started. Their runs are resumed.
    pub settling: RefCell<Vec<i64>>,
    pub running: Cell<u32>,
    /// Results that `deliver` has stored.
    pub stored: RefCell<Vec<(i64, Record<P::Value>)>>,
    /// The last records that were read.
    pub page: RefCell<Page<P::Value>>,
    /// Counts the changes after which records that were being read may be old.
    pub generation: Cell<u32>,
    pub writes: Writes<P::Value>,
    /// Whether a delay after failures has not passed.
    pub is_delayed: Cell<bool>,
    pub failures: Cell<u32>,
    pub new_tasks: RefCell<Vec<Task>>,
}

impl<P: Platform, S, T> State<P, S, T> {
    pub fn touch(&self) {
        self.control.touch();
    }

    pub fn spawn(&self, task: impl Future<Output = ()> + 'static) {
        self.new_tasks.borrow_mut().push(Box::pin(task));
        self.touch();
    }

    /// Waits for a condition. The driver polls all tasks after every change.
    pub async fn until(&self, is_met: impl Fn() -> bool) {
        poll_fn(|_| if is_met() { Poll::Ready(()) } else { Poll::Pending }).await;
    }

    pub async fn sleep(&self, milliseconds: f64) {
        let _ = self.engine.platform.pause(None, milliseconds).await;
    }

    /// The delay after some failures in a row.
    pub fn delay_ms(&self, failures: u32) -> f64 {
        let factor = f64::from(1_u32.checked_shl(failures.saturating_sub(1)).unwrap_or(u32::MAX));
        let spread = 0.75 + self.engine.platform.random() * 0.5;
        (SHORTEST_DELAY_MS * factor).min(LONGEST_DELAY_MS) * spread
    }

    /// Waits for an access to the store, which may hang. `None` if it fails.
    pub async fn access<Output>(
        &self,
        access: impl Future<Output = Result<Output, P::Value>>,
    ) -> Option<Output> {
        let limit = pin!(self.engine.platform.pause(None, STORE_MS));
        match select(access, limit).await {
            Either::First(result) => result.ok(),
            Either::Second(_) => None,
        }
    }

    /// Ends the batch with an error.
    pub fn fail(&self, error: Error<P::Value>) {
        self.control.error.borrow_mut().get_or_insert(error);
        self.control.end();
    }

    /// Starts no rows until the caller continues.
    pub fn pause(&self, reason: PauseReason) {
        if self.control.pause.get().is_none() {
            self.control.pause.set(Some(reason));
            self.touch();
        }
    }

    /// Removes a pause whose reason is gone.
    pub fn unpause(&self, reason: PauseReason) {
        if self.control.pause.get() == Some(reason) {
            self.control.pause.set(None);
            self.touch();
        }
    }

    /// Waits after failure number `failures`, and pauses after several. Then waits until the caller continues.
    pub async fn back_off(&self, failures: u32, reason: PauseReason) {
        let may_pass = matches!(reason, PauseReason::Network | PauseReason::Journal);
        if !may_pass || failures.checked_rem(FAILURES) == Some(0) {
            self.pause(reason);
        }
        self.sleep(self.delay_ms(failures)).await;
        self.until(|| self.control.pause.get().is_none_or(|pause| pause != reason)).await;
    }

    /// Returns the result of a row to the caller.
    pub fn emit(&self, index: i64, status: RowStatus, record: Record<P::Value>) {
        let mut progress = self.control.progress.get();
        let count = match status {
            RowStatus::Done => &mut progress.done,
            RowStatus::Failed => &mut progress.failed,
            RowStatus::Unknown => &mut progress.unknown,
            RowStatus::Rejected => &mut progress.rejected,
        };
        *count = count.saturating_add(1);
        self.control.progress.set(progress);
        self.control.output.borrow_mut().add(RowResult::new(index, status, record));
        self.touch();
    }

    /// Adds a row to those that are not finished, in its place.
    pub fn add_row(&self, row: Row<P::Value>) {
        let mut rows = self.rows.borrow_mut();
        let place = rows.iter().position(|other| other.index > row.index).unwrap_or(rows.len());
        rows.insert(place, row);
        drop(rows);
        self.touch();
    }

    /// Removes a row from those that are not finished.
    pub fn take_row(&self, index: i64) -> Option<Row<P::Value>> {
        let mut rows = self.rows.borrow_mut();
        let place = rows.iter().position(|row| row.index == index)?;
        rows.remove(place)
    }

    /// Makes the scan read again what it is reading.
    pub fn outdate_page(&self) {
        self.generation.set(self.generation.get().wrapping_add(1));
        *self.page.borrow_mut() = Page::default();
    }

    /// Whether another execution would exceed the budget.
    pub fn is_budget_spent(&self) -> bool {
        self.control.max_executions.get().is_some_and(|max| self.executions.get() >= max)
    }

    /// Updates the progress.
    pub fn update_progress(&self) {
        let rows = self.rows.borrow();
        let settling = self.settling.borrow();
        let is_waiting = |row: &Row<P::Value>| !row.is_reserved() && !settling.contains(&row.index);
        let is_stopped = self.is_owner.get() && self.is_budget_spent() && rows.iter().any(is_waiting);
        let is_following = self.is_following.get();
        let own = self.control.pause.get();
        self.control.progress.set(Progress {
            running: self.running.get(),
            queued: u32::try_from(rows.len()).unwrap_or(u32::MAX),
            executions: self.executions.get(),
            is_following,
            pause: own.or(is_stopped.then_some(PauseReason::Budget)),
            ..self.control.progress.get()
        });
    }
}

/// Counts a run.
pub(super) struct Slot<P: Platform, S, T>(Rc<State<P, S, T>>);

impl<P: Platform, S, T> Slot<P, S, T> {
    pub fn new(state: &Rc<State<P, S, T>>) -> Self {
        state.running.set(state.running.get().saturating_add(1));
        Self(Rc::clone(state))
    }
}

impl<P: Platform, S, T> Drop for Slot<P, S, T> {
    fn drop(&mut self) {
        self.0.running.set(self.0.running.get().saturating_sub(1));
        self.0.touch();
    }
}

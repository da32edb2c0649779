//! A batch, and the driver of its tasks.

use std::cell::RefCell;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use super::options::{BatchOptions, CONCURRENCY};
use super::output::RowResult;
use super::progress::{PauseReason, Progress};
use super::source::RowSource;
use super::state::{Control, State, Task};
use super::store::BatchStore;
use crate::api::issue::Issue;
use crate::engine::{Engine, Error, Failure, Interrupted, Platform};

/// Delay between two reports of the progress, in milliseconds.
const REPORT_MS: f64 = 100.0;

/// The result of a row, or the error that ends the batch.
type Next<V> = Option<Result<RowResult<V>, Error<V>>>;

/// Runs a skill for many rows.
///
/// The batch works while [`Batch::next`], [`Batch::cancel`] or the future of [`Batch::run`] is polled. Dropping it stops it:
/// the rows that are running stay in the journal for the next batch with this id.
pub struct Batch<P: Platform> {
    control: Rc<Control<P::Value>>,
    /// Absent while [`Batch::run`] polls it.
    driver: RefCell<Option<Task>>,
}

impl<P: Platform> std::fmt::Debug for Batch<P> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Batch").field("progress", &self.progress()).finish_non_exhaustive()
    }
}

impl<P: Platform> Batch<P> {
    /// Creates a batch. Reads and sends nothing.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidRequest`](crate::api::problem::ErrorCode::InvalidRequest) if an option is invalid.
    pub fn new<S: RowSource<P::Value>, T: BatchStore<P::Value>>(
        engine: &Rc<Engine<P>>,
        source: S,
        store: T,
        options: BatchOptions<P>,
    ) -> Result<Self, Error<P::Value>> {
        let issues = issues(engine, &store, &options);
        if !issues.is_empty() {
            return Err(Failure::invalid(issues).into());
        }
        let control = Rc::new(Control::new(options.ordered, options.max_executions));
        let concurrency = options.concurrency.unwrap_or_else(|| default_concurrency(engine));
        let state = Rc::new(State {
            engine: Rc::clone(engine),
            source,
            store,
            options,
            concurrency,
            control: Rc::clone(&control),
            lock: RefCell::default(),
            is_owner: Default::default(),
            is_following: Default::default(),
            executions: Default::default(),
            rows: RefCell::default(),
            is_source_done: Default::default(),
            settling: RefCell::default(),
            running: Default::default(),
            stored: RefCell::default(),
            page: RefCell::default(),
            generation: Default::default(),
            writes: Default::default(),
            is_delayed: Default::default(),
            failures: Default::default(),
            new_tasks: RefCell::default(),
        });
        let driver: Task = Box::pin(Driver::new(state));
        Ok(Self { control, driver: RefCell::new(Some(driver)) })
    }

    /// Returns a future that runs the batch also while no result is requested; it ends with the batch. Optional: without
    /// it, [`Batch::next`] runs the batch.
    pub fn run(&self) -> impl Future<Output = ()> + 'static {
        let driver = self.driver.borrow_mut().take();
        async move {
            if let Some(driver) = driver {
                driver.await;
            }
        }
    }

    /// Returns the result of a row that has finished: each row once. `None` after the last one. An error ends the batch;
    /// running rows stay in the journal. Waits while the batch is paused.
    ///
    /// # Errors
    /// - [`ErrorCode::InvalidRequest`](crate::api::problem::ErrorCode::InvalidRequest) if the parameters of a row that was
    ///   started have changed, or if the id names a batch of another skill.
    /// - That of the source, if it fails.
    /// - [`Error::Aborted`] if the signal is aborted.
    pub async fn next(&self) -> Next<P::Value> {
        poll_fn(|context| self.poll_next(context)).await
    }

    /// Like [`Batch::next`], for streams.
    pub fn poll_next(&self, context: &mut Context<'_>) -> Poll<Next<P::Value>> {
        self.poll_driver(context);
        let result = self.control.output.borrow_mut().take();
        if let Some(result) = result {
            // There is room for another.
            self.control.touch();
            return Poll::Ready(Some(Ok(result)));
        }
        if self.control.is_over.get() {
            return Poll::Ready(self.control.error.borrow_mut().take().map(Err));
        }
        self.control.wake_on_change(context.waker());
        Poll::Pending
    }

    fn poll_driver(&self, context: &mut Context<'_>) {
        // Taken while it is polled, because a listener may call this batch.
        let driver = self.driver.borrow_mut().take();
        if let Some(mut driver) = driver
            && driver.as_mut().poll(context).is_pending()
        {
            *self.driver.borrow_mut() = Some(driver);
        }
    }

    /// Starts no more rows. Those that are running continue.
    pub fn pause(&self) {
        self.set_pause(Some(PauseReason::Caller));
    }

    /// Continues after a pause, whatever its reason. A budget that is spent has to be raised, too.
    pub fn proceed(&self) {
        self.set_pause(None);
    }

    fn set_pause(&self, pause: Option<PauseReason>) {
        self.control.pause.set(pause);
        self.control.progress.set(Progress { pause, ..self.control.progress.get() });
        self.control.touch();
    }

    /// Sets the maximum number of executions.
    pub fn set_max_executions(&self, max: Option<u32>) {
        self.control.max_executions.set(max);
        self.control.touch();
    }

    /// Stops the batch: starts no more rows, and stops waiting for those that are running. These stay in the journal, and the
    /// next batch with this id returns their results. Resolves once another batch with this id can start.
    pub async fn cancel(&self) {
        self.control.end();
        poll_fn(|context| {
            self.poll_driver(context);
            if self.control.is_over.get() {
                return Poll::Ready(());
            }
            self.control.wake_on_change(context.waker());
            Poll::Pending
        })
        .await;
    }

    /// The progress.
    pub fn progress(&self) -> Progress {
        self.control.progress.get()
    }
}

fn default_concurrency<P: Platform>(engine: &Engine<P>) -> u32 {
    let max = engine.max_concurrent();
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float cast saturates")]
    if max.is_finite() { (max as u32).max(1) } else { CONCURRENCY }
}

fn issues<P: Platform, T: BatchStore<P::Value>>(
    engine: &Engine<P>,
    store: &T,
    options: &BatchOptions<P>,
) -> Vec<Issue> {
    let mut issues = Vec::new();
    if options.id.is_empty() {
        issues.push(Issue::at("options", "id", "must not be empty"));
    }
    if options.concurrency == Some(0) {
        issues.push(Issue::at("options", "concurrency", "must be at least 1"));
    }
    if options.call.always_resend {
        let message = "cannot be \"always\", which may execute a row twice";
        issues.push(Issue::at("options", "retry", message));
    }
    if store.is_durable() && !engine.platform.has_journal() {
        let message = "needs a client with a journal that is as durable: otherwise, a row whose page was closed \
                       could be executed again";
        issues.push(Issue::at("options", "store", message));
    }
    issues
}

/// Polls the tasks of a batch, all of them after every change.
struct Driver<P: Platform, S: RowSource<P::Value>, T: BatchStore<P::Value>> {
    state: Rc<State<P, S, T>>,
    tasks: Vec<Task>,
    /// Apart from the tasks, because it ends its write when the batch ends.
    writer: Task,
}

impl<P: Platform, S: RowSource<P::Value>, T: BatchStore<P::Value>> Driver<P, S, T> {
    fn new(state: Rc<State<P, S, T>>) -> Self {
        let (writing, reporting, watching) = (Rc::clone(&state), Rc::clone(&state), Rc::clone(&state));
        let writer: Task = Box::pin(async move { writing.write_all().await });
        let tasks: Vec<Task> = vec![
            Box::pin(Rc::clone(&state).run()),
            Box::pin(Rc::clone(&state).scan()),
            Box::pin(async move { reporting.report().await }),
            Box::pin(async move { watching.watch_signal().await }),
        ];
        Self { state, tasks, writer }
    }

    /// Releases the lock after the last write.
    fn poll_end(&mut self, context: &mut Context<'_>) -> Poll<()> {
        self.stop();
        if self.state.writes.is_writing.get() {
            let _ = self.writer.as_mut().poll(context);
            if self.state.writes.is_writing.get() {
                return Poll::Pending;
            }
        }
        let _ = self.state.lock.borrow_mut().take();
        self.state.update_progress();
        self.state.report_now();
        self.state.control.is_over.set(true);
        self.state.touch();
        Poll::Ready(())
    }

    fn stop(&mut self) {
        self.tasks.clear();
        let new_tasks = std::mem::take(&mut *self.state.new_tasks.borrow_mut());
        drop(new_tasks);
    }
}

impl<P: Platform, S: RowSource<P::Value>, T: BatchStore<P::Value>> Future for Driver<P, S, T> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let driver = &mut *self;
        loop {
            driver.state.control.take_change();
            if !driver.state.control.is_ending.get() {
                driver.tasks.append(&mut driver.state.new_tasks.borrow_mut());
                driver.tasks.retain_mut(|task| task.as_mut().poll(context).is_pending());
                let _ = driver.writer.as_mut().poll(context);
                driver.state.update_progress();
            }
            if driver.state.control.is_ending.get() {
                return driver.poll_end(context);
            }
            if !driver.state.control.take_change() {
                driver.state.control.wake_on_change(context.waker());
                return Poll::Pending;
            }
        }
    }
}

impl<P: Platform, S: RowSource<P::Value>, T: BatchStore<P::Value>> Drop for Driver<P, S, T> {
    fn drop(&mut self) {
        // The tasks have references to the state.
        self.stop();
        let _ = self.state.lock.borrow_mut().take();
        self.state.control.is_over.set(true);
        self.state.touch();
    }
}

impl<P: Platform, S, T> State<P, S, T> {
    /// Reports the progress to the listener.
    async fn report(&self) {
        let Some(listener) = &self.options.on_progress else { return };
        let mut last = Progress::default();
        loop {
            self.until(|| self.control.progress.get() != last).await;
            last = self.control.progress.get();
            listener.call(&last);
            self.sleep(REPORT_MS).await;
        }
    }

    fn report_now(&self) {
        if let Some(listener) = &self.options.on_progress {
            listener.call(&self.control.progress.get());
        }
    }

    /// Ends the batch when the signal is aborted.
    async fn watch_signal(&self) {
        let Some(signal) = &self.options.call.signal else { return };
        let waited = self.engine.platform.pause(Some(signal), f64::INFINITY).await;
        if let Interrupted::Aborted(reason) = waited {
            self.fail(Error::Aborted(reason));
        }
    }
}

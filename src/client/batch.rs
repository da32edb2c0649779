//! The batch for Rust callers: a stream of results.

use std::fmt;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use browser_use_skills_core::batch::{self, BatchOptions, Progress, RowStatus};
use futures_core::Stream;
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;
use wasm_bindgen::JsValue;

use super::batch_rows::{Iter, Rows};
use super::batch_store::{BatchStore, Texts};
use super::browser::Browser;
use super::{Client, read};
use crate::api::execution::{ExecuteSkillRequest, ExecuteSkillResponse};
use crate::api::node::Node;
use crate::api::operation::Operation;
use crate::error::{Error, Json};

/// Options of a batch.
#[derive(Clone)]
#[must_use]
pub struct BatchConfig {
    id: String,
    concurrency: Option<u32>,
    max_executions: Option<u32>,
    retry_failed: u32,
    ordered: bool,
    store: Option<Rc<dyn BatchStore>>,
    on_progress: Option<ProgressListener>,
}

type ProgressListener = Rc<dyn Fn(&Progress)>;

impl fmt::Debug for BatchConfig {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("BatchConfig").field("id", &self.id).finish_non_exhaustive()
    }
}

impl BatchConfig {
    /// Options with defaults. A later batch with this id continues this one.
    pub fn new(id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            concurrency: None,
            max_executions: None,
            retry_failed: 0,
            ordered: false,
            store: None,
            on_progress: None,
        }
    }

    /// Maximum number of rows that run at once. Default: [`Config::max_concurrent`](super::Config::max_concurrent), or 10.
    pub const fn concurrency(mut self, rows: u32) -> Self {
        self.concurrency = Some(rows);
        self
    }

    /// Maximum number of executions of all batches with this id. The batch pauses when it is reached.
    pub const fn max_executions(mut self, executions: u32) -> Self {
        self.max_executions = Some(executions);
        self
    }

    /// Further executions of a row that the skill reports as failed. Each costs credits. Default: 0.
    pub const fn retry_failed(mut self, attempts: u32) -> Self {
        self.retry_failed = attempts;
        self
    }

    /// Returns results in the order of the rows. Default: as they finish.
    pub const fn ordered(mut self) -> Self {
        self.ordered = true;
        self
    }

    /// Stores finished rows, so that a later page continues the batch. The client needs a journal that is as durable.
    /// Default: in memory.
    pub fn store(mut self, store: impl BatchStore + 'static) -> Self {
        self.store = Some(Rc::new(store));
        self
    }

    /// Called with the progress, at most 10 times per second.
    pub fn on_progress(mut self, call: impl Fn(&Progress) + 'static) -> Self {
        self.on_progress = Some(Rc::new(call));
        self
    }
}

/// Runs a skill for many rows, each once: a [`Stream`] of [`RowResult`]s.
///
/// The batch works while the stream, or the future of [`Batch::run`], is polled. Dropping it stops it: rows that are running
/// stay in the journal, and the next batch with the same id returns their results. An error ends the stream; paused, it waits.
#[derive(Debug)]
pub struct Batch(batch::Batch<Browser>);

impl Client {
    /// Runs a skill for every item of an iterator. Sends nothing before it is polled. Options of [`Client::with`] apply to every
    /// run; its signal ends the batch.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidRequest`](crate::ErrorCode::InvalidRequest) if an option is invalid, or if there is a store and the
    /// client has no journal.
    pub fn batch<Parameters: Serialize + 'static>(
        &self,
        skill_id: Uuid,
        rows: impl IntoIterator<Item = ExecuteSkillRequest<Parameters>, IntoIter: 'static>,
        config: BatchConfig,
    ) -> Result<Batch, Error> {
        self.batch_of_stream(skill_id, Iter(rows.into_iter()), config)
    }

    /// Runs a skill for every item of a stream, for example the lines of a file. It is read as far as rows can start.
    ///
    /// # Errors
    /// As [`Client::batch`].
    pub fn batch_of_stream<Parameters: Serialize + 'static>(
        &self,
        skill_id: Uuid,
        rows: impl Stream<Item = ExecuteSkillRequest<Parameters>> + 'static,
        config: BatchConfig,
    ) -> Result<Batch, Error> {
        let rows = Rows::new(Rc::clone(&self.core), skill_id, rows);
        let on_progress = config.on_progress;
        let options = BatchOptions {
            concurrency: config.concurrency,
            max_executions: config.max_executions,
            retry_failed: config.retry_failed,
            ordered: config.ordered,
            call: (*self.options).clone(),
            on_progress: on_progress
                .map(|call| super::engine::Listener::new(move |progress: &Progress| call(progress))),
            ..BatchOptions::new(&config.id, &skill_id.to_string())
        };
        let created = match config.store {
            Some(store) => batch::Batch::new(&self.core, rows, Texts(store), options),
            None => batch::Batch::new(&self.core, rows, batch::MemoryStore::default(), options),
        };
        created.map(Batch).map_err(Error::new)
    }
}

impl Batch {
    /// A future that runs the batch also while the stream is not polled. Spawn it if handling a result takes long.
    pub fn run(&self) -> impl Future<Output = ()> + 'static {
        self.0.run()
    }

    /// Returns the next result; `None` after the last one.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidRequest`](crate::ErrorCode::InvalidRequest) if the parameters of a row that was started have changed,
    /// or the id is that of a batch of another skill. The error ends the batch.
    pub async fn next(&self) -> Option<Result<RowResult, Error>> {
        self.0.next().await.map(row_result)
    }

    /// Starts no more rows.
    pub fn pause(&self) {
        self.0.pause();
    }

    /// Continues after a pause, whatever its reason.
    pub fn proceed(&self) {
        self.0.proceed();
    }

    /// Sets the maximum number of executions, `None` for no limit.
    pub fn set_max_executions(&self, executions: Option<u32>) {
        self.0.set_max_executions(executions);
    }

    /// Starts no more rows and stops waiting for the running ones. The next batch with this id returns their results.
    pub async fn cancel(&self) {
        self.0.cancel().await;
    }

    /// The progress.
    #[must_use]
    pub fn progress(&self) -> Progress {
        self.0.progress()
    }
}

impl Stream for Batch {
    type Item = Result<RowResult, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_next(context).map(|result| result.map(row_result))
    }
}

fn row_result(result: Result<batch::RowResult<Json>, crate::error::EngineError>) -> Result<RowResult, Error> {
    result.map(RowResult).map_err(Error::new)
}

/// Result of a row.
pub struct RowResult(batch::RowResult<Json>);

impl fmt::Debug for RowResult {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = formatter.debug_struct("RowResult");
        debug.field("index", &self.index()).field("status", &self.status()).finish_non_exhaustive()
    }
}

impl RowResult {
    /// Index of the row, from 0.
    #[must_use]
    pub fn index(&self) -> usize {
        usize::try_from(self.0.index).unwrap_or_default()
    }

    /// The final state of the row.
    #[must_use]
    pub const fn status(&self) -> RowStatus {
        self.0.status
    }

    /// The response of the skill, for a row that is done or failed.
    ///
    /// # Errors
    /// [`ErrorCode::Response`](crate::ErrorCode::Response) if it does not fit the type, or the row has none.
    pub fn response<Output: DeserializeOwned>(&self) -> Result<ExecuteSkillResponse<Output>, Error> {
        read(Operation::SkillsExecute, self.0.output.clone())
    }

    /// Id of the execution, if it is known.
    #[must_use]
    pub fn execution_id(&self) -> Option<Uuid> {
        Uuid::parse_str(self.0.execution_id.as_deref()?).ok()
    }

    /// Number of executions, including one whose outcome is unknown.
    #[must_use]
    pub const fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// For an unknown row: ids of the executions that may be its own.
    #[must_use]
    pub fn candidates(&self) -> Vec<Uuid> {
        let ids = self.0.candidates.items().into_iter().filter_map(|item| item.get("id")?.as_string());
        ids.filter_map(|id| Uuid::parse_str(&id).ok()).collect()
    }

    /// For an unknown or rejected row: why, as an object with `code` and `message`.
    #[must_use]
    pub fn error(&self) -> JsValue {
        self.0.error.0.clone()
    }
}

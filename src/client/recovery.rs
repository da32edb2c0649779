//! Drives the search for an execution whose answer was lost: the machine of `call::recover` says what the list means.

use js_sys::{Array, Function, Math, Object};
use wasm_bindgen::{JsCast, JsValue};

use super::call::{Answered, Call, pause};
use super::request::Prepared;
use super::settings::{CallOptions, Limits};
use crate::api::node::Node;
use crate::api::operation::{DOWNLOAD, Operation};
use crate::api::problem::ErrorCode;
use crate::call::address;
use crate::call::recover::{Next, Recovery, Seen};
use crate::error::{Error, Failure, TimeLimit};
use crate::transport::clock;
use crate::transport::engine::{self, Stop};
use crate::transport::fetch::set;
use crate::transport::json::Json;

/// How long an execution may take to show up in the list, by default: 10 seconds.
pub(crate) const GRACE_MS: f64 = 10_000.0;
/// How many executions a look asks for: as many as a page may have.
const PAGE_SIZE: f64 = 100.0;
/// An address of an output that has run out is asked for anew, once.
const DOWNLOADS: u32 = 2;

/// What a call needs so that its answer cannot be lost.
#[derive(Clone, Debug)]
pub(crate) struct Recover {
    /// How long an execution may take to show up in the list, in milliseconds.
    pub grace_ms: f64,
    /// A promise of one's turn: of two calls at once, nobody could tell whose execution is whose.
    pub turn: JsValue,
    /// Told of the executions from before, and awaited, before the request is sent.
    pub note: Option<Function>,
    /// For a request that an earlier page or worker has sent: the executions from before. Then nothing is sent.
    pub known: Option<Vec<String>>,
}

impl Default for Recover {
    fn default() -> Self {
        Self { grace_ms: GRACE_MS, turn: JsValue::UNDEFINED, note: None, known: None }
    }
}

impl Call<'_> {
    /// Executes. Should the answer be lost, finds out what became of the execution.
    pub async fn execute(&self, recover: &Recover) -> Result<Answered, Error> {
        if let Some(known) = &recover.known {
            let lost = Failure::new(ErrorCode::Network, "What waited for the answer ended before it came");
            return self.recover(known.clone(), recover.grace_ms, lost).await;
        }
        let known = self.prepare_recovery(recover).await.map_err(|mut error| {
            if let Error::Failed(failure) = &mut error {
                // It is about looking, not about the execution: that was not sent.
                failure.maybe_executed = false;
            }
            error
        })?;
        match self.attempts().await {
            Err(Error::Failed(lost)) if lost.maybe_executed => {
                self.recover(known, recover.grace_ms, lost).await
            }
            result => result,
        }
    }

    async fn prepare_recovery(&self, recover: &Recover) -> Result<Vec<String>, Error> {
        let known: Vec<String> = self.newest().await?.iter().map(|item| text(item, "id")).collect();
        if let Some(note) = &recover.note {
            let list: Array = known.iter().map(|id| JsValue::from_str(id)).collect();
            let written = match note.call1(&JsValue::UNDEFINED, &list) {
                Ok(promise) => engine::wait(&promise, None, f64::INFINITY).await,
                Err(thrown) => Err(Stop::Failed(thrown)),
            };
            if let Err(Stop::Failed(cause)) = written {
                let message = "The journal could not be written; nothing was sent";
                let failure = Failure::new(ErrorCode::Journal, message);
                return Err(failure.with(|failure| failure.cause = cause).into());
            }
        }
        Ok(known)
    }

    /// Searches for the execution of a request whose answer was `lost`, waits until it ends and fetches its output.
    async fn recover(
        &self,
        known: Vec<String>,
        grace_ms: f64,
        lost: Box<Failure>,
    ) -> Result<Answered, Error> {
        let mut search = Recovery::new(known, clock::now_ms(), grace_ms);
        let mut next = Next::LookAfter(0.0);
        let mut items = Vec::new();
        loop {
            next = match next {
                Next::LookAfter(delay_ms) => {
                    let left_ms = self.times.left_ms();
                    if delay_ms > 0.0 || left_ms == 0.0 {
                        pause(self.options, delay_ms.min(left_ms)).await?;
                    }
                    if delay_ms >= left_ms {
                        return Err(undecided(self.times.ran_out(TimeLimit::Total), search.found()));
                    }
                    match self.newest().await {
                        Ok(newest) => {
                            items = newest;
                            let seen: Vec<Seen> = items.iter().map(seen).collect();
                            search.looked(&seen, clock::now_ms(), Math::random())
                        }
                        Err(Error::Failed(failure)) if is_final(&failure) => {
                            return Err(undecided(failure, search.found()));
                        }
                        Err(Error::Failed(_)) => search.looked_in_vain(clock::now_ms(), Math::random()),
                        Err(aborted) => return Err(aborted),
                    }
                }
                Next::Take(id) => {
                    let Some(item) = items.iter().find(|item| text(item, "id") == id) else {
                        return Err(undecided(lost, Some(&id)));
                    };
                    return self.collect(item, &lost).await.map_err(|error| match error {
                        Error::Failed(failure) => undecided(failure, Some(&id)),
                        aborted => aborted,
                    });
                }
                Next::NeverArrived => {
                    return Err(lost
                        .with(|failure| {
                            failure.maybe_executed = false;
                            failure.retryable = true;
                            failure
                                .message
                                .push_str("; no execution began: the request never arrived, and it is safe to send it again");
                        })
                        .into());
                }
                Next::Ambiguous(several) => {
                    let candidates = items.iter().filter(|item| several.contains(&text(item, "id")));
                    let candidates: Array = candidates.map(|item| item.0.clone()).collect();
                    let message = "The answer was lost, and any of several new executions may be its own: see candidates";
                    return Err(Failure::new(ErrorCode::AmbiguousExecution, message)
                        .with(|failure| {
                            failure.maybe_executed = true;
                            failure.candidates = candidates.into();
                            failure.attempts = lost.attempts;
                            failure.total_delay_ms = lost.total_delay_ms;
                            failure.cause = lost.cause.clone();
                        })
                        .into());
                }
                Next::GiveUp => return Err(undecided(lost, search.found())),
            }
        }
    }

    /// The answer that was lost, as far as the service still knows it.
    async fn collect(&self, item: &Json, lost: &Failure) -> Result<Answered, Error> {
        let data = Object::new();
        let id = item.get("id").unwrap_or(Json(JsValue::UNDEFINED)).0;
        for key in ["success", "latencyMs"] {
            set(&data, key, &item.get(key).map_or(JsValue::NULL, |value| value.0));
        }
        let mut headers = JsValue::UNDEFINED;
        if item.get("hasOutput").and_then(|value| value.truth()) == Some(true) {
            let output = self.output(&id).await?;
            set(&data, "result", &output.data);
            headers = output.headers;
        }
        set(&data, "executionId", &id);
        set(&data, "recovered", &JsValue::TRUE);
        let (attempts, delay_ms) = (lost.attempts, lost.total_delay_ms);
        Ok(Answered { data: data.into(), status: 200, headers, attempts, delay_ms })
    }

    /// The output of an execution. Its address is fetched without the key: it is no part of the API.
    async fn output(&self, id: &JsValue) -> Result<Answered, Error> {
        let ids: Vec<JsValue> = self.ids.iter().chain([id]).cloned().collect();
        let mut round = 0_u32;
        loop {
            round = round.saturating_add(1);
            let options = self.options_within();
            let answer = self
                .settings
                .call(Operation::SkillsExecutionOutput, &ids, &JsValue::UNDEFINED, &options)
                .await?;
            let address = text(&Json(answer.data), "downloadUrl");
            if !address::is_private(&address) {
                let message = "The address of the output is neither https nor on this machine";
                return Err(Failure::new(ErrorCode::Response, message).into());
            }
            let download = Prepared { row: DOWNLOAD, address, body: JsValue::UNDEFINED };
            let call = self.settings.begin(Operation::SkillsExecutionOutput, &ids, download, &options);
            match call.attempts().await {
                Err(Error::Failed(failure))
                    if round < DOWNLOADS && failure.status.is_some_and(|status| status < 500) => {}
                result => return result,
            }
        }
    }

    /// The newest executions. They come first, as far as anybody has seen; should they come last, the last page is it.
    async fn newest(&self) -> Result<Vec<Json>, Error> {
        let first = self.page(1.0).await?;
        let items = first.get("items").map(|items| items.items()).unwrap_or_default();
        let total = first.get("totalItems").and_then(|total| total.number()).unwrap_or_default();
        let began = |item: Option<&Json>| item.map(|item| text(item, "startedAt"));
        if total <= PAGE_SIZE || began(items.first()) >= began(items.last()) {
            return Ok(items);
        }
        let last = self.page((total / PAGE_SIZE).ceil()).await?;
        Ok(last.get("items").map(|items| items.items()).unwrap_or_default())
    }

    async fn page(&self, number: f64) -> Result<Json, Error> {
        let input = Object::new();
        set(&input, "pageSize", &PAGE_SIZE.into());
        set(&input, "pageNumber", &number.into());
        let options = self.options_within();
        let answer = self
            .settings
            .call(Operation::SkillsExecutions, self.ids, input.unchecked_ref(), &options)
            .await?;
        Ok(Json(answer.data))
    }

    /// The options of calls within this one: its signal, its headers, and the time that it has left.
    fn options_within(&self) -> CallOptions {
        CallOptions {
            signal: self.options.signal.clone(),
            headers: self.options.headers.clone(),
            limits: Limits { total_timeout_ms: Some(self.times.left_ms()), ..Limits::default() },
            ..CallOptions::default()
        }
    }
}

/// What a failure becomes that leaves open how the execution went.
fn undecided(failure: Box<Failure>, execution_id: Option<&str>) -> Error {
    failure
        .with(|failure| {
            failure.maybe_executed = true;
            failure.retryable = false;
            failure.execution_id = execution_id.map(str::to_owned);
        })
        .into()
}

/// Whether another look would fail in the same way.
fn is_final(failure: &Failure) -> bool {
    failure.code == ErrorCode::InvalidRequest
        || failure.status.is_some_and(|status| status < 500 && status != 429 && status != 408)
}

/// What of an execution matters to the search. The answer was checked before.
fn seen(item: &Json) -> Seen {
    Seen { id: text(item, "id"), has_ended: item.get("finishedAt").is_some_and(|value| !value.0.is_null()) }
}

fn text(of: &Json, key: &str) -> String {
    of.get(key).and_then(|value| value.text()).unwrap_or_default()
}

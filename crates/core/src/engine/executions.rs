//! Requests for past executions and their outputs.

use super::call::{CallResult, Prepared};
use super::engine::Engine;
use super::error::{Error, Failure};
use super::options::{CallOptions, Limits};
use super::platform::Platform;
use super::value::string_field;
use crate::api::node::Node;
use crate::api::operation::Operation;
use crate::api::operation_spec::DOWNLOAD;
use crate::api::problem::ErrorCode;
use crate::api::text::{concat, format_integer};
use crate::policy::ledger::ListedExecution;
use crate::policy::url;

/// Executions per page: the maximum of the API.
const PAGE_SIZE: u32 = 100;
/// Maximum number of pages read if the list is not sorted.
const PAGE_LIMIT: u32 = 5;
/// Number of attempts to download an output: an expired URL is requested again once.
const DOWNLOADS: u32 = 2;

/// A list of executions.
pub(super) struct List<V> {
    pub items: Vec<V>,
    pub listed: Vec<ListedExecution>,
    pub sent_ms: f64,
    pub received_ms: f64,
    /// The server's clock when it responded, in whole seconds, if known.
    pub date_ms: Option<f64>,
}

/// Requests about the executions of one skill, made for recovery.
pub(super) struct Executions<'a, P: Platform> {
    pub engine: &'a Engine<P>,
    pub skill_id: &'a str,
    /// Signal and headers of the call that is being recovered.
    pub options: &'a CallOptions<P>,
}

impl<P: Platform> Executions<'_, P> {
    /// Lists the newest executions, within a time limit. Reads further pages if the list is not sorted by start.
    pub async fn newest(&self, limit_ms: f64) -> Result<List<P::Value>, Error<P::Value>> {
        let platform = &self.engine.platform;
        let deadline_ms = platform.now_ms() + limit_ms;
        let (mut list, total) = self.page(1, limit_ms).await?;
        let times: Vec<f64> = list.listed.iter().map(|listed| listed.started_ms).collect();
        let is_in_order = times.windows(2).all(|pair| pair.first() >= pair.last());
        if total <= PAGE_SIZE || is_in_order {
            return Ok(list);
        }
        let pages = total.div_ceil(PAGE_SIZE);
        let first = pages.saturating_sub(PAGE_LIMIT).max(1).saturating_add(1);
        for number in first..=pages {
            let (page, _) = self.page(number, deadline_ms - platform.now_ms()).await?;
            list.items.extend(page.items);
            list.listed.extend(page.listed);
            list.received_ms = page.received_ms;
        }
        Ok(list)
    }

    /// Lists one page. Returns it with the total number of executions.
    pub async fn page(&self, number: u32, limit_ms: f64) -> Result<(List<P::Value>, u32), Error<P::Value>> {
        let platform = &self.engine.platform;
        let mut prepared = self.prepared(Operation::SkillsExecutions, &[]);
        let query = ["?pageSize=", &format_integer(PAGE_SIZE), "&pageNumber=", &format_integer(number)];
        prepared.url.push_str(&concat(&query));
        let options = self.options_within(limit_ms);
        let response = self.engine.call(Operation::SkillsExecutions, &prepared, &options).await?;
        let items = response.data.get("items").map(|items| items.items()).unwrap_or_default();
        let listed = items.iter().filter_map(|item| self.listed(item)).collect();
        let total = response.data.get("totalItems").and_then(|total| total.as_f64()).unwrap_or_default();
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float cast saturates")]
        let total = total as u32;
        let date_ms = platform.date_ms(&response.headers);
        let received_ms = platform.now_ms();
        // Not the start of the call, which may have waited for the key.
        let sent_ms = response.sent_ms;
        Ok((List { items, listed, sent_ms, received_ms, date_ms }, total))
    }

    /// Extracts the id and the start of an execution. Returns `None` if it has no id.
    fn listed(&self, item: &P::Value) -> Option<ListedExecution> {
        let started_at = item.get("startedAt").unwrap_or_default();
        let started_ms = self.engine.platform.date_time_ms(&started_at);
        Some(ListedExecution { id: string_field(item, "id")?, started_ms })
    }

    /// Searches all pages for an execution.
    pub async fn find(&self, id: &str, limit_ms: f64) -> Result<Option<P::Value>, Error<P::Value>> {
        let platform = &self.engine.platform;
        let deadline_ms = platform.now_ms() + limit_ms;
        let mut number = 1_u32;
        loop {
            let (list, total) = self.page(number, deadline_ms - platform.now_ms()).await?;
            let found = list.items.into_iter().find(|item| string_field(item, "id").as_deref() == Some(id));
            if found.is_some() || number >= total.div_ceil(PAGE_SIZE) {
                return Ok(found);
            }
            number = number.saturating_add(1);
        }
    }

    /// Fetches the output of an execution. The key is not sent to its URL, which is not part of the API.
    pub async fn output(&self, id: &str, limit_ms: f64) -> CallResult<P::Value> {
        let deadline_ms = self.engine.platform.now_ms() + limit_ms;
        let prepared = self.prepared(Operation::SkillsExecutionOutput, &[id]);
        let mut round = 0_u32;
        loop {
            round = round.saturating_add(1);
            let options = self.options_within(deadline_ms - self.engine.platform.now_ms());
            let response = self.engine.call(Operation::SkillsExecutionOutput, &prepared, &options).await?;
            let url = string_field(&response.data, "downloadUrl").unwrap_or_default();
            if !url::is_private(&url) {
                let message = "The download URL of the output is neither https nor on a loopback host";
                return Err(Failure::new(ErrorCode::Response, message).into());
            }
            let file = Prepared { spec: DOWNLOAD, url, body: P::Value::default(), ids: Vec::new() };
            let call = self.engine.begin(Operation::SkillsExecutionOutput, &file, &options);
            let result = call.send(None).await;
            match call.end(result) {
                Err(Error::Failed(failure))
                    if round < DOWNLOADS && failure.status.is_some_and(|status| status < 500) => {}
                result => return result,
            }
        }
    }

    fn prepared(&self, operation: Operation, more: &[&str]) -> Prepared<P::Value> {
        let spec = operation.spec();
        let ids: Vec<String> = [self.skill_id].iter().chain(more).map(|id| (*id).to_owned()).collect();
        let url = self.engine.base_url().join(spec, &ids);
        Prepared { spec, url, body: P::Value::default(), ids }
    }

    /// The options for a request made on behalf of the call: its signal and headers, and a time limit.
    fn options_within(&self, limit_ms: f64) -> CallOptions<P> {
        CallOptions {
            signal: self.options.signal.clone(),
            headers: self.options.headers.clone(),
            limits: Limits { total_timeout_ms: Some(limit_ms.max(0.0)), ..Limits::default() },
            must_be_fresh: true,
            ..CallOptions::default()
        }
    }
}

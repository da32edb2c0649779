//! Log of the requests, for assertions in tests. It never contains keys.

use std::collections::{BTreeMap, VecDeque};

use browser_use_skills::api::operation::Operation;
use serde::Serialize;

use crate::message::Request;

/// Maximum number of entries.
const MAX_ENTRIES: usize = 10_000;

/// A log entry.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LoggedRequest {
    /// The operation; null if method and path match none.
    operation: Option<&'static str>,
    method: String,
    path: String,
    /// The status of the response, regardless of wire faults.
    status: u16,
    /// Whether the request had a key.
    has_key: bool,
    /// The names of the request headers.
    headers: Vec<String>,
}

impl LoggedRequest {
    /// Creates the entry for a request.
    pub fn new(request: &Request, operation: Option<Operation>, status: u16) -> Self {
        Self {
            operation: operation.map(|operation| operation.spec().name),
            method: request.method.clone(),
            path: request.path.clone(),
            status,
            has_key: request.key.is_some(),
            headers: request.header_names.iter().map(|name| name.to_ascii_lowercase()).collect(),
        }
    }
}

/// The latest requests, and the number of requests per operation.
#[derive(Debug, Default, Serialize)]
pub struct Log {
    counts: BTreeMap<&'static str, u64>,
    #[serde(rename = "log")]
    entries: VecDeque<LoggedRequest>,
}

impl Log {
    /// Appends a request and drops the oldest beyond the maximum.
    pub fn record(&mut self, request: LoggedRequest) {
        let count = self.counts.entry(request.operation.unwrap_or("unknown")).or_default();
        *count = count.saturating_add(1);
        if self.entries.len() >= MAX_ENTRIES {
            self.entries.pop_front();
        }
        self.entries.push_back(request);
    }
}

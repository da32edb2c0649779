//! What was asked, for tests to look at. Keys are not kept.

use std::collections::{BTreeMap, VecDeque};

use browser_use_skills::api::operation::Operation;
use serde::Serialize;

use crate::message::Request;

/// How many requests are remembered one by one.
const MOST: usize = 10_000;

/// A request that came.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Seen {
    /// The operation; null where method and path led to none.
    operation: Option<&'static str>,
    method: String,
    path: String,
    /// The status that it was answered with, had nothing gone wrong on the wire.
    status: u16,
    /// Whether a key came with it.
    has_key: bool,
    /// The names of its headers.
    headers: Vec<String>,
}

impl Seen {
    /// What is kept of a request.
    pub fn new(request: &Request, operation: Option<Operation>, status: u16) -> Self {
        Self {
            operation: operation.map(|operation| operation.row().name),
            method: request.method.clone(),
            path: request.path.clone(),
            status,
            has_key: request.key.is_some(),
            headers: request.header_names.iter().map(|name| name.to_ascii_lowercase()).collect(),
        }
    }
}

/// The last requests, and how many there were of each operation.
#[derive(Debug, Default, Serialize)]
pub struct Log {
    counts: BTreeMap<&'static str, u64>,
    #[serde(rename = "log")]
    last: VecDeque<Seen>,
}

impl Log {
    /// Remembers a request.
    pub fn record(&mut self, seen: Seen) {
        let count = self.counts.entry(seen.operation.unwrap_or("unknown")).or_default();
        *count = count.saturating_add(1);
        if self.last.len() >= MOST {
            self.last.pop_front();
        }
        self.last.push_back(seen);
    }
}

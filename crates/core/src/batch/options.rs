//! Options of a batch.

use super::progress::Progress;
use crate::engine::{CallOptions, Listener, Platform};

/// Default number of concurrent runs of a client without `max_concurrent`.
pub(super) const CONCURRENCY: u32 = 10;

/// Options of a batch.
pub struct BatchOptions<P: Platform> {
    /// Identifies the batch in the store. Another batch with this id continues it.
    pub id: String,
    /// Id of the skill.
    pub skill_id: String,
    /// Maximum number of rows that run at once. By default that of the client, or 10.
    pub concurrency: Option<u32>,
    /// Maximum number of executions, including those of earlier calls with this id.
    pub max_executions: Option<u32>,
    /// Number of further executions of a row that the skill reports as failed. Each is charged.
    pub retry_failed: u32,
    /// Whether results are returned in the order of the rows.
    pub ordered: bool,
    /// Options of each run. The signal cancels the batch.
    pub call: CallOptions<P>,
    /// Receives the progress, at most 10 times per second.
    pub on_progress: Option<Listener<Progress>>,
}

impl<P: Platform> BatchOptions<P> {
    /// Creates options with defaults.
    pub fn new(id: &str, skill_id: &str) -> Self {
        Self {
            id: id.to_owned(),
            skill_id: skill_id.to_owned(),
            concurrency: None,
            max_executions: None,
            retry_failed: 0,
            ordered: false,
            call: CallOptions::default(),
            on_progress: None,
        }
    }
}

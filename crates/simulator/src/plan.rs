//! The plan of a world: everything that is drawn from its seed before it begins.

use crate::executor::{Time, millis};

/// When worlds begin. Not 0, because some executions start before.
pub const BEGIN: Time = 100_000_000_000;
/// The time of the epoch, in milliseconds, at [`Time`] 0.
pub const EPOCH_MS: f64 = 1_760_000_000_000.0;

pub struct Plan {
    pub shared_account: bool,
    pub idempotency: bool,
    pub shared_locks: bool,
    pub skills: Vec<String>,
    pub tabs: Vec<TabPlan>,
    pub runs: Vec<RunPlan>,
    pub resumes: Vec<ResumePlan>,
    /// Whether all tabs resume after one was killed.
    pub all_resume: bool,
    pub foreign: Vec<(Time, usize)>,
    pub journal: JournalPlan,
    pub list: ListPlan,
    pub cloud: CloudPlan,
    pub paid: NetPlan,
    pub free: NetPlan,
    pub key: KeyPlan,
    pub deliver_slow: f64,
    pub deliver_fails: f64,
    /// The initial error of the wall clock of the device, in milliseconds.
    pub skew_ms: f64,
    /// When the wall clock is set, and by how many milliseconds.
    pub jumps: Vec<(Time, f64)>,
    /// The batch, in worlds with one.
    pub batch: Option<BatchPlan>,
}

/// A batch. Its rows are the last runs of the plan.
pub struct BatchPlan {
    /// The run of the first row.
    pub first_run: usize,
    pub rows: usize,
    pub skill: usize,
    pub retry_failed: u32,
    /// How many executions of each row fail.
    pub fails_for: Vec<u32>,
    pub max_executions: Option<u32>,
    pub grace_ms: f64,
    pub store: JournalPlan,
    pub no_credits: f64,
    pub tabs: Vec<BatchTabPlan>,
    /// Whether there are no faults, other users or calls beside the batch.
    pub is_calm: bool,
}

/// What a tab does with the batch.
pub struct BatchTabPlan {
    pub tab: usize,
    pub start: Time,
    pub concurrency: u32,
    pub is_ordered: bool,
    /// Whether the batch runs while no result is requested.
    pub is_driven: bool,
    /// How long the caller takes for a result.
    pub consumes: Time,
    /// When it is cancelled, and started again after a second.
    pub cancel_after: Option<Time>,
    pub pause_after: Option<Time>,
    /// The row with other parameters.
    pub changed: Option<usize>,
}

impl Plan {
    /// The network faults of requests to execute, which cost credits, or of the others.
    pub fn net(&self, is_paid: bool) -> &NetPlan {
        if is_paid { &self.paid } else { &self.free }
    }
}

/// A page or worker.
pub struct TabPlan {
    /// The tab that it replaces after that was killed, and the delay in milliseconds.
    pub follows: Option<(usize, f64)>,
    pub clients: usize,
    pub max_concurrent: f64,
    pub kill_at: Option<Moment>,
    /// The probability that a timer is late.
    pub throttled: f64,
    /// The resolution of the monotonic clock, in milliseconds.
    pub clock_ms: f64,
    pub offline: Option<(Time, Time)>,
}

/// A point in the history of a tab.
#[derive(Clone, Copy)]
pub enum Moment {
    At(Time),
    /// At the n-th call of the tab's platform.
    Step(u32),
    /// During the n-th `deliver` of the tab.
    Deliver(u32),
}

pub struct RunPlan {
    pub tab: usize,
    pub client: usize,
    pub skill: usize,
    pub spelling: usize,
    /// The delay after the tab was opened.
    pub start: Time,
    pub recover: Option<RecoverPlan>,
    pub timeout_ms: Option<f64>,
    pub total_timeout_ms: Option<f64>,
    pub max_retries: Option<u32>,
    pub abort: Option<Moment>,
    pub duration: Option<Time>,
    pub fails: bool,
}

#[derive(Clone, Copy)]
pub struct RecoverPlan {
    pub grace_ms: f64,
    pub has_deliver: bool,
    pub has_accept: bool,
}

pub struct ResumePlan {
    pub tab: usize,
    /// The delay after the tab was opened.
    pub start: Time,
    pub grace_ms: f64,
    pub style: Style,
    pub abort_after: Option<Time>,
}

/// What the page does with a resumed run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    Acknowledge,
    Deliver,
    Ignore,
}

/// The probabilities of the faults of the journal, per access.
#[derive(Default)]
pub struct JournalPlan {
    pub exists: bool,
    pub slow: f64,
    pub fails: f64,
    pub hangs: f64,
    pub unreadable: f64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum LagKind {
    Constant,
    PerExecution,
    Replicas,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Order {
    Newest,
    Oldest,
    None,
}

/// The list of executions.
pub struct ListPlan {
    pub lag: LagKind,
    pub lag_ms: f64,
    pub order: Order,
    /// The probability that an execution is never listed.
    pub incomplete: f64,
    /// The number of executions that started before the world.
    pub old: usize,
    /// The probability that an item has a null that the contract does not declare.
    pub nulls: f64,
    pub unknown_status: bool,
    pub unknown_member: bool,
    pub coarse_times: bool,
    pub unreadable_times: bool,
    pub is_date_readable: bool,
    pub clock_offset_ms: f64,
    /// The maximum difference between the clocks of the machines that execute and of the one that responds.
    pub skew_ms: f64,
}

impl ListPlan {
    /// The time of the server's clock, in milliseconds since the epoch.
    pub fn server_ms(&self, time: Time) -> f64 {
        EPOCH_MS + millis(time) + self.clock_offset_ms
    }
}

/// The probabilities of the responses.
#[derive(Default)]
pub struct CloudPlan {
    pub error_after: f64,
    pub error_before: f64,
    pub busy: f64,
    pub busy_in_body: f64,
    pub busy_bare: f64,
    pub rate_limit: f64,
    pub sessions: Option<usize>,
    pub no_skill: f64,
    pub broken_contract: f64,
    pub key_unresolved: f64,
    pub list_error: f64,
    pub output_missing: f64,
    pub download_expired: f64,
}

/// The probabilities of the network faults, per request.
#[derive(Clone, Default)]
pub struct NetPlan {
    pub lost_before: f64,
    pub lost_after: f64,
    pub silence: f64,
    pub stalled: f64,
    pub cut_short: f64,
    pub status_zero: f64,
    pub slow: f64,
    pub not_sent: f64,
    pub latency_ms: f64,
}

#[derive(Default)]
pub struct KeyPlan {
    pub slow: f64,
    pub fails: f64,
    /// When the first key expires.
    pub expires: Option<Time>,
    pub may_change: bool,
}

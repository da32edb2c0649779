//! What a world is made of: everything that is drawn from its seed before it begins.

use crate::executor::{Time, millis};

/// When worlds begin: the past needs room too.
pub const BEGIN: Time = 100_000_000_000;
/// The real time at [`Time`] zero, in milliseconds since the epoch.
pub const EPOCH_MS: f64 = 1_760_000_000_000.0;

pub struct Plan {
    pub shared_account: bool,
    pub idempotency: bool,
    pub shared_locks: bool,
    pub skills: Vec<String>,
    pub tabs: Vec<TabPlan>,
    pub runs: Vec<RunPlan>,
    pub resumes: Vec<ResumePlan>,
    /// Whether all tabs resume when one has died.
    pub is_race: bool,
    pub foreign: Vec<(Time, usize)>,
    pub journal: JournalPlan,
    pub list: ListPlan,
    pub cloud: CloudPlan,
    pub paid: NetPlan,
    pub free: NetPlan,
    pub key: KeyPlan,
    pub deliver_slow: f64,
    pub deliver_fails: f64,
    /// By how many milliseconds the wall clock of the device is wrong at first.
    pub skew_ms: f64,
    /// Its jumps: when, and by how many milliseconds.
    pub jumps: Vec<(Time, f64)>,
}

impl Plan {
    /// The faults of the requests that cost credits, or of the others.
    pub fn net(&self, is_paid: bool) -> &NetPlan {
        if is_paid { &self.paid } else { &self.free }
    }
}

/// A page or worker.
pub struct TabPlan {
    /// The tab in whose place it comes when that dies, and how long after.
    pub follows: Option<(usize, f64)>,
    pub clients: usize,
    pub max_concurrent: f64,
    pub death: Option<Moment>,
    /// How likely a timer is late.
    pub throttled: f64,
    /// The resolution of the monotonic clock, in milliseconds.
    pub clock_ms: f64,
    pub offline: Option<(Time, Time)>,
}

/// A point in a world's history.
#[derive(Clone, Copy)]
pub enum Moment {
    At(Time),
    /// At the n-th thing that the tab's platform does.
    Step(u32),
    /// While the n-th `deliver` of the tab is at work.
    Deliver(u32),
}

pub struct RunPlan {
    pub tab: usize,
    pub client: usize,
    pub skill: usize,
    pub spelling: usize,
    /// After the tab began.
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
    /// After the tab began.
    pub start: Time,
    pub grace_ms: f64,
    pub style: Style,
    pub abort_after: Option<Time>,
}

/// What is done with a resumed run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    Acknowledge,
    Deliver,
    Ignore,
}

/// How likely each fault of the journal is, per access.
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
    /// How likely an execution is never listed.
    pub incomplete: f64,
    /// How many executions were there before.
    pub old: usize,
    /// How likely an item has a null that the contract does not declare.
    pub nulls: f64,
    pub unknown_status: bool,
    pub unknown_member: bool,
    pub coarse_times: bool,
    pub unreadable_times: bool,
    pub is_date_readable: bool,
    pub clock_offset_ms: f64,
    /// By how much the clocks of the machines that execute differ from that of the one that responds.
    pub skew_ms: f64,
}

impl ListPlan {
    /// The server's clock.
    pub fn server_ms(&self, time: Time) -> f64 {
        EPOCH_MS + millis(time) + self.clock_offset_ms
    }
}

/// How likely each response is.
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
    pub key_in_doubt: f64,
    pub list_error: f64,
    pub output_missing: f64,
    pub download_expired: f64,
}

/// How likely each fault of the network is, per request.
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
    /// Until when the first key is valid.
    pub expires: Option<Time>,
    pub may_change: bool,
}

//! Makes calls: limits, locks, sends, retries, recovers, resumes and polls. All I/O is behind [`Platform`].

mod attempt;
mod call;
mod deliver;
#[allow(clippy::module_inception, reason = "a reader expects `Engine` in engine.rs")]
mod engine;
mod entry;
mod error;
mod event;
mod executions;
mod follow;
mod journal;
mod limiter;
mod locks;
mod options;
mod outcome;
mod platform;
mod poll;
mod protect;
mod record;
mod recover;
mod resolve;
mod response;
mod resume;
mod select;
mod send;
mod shared_state;
mod times;
mod unprotected;
mod value;
mod watch;

pub use self::call::{CallResponse, Prepared};
pub use self::engine::Engine;
pub use self::entry::BatchRow;
pub use self::error::{Error, Failure, TimeLimit};
pub use self::event::{Event, EventKind, Listener};
pub use self::limiter::ConcurrencyStats;
pub use self::options::{BatchRun, CallOptions, EngineOptions, Limits, Recover, StoreResult};
pub use self::platform::{KeyError, KeyReason, Platform, Request, Response, SendError};
pub use self::resume::{Resumed, ResumedRuns};
pub(crate) use self::select::{Either, select};
pub use self::shared_state::{SharedState, UnacknowledgedLocks};
pub use self::value::{Interrupted, Value};
pub use self::watch::{Watch, WatchOptions};

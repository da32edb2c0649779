//! Drives calls: validates, limits, locks, claims, sends, retries, times out, recovers, waits and resumes. Everything it
//! needs from its surroundings is behind [`Platform`].

mod attempt;
mod call;
mod deliver;
mod error;
mod event;
mod executions;
mod follow;
mod journal;
mod limiter;
mod platform;
mod protect;
mod resolve;
mod response;
mod resume;
mod select;
mod settings;
mod skills;
mod times;
mod unprotected;
mod watch;

pub use self::call::{Answered, Prepared};
pub use self::error::{Error, Failure, TimeLimit};
pub use self::event::{Event, EventKind, Listener};
pub use self::limiter::ConcurrencyStats;
pub use self::platform::{Interrupted, KeyError, KeyReason, Platform, Request, Response, SendError, Value};
pub use self::resume::Resumed;
pub use self::settings::{CallOptions, Engine, EngineOptions, Limits, Recover};
pub use self::skills::{Local, Unacknowledged};
pub use self::watch::{Watch, WatchOptions};

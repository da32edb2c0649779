//! A client for the skills of Browser Use Cloud, for front ends in Rust: it runs in pages and workers, on `fetch`.
//!
//! ```
//! # #[cfg(target_arch = "wasm32")]
//! # mod example {
//! use browser_use_skills::{Client, Config};
//!
//! async fn titles() -> Result<Vec<String>, browser_use_skills::Error> {
//!     let client = Client::new(Config::default().api_key("bu_…"))?;
//!     let page = client.marketplace().list(&Default::default()).await?;
//!     Ok(page.items.into_iter().map(|skill| skill.title).collect())
//! }
//! # }
//! ```
//!
//! - [`Client`] makes calls: [`Client::skills`] for the project's own skills, [`Client::marketplace`] for public ones.
//! - [`Config`] configures a client, [`RequestOptions`] a single call, [`WaitOptions`] a wait for a generation.
//! - [`Recover`] finds an execution again whose response was lost; [`Client::resume`] those of an earlier page.
//! - [`Error`] says why a call failed; its [`ErrorCode`] is the same as in JavaScript.
//! - [`Journal`] keeps executions across pages; [`StorageJournal`] is one in `localStorage`.
//! - [`api`] has the models of requests and responses, which compile on every target.
//!
//! The client itself exists on `wasm32-unknown-unknown` only. There is no runtime to choose: futures are driven by
//! `wasm-bindgen-futures` or by your framework.

pub use browser_use_skills_core::api;
#[doc(hidden)]
pub use browser_use_skills_core::policy;
pub use uuid::Uuid;

#[doc(inline)]
pub use self::api::error_code::ErrorCode;
#[doc(inline)]
pub use self::api::issue::{Issue, Loc};

#[cfg(target_arch = "wasm32")]
mod client;
#[cfg(target_arch = "wasm32")]
mod error;
#[cfg(all(target_arch = "wasm32", feature = "js"))]
mod js;
#[cfg(target_arch = "wasm32")]
mod transport;

#[cfg(target_arch = "wasm32")]
#[cfg(target_arch = "wasm32")]
pub use self::client::{Batch, BatchConfig, BatchStore, PauseReason, Progress, RowResult, RowStatus};
#[cfg(target_arch = "wasm32")]
pub use self::client::{
    Billing, Client, ConcurrencyStats, Config, Event, EventKind, Journal, JournalResult, KeyReason,
    Marketplace, Profiles, Recover, RequestOptions, ResumedExecution, Sessions, Skills, StorageJournal,
    WaitOptions,
};
#[cfg(target_arch = "wasm32")]
pub use self::error::{Error, TimeLimit};

#[cfg(all(doctest, target_arch = "wasm32"))]
#[doc = include_str!("../docs/rust.md")]
struct Guide;

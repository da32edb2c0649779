//! Runs a skill for many rows, each once: across reloads, killed workers, and tabs with the same batch id.
//!
//! A row is reserved in the store before the engine sends it, and the engine's journal entry is removed after the
//! result was stored. So a reserved row without an entry was never sent. See ARCHITECTURE.md, "The batch". Read from
//! record.rs upwards: no file imports one that imports it.

#[allow(clippy::module_inception, reason = "a reader expects `Batch` in batch.rs")]
mod batch;
mod follow;
mod hash;
mod options;
mod output;
mod owner;
mod page;
mod progress;
mod record;
mod row;
mod scan;
mod settle;
mod source;
mod start;
mod state;
mod store;
mod verdict;
mod writer;
mod writes;

pub use self::batch::Batch;
pub use self::options::BatchOptions;
pub use self::output::RowResult;
pub use self::progress::{PauseReason, Progress};
pub use self::record::RowStatus;
pub use self::source::{RowError, RowSource};
pub use self::store::{BatchStore, HEADER, MemoryStore};

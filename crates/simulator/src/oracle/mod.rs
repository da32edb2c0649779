//! Checks the history of a world, of which the cloud has all facts, by these rules (`docs/recovery.md`):
//!
//! - R1: `maybeExecuted` is false only if nothing was executed.
//! - R2: a run gets only its own execution.
//! - R3: a run that may have been executed stays in the journal until its outcome is delivered, and is delivered once.
//! - R4: a run is sent once, and not after an abort or a timeout.
//! - R5: lost responses are recovered, and every call ends.
//! - R6: a run waits only for the claims of other runs, not for their end.

//!
//! The rules of a batch (`docs/batch.md`):
//!
//! - B1: every row ends once, or waits because the batch is paused for a reason.
//! - B2: a row is executed once per attempt that the caller asked for.
//! - B3: a result belongs to its row, and to the parameters that the caller gave for it.
//! - B4: the executions of the batch do not exceed its budget.
//! - B5: a row is unknown only if its execution cannot be identified, or does not end.
//! - B6: without faults, every row is done, and all tabs get the same results.

mod batch;
mod checks;
mod evidence;
mod facts;
mod journal;
mod liveness;
mod ownership;
mod sending;
mod truth;

pub use batch::{
    check_batch_end, check_calm, check_progress, check_result, check_resumed_beside, check_row_start,
    fails_now, note_batch_killed, note_foreign_beside,
};
pub use checks::{check_begin, check_call, check_end, check_resumed};
pub use facts::outcome;
pub use journal::{check_journal, check_removal, check_resume, forget_holder, note_expiry};
pub use liveness::check_end_of_faults;
pub use ownership::{check_delivery, check_entry};
pub use sending::{check_departure, check_start};

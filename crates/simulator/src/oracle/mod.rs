//! Checks the history of a world, of which the cloud has all facts, by these rules (`docs/recovery.md`):
//!
//! - R1: `maybeExecuted` is false only if nothing was executed.
//! - R2: a run gets only its own execution.
//! - R3: a run that may have been executed stays in the journal until its outcome is delivered, and is delivered once.
//! - R4: a run is sent once, and not after an abort or a timeout.
//! - R5: lost responses are recovered, and every call ends.
//! - R6: a run waits only for the claims of other runs, not for their end.

mod checks;
mod evidence;
mod facts;
mod journal;
mod liveness;
mod ownership;
mod sending;
mod truth;

pub use checks::{check_begin, check_call, check_end, check_resumed};
pub use facts::outcome;
pub use journal::{check_journal, check_removal, check_resume, forget_holder};
pub use liveness::check_end_of_faults;
pub use ownership::{check_delivery, check_entry};
pub use sending::{check_departure, check_start};

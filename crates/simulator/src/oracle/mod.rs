//! Judges a world by what its cloud knows: the rules R1 to R6, see `ARCHITECTURE.md`, "Recovery".

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
pub use liveness::check_end_of_storm;
pub use ownership::{check_delivery, check_entry};
pub use sending::{check_departure, check_start};

//! What a call can end in besides its response.

use browser_use_skills_core::engine;

pub use browser_use_skills_core::engine::TimeLimit;

pub use crate::transport::json::Json;

/// Why a call has no response.
pub type Error = engine::Error<Json>;

/// What went wrong, and all that is known about it. Never holds the key.
pub type Failure = engine::Failure<Json>;

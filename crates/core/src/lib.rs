//! The API contract of Browser Use Cloud's skills, the client's policies, and the engine that makes calls. Contains no
//! networking, timers or storage: these are behind [`engine::Platform`], which `browser-use-skills` implements for
//! browsers, and `crates/simulator` for simulated worlds with virtual time.

pub mod api;
#[doc(hidden)]
pub mod batch;
#[doc(hidden)]
pub mod engine;
#[doc(hidden)]
pub mod policy;

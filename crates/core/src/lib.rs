//! The contract of Browser Use Cloud's skills, the policies of its client, and the engine that drives them. Contains no
//! networking, timers or storage: [`engine::Platform`] supplies those. `browser-use-skills` implements it for browsers,
//! the simulator (`crates/simulator`) for a world of its own on virtual time.

pub mod api;
#[doc(hidden)]
pub mod engine;
#[doc(hidden)]
pub mod policy;

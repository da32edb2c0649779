//! The API contract. No I/O, no clock, no wasm-bindgen: compiles on every target.

#[doc(hidden)]
pub mod billing;
#[doc(hidden)]
pub mod check;
#[doc(hidden)]
pub mod date_time;
#[doc(hidden)]
pub mod error_code;
#[doc(hidden)]
pub mod execution;
#[doc(hidden)]
pub mod issue;
#[doc(hidden)]
pub mod marketplace;
#[doc(hidden)]
pub mod node;
#[doc(hidden)]
pub mod operation;
#[doc(hidden)]
pub mod operation_spec;
#[doc(hidden)]
pub mod page;
#[doc(hidden)]
pub mod parameter;
#[doc(hidden)]
pub mod problem;
#[doc(hidden)]
pub mod profile;
#[doc(hidden)]
pub mod session;
#[doc(hidden)]
pub mod shape;
#[doc(hidden)]
pub mod skill;
#[doc(hidden)]
pub mod text;
#[doc(hidden)]
pub mod value;

// The public models. The modules are public only for the other crates of this repository.
#[doc(inline)]
pub use self::billing::*;
#[doc(inline)]
pub use self::execution::*;
#[doc(inline)]
pub use self::marketplace::*;
#[doc(inline)]
pub use self::page::*;
#[doc(inline)]
pub use self::profile::*;
#[doc(inline)]
pub use self::session::*;
#[doc(inline)]
pub use self::skill::*;
#[doc(inline)]
pub use self::value::*;

#[cfg(test)]
mod tests;

//! The rows of a batch.

use std::future::Future;

use crate::engine::{Failure, Prepared, Value};

/// Why there is no request for a row.
#[derive(Debug)]
pub enum RowError<V> {
    /// The row is invalid. It ends as rejected, and the next one follows.
    Invalid(Box<Failure<V>>),
    /// The rows could not be read. Ends the batch.
    Failed(Box<Failure<V>>),
}

/// Returns the rows in their order, from the first one whenever a batch is created.
pub trait RowSource<V: Value>: 'static {
    /// Returns the request of the next row; `None` after the last one. Never called before the last call has ended.
    fn next_row(&self) -> impl Future<Output = Option<Result<Prepared<V>, RowError<V>>>>;
}

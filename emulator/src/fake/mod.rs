//! Generates fake data: the metadata of skills and the outputs of executions.

mod calendar;
pub mod metadata;
pub mod output;
mod vocabulary;
mod weather;

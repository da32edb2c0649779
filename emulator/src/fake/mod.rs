//! Generates fake data: the metadata of skills and the outputs of executions.

pub mod metadata;
pub mod output;
mod vocabulary;

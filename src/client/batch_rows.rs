//! The rows of a batch of Rust callers, as requests.

use std::cell::RefCell;
use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use browser_use_skills_core::batch::{RowError, RowSource};
use browser_use_skills_core::engine::Prepared;
use futures_core::Stream;
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use uuid::Uuid;

use super::request::prepare;
use super::{Core, decode_failure};
use crate::api::execution::ExecuteSkillRequest;
use crate::api::operation::Operation;
use crate::error::{Failure, Json};

/// An iterator as a stream.
pub(super) struct Iter<Items>(pub Items);

// It never pins its iterator.
impl<Items> Unpin for Iter<Items> {}

impl<Items: Iterator> Stream for Iter<Items> {
    type Item = Items::Item;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Items::Item>> {
        Poll::Ready(self.0.next())
    }
}

/// A stream of rows, as requests.
pub(super) struct Rows<Items> {
    core: Rc<Core>,
    skill_id: Uuid,
    items: RefCell<Pin<Box<Items>>>,
}

impl<Items> Rows<Items> {
    pub fn new(core: Rc<Core>, skill_id: Uuid, items: Items) -> Self {
        Self { core, skill_id, items: RefCell::new(Box::pin(items)) }
    }

    fn request(&self, row: &ExecuteSkillRequest<impl Serialize>) -> Result<Prepared<Json>, Box<Failure>> {
        let operation = Operation::SkillsExecute;
        let input = row.serialize(&Serializer::json_compatible());
        let input = input.map_err(|error| decode_failure(operation, error))?;
        prepare(&self.core, operation.spec(), &[self.skill_id.to_string().into()], &input, None)
    }
}

impl<Parameters, Items> RowSource<Json> for Rows<Items>
where
    Parameters: Serialize + 'static,
    Items: Stream<Item = ExecuteSkillRequest<Parameters>> + 'static,
{
    async fn next_row(&self) -> Option<Result<Prepared<Json>, RowError<Json>>> {
        let row = poll_fn(|context| self.items.borrow_mut().as_mut().poll_next(context)).await?;
        Some(self.request(&row).map_err(RowError::Invalid))
    }
}

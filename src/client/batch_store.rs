//! The store of a batch, for Rust callers.

use std::rc::Rc;

use browser_use_skills_core::batch;
use js_sys::JSON;
use wasm_bindgen::JsValue;

use super::journal::JournalResult;
use crate::error::Json;

/// Stores the rows of batches, as JSON. It must outlive the page, like the client's journal.
///
/// Accesses take effect in the order in which they begin, also those of other tabs: a write that fails, is dropped, or whose
/// page is closed may take effect before the next access, and never after it.
pub trait BatchStore {
    /// Returns the entries with an index of at least `from` and less than `to`, in any order. Indices begin at −1.
    fn read(&self, batch: &str, from: i64, to: i64) -> JournalResult<Vec<(i64, String)>>;
    /// Writes entries: all of them, or none.
    fn write(&self, batch: &str, entries: Vec<(i64, String)>) -> JournalResult<()>;
}

/// A store of texts, as one of values.
pub(super) struct Texts(pub Rc<dyn BatchStore>);

impl batch::BatchStore<Json> for Texts {
    async fn read(&self, batch: &str, from: i64, to: i64) -> Result<Vec<(i64, Json)>, Json> {
        let entries = self.0.read(batch, from, to).await.map_err(Json)?;
        let parsed =
            |(index, text): (i64, String)| JSON::parse(&text).map(|value| (index, Json(value))).map_err(Json);
        entries.into_iter().map(parsed).collect()
    }

    async fn write(&self, batch: &str, entries: &[(i64, Json)]) -> Result<(), Json> {
        let text = |(index, value): &(i64, Json)| {
            let text = JSON::stringify(&value.0).map_err(Json)?;
            Ok((*index, String::from(text)))
        };
        let entries: Result<Vec<(i64, String)>, Json> = entries.iter().map(text).collect();
        self.0.write(batch, entries?).await.map_err(|cause: JsValue| Json(cause))
    }
}

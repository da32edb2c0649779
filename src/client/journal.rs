//! The journal of Rust callers.

use std::pin::Pin;
use std::rc::Rc;

use js_sys::{Array, Function, JSON, Object};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

use crate::transport::json::set;

/// Result of a journal operation.
pub type JournalResult<Value> = Pin<Box<dyn Future<Output = Result<Value, JsValue>>>>;

/// Storage for executions with `recover`, which must outlive the page. Entries contain ids, times and tags, and never the
/// key or parameters.
pub trait Journal {
    /// Writes an entry, or removes it if `text` is `None`.
    fn write(&self, id: &str, entry: Option<String>) -> JournalResult<()>;
    /// Returns all entries.
    fn entries(&self) -> JournalResult<Vec<String>>;
}

/// A journal in a page's `localStorage` or `sessionStorage`: an item for each entry.
#[derive(Clone, Debug)]
pub struct StorageJournal {
    storage: JsValue,
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = Object)]
    type Storage;
    #[wasm_bindgen(method, catch, js_name = getItem)]
    fn get_item(this: &Storage, key: &str) -> Result<Option<String>, JsValue>;
    #[wasm_bindgen(method, catch, js_name = setItem)]
    fn set_item(this: &Storage, key: &str, value: &str) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch, js_name = removeItem)]
    fn remove_item(this: &Storage, key: &str) -> Result<(), JsValue>;
}

const PREFIX: &str = "browser-use-skills.executions/";

impl StorageJournal {
    /// Keeps the journal in a `Storage`: `window().local_storage()` of web-sys.
    #[must_use]
    pub const fn new(storage: JsValue) -> Self {
        Self { storage }
    }

    fn storage(&self) -> &Storage {
        self.storage.unchecked_ref()
    }
}

impl Journal for StorageJournal {
    fn write(&self, id: &str, entry: Option<String>) -> JournalResult<()> {
        let key = format!("{PREFIX}{id}");
        let written = match entry {
            Some(entry) => self.storage().set_item(&key, &entry),
            None => self.storage().remove_item(&key),
        };
        Box::pin(async { written })
    }

    fn entries(&self) -> JournalResult<Vec<String>> {
        let keys = Object::keys(self.storage.unchecked_ref::<Object>());
        let keys = keys.iter().filter_map(|key| key.as_string()).filter(|key| key.starts_with(PREFIX));
        let entries = keys.filter_map(|key| self.storage().get_item(&key).transpose());
        let entries: Result<Vec<String>, JsValue> = entries.collect();
        Box::pin(async { entries })
    }
}

/// Converts a journal to the object that the platform calls.
pub(super) fn object_of(journal: impl Journal + 'static) -> JsValue {
    let journal = Rc::new(journal);
    let reader = Rc::clone(&journal);
    let write = Closure::<dyn Fn(String, JsValue) -> JsValue>::new(move |id: String, entry: JsValue| {
        let entry = if entry.is_undefined() { None } else { JSON::stringify(&entry).ok().map(String::from) };
        let written = journal.write(&id, entry);
        future_to_promise(async { written.await.map(|()| JsValue::UNDEFINED) }).into()
    });
    let entries = Closure::<dyn Fn() -> JsValue>::new(move || {
        let read = reader.entries();
        future_to_promise(async {
            let parsed = read.await?.into_iter().map(|entry| JSON::parse(&entry));
            parsed.collect::<Result<Array, JsValue>>().map(JsValue::from)
        })
        .into()
    });
    let object = Object::new();
    set(&object, "write", write.into_js_value().unchecked_ref::<Function>());
    set(&object, "entries", entries.into_js_value().unchecked_ref::<Function>());
    object.into()
}

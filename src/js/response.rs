//! Results of calls as plain objects.

use browser_use_skills_core::engine::Answered;
use wasm_bindgen::JsValue;

use crate::error::Json;
use crate::transport::engine;

/// The data, and a function that returns the whole response.
pub(super) fn describe(answered: Answered<Json>) -> JsValue {
    let Answered { data, call_id, status, headers, key, attempts, delay_ms, .. } = answered;
    engine::result(&data.0, call_id, status, &headers.0, &key.0, attempts, delay_ms)
}

//! Results of calls as plain objects.

use browser_use_skills_core::engine::Answered;
use wasm_bindgen::JsValue;

use crate::error::Json;
use crate::transport::response;

/// The data, the response's status and headers, and what the attempts took.
pub(super) fn describe(answered: Answered<Json>) -> JsValue {
    let Answered { data, status, headers, attempts, delay_ms, .. } = answered;
    response::result(&data.0, status, &headers.0, attempts, delay_ms)
}

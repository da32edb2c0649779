//! Results of calls as plain objects.

use browser_use_skills_core::engine::CallResponse;
use wasm_bindgen::JsValue;

use crate::error::Json;
use crate::transport::response;

/// The data, and a function that returns the whole response.
pub(super) fn describe(response: CallResponse<Json>) -> JsValue {
    let CallResponse { data, call_id, status, headers, key, attempts, delay_ms, .. } = response;
    response::result(&data.0, call_id, status, &headers.0, &key.0, attempts, delay_ms)
}

//! The emulator for JavaScript. Exchanges strings; the JavaScript caller applies delays and wire faults.

use serde_json::json;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsError, JsValue};

use crate::message::{Reply, Request};
use crate::settings::Settings;
use crate::state::Emulator;

/// The state machine, for JavaScript.
#[wasm_bindgen]
#[derive(Debug)]
pub struct EmulatorCore(Emulator);

#[wasm_bindgen]
impl EmulatorCore {
    /// Creates an emulator. The settings are a JSON object, or an empty string for the defaults.
    ///
    /// # Errors
    /// When the settings are not a JSON object, have an unknown field, a value of the wrong type, or a negative amount.
    #[wasm_bindgen(constructor)]
    pub fn new(settings_json: &str, now_ms: f64) -> Result<EmulatorCore, JsValue> {
        let text = if settings_json.is_empty() { "{}" } else { settings_json };
        let settings = serde_json::from_str(text).map_err(|error| error.to_string());
        let settings = settings.and_then(|change| Settings::default().changed(&change));
        let settings = settings.map_err(|message| JsError::new(&message))?;
        Ok(Self(Emulator::new(settings, time(now_ms))))
    }

    /// Handles an API request. Returns `{ status, headers, body, delayMs, fault }` as JSON.
    #[allow(clippy::too_many_arguments, reason = "an object would need one more decoder here")]
    pub fn handle(
        &mut self,
        method: String,
        path: String,
        query: String,
        key: Option<String>,
        content_type: Option<String>,
        body: String,
        header_names: &str,
        origin: String,
        now_ms: f64,
    ) -> String {
        let names = header_names.split(',').map(str::trim).filter(|name| !name.is_empty());
        let header_names = names.map(str::to_owned).collect();
        let body = body.into_bytes();
        let request = Request { method, path, query, key, content_type, body, origin, header_names };
        text(&self.0.handle(&request, time(now_ms)))
    }

    /// Handles an administration request or the download of an output. Returns the same JSON. `path` starts at the
    /// root and includes the query.
    pub fn admin(&mut self, method: &str, path: &str, body: &str, now_ms: f64) -> String {
        text(&self.0.admin(method, path, body.as_bytes(), time(now_ms)))
    }

    /// Whether a pending fault may close a connection before the response is complete.
    #[wasm_bindgen(js_name = mayBreakConnections)]
    pub fn may_break_connections(&self) -> bool {
        self.0.may_break_connections()
    }
}

/// Converts a JavaScript timestamp. NaN and times before the Unix epoch become 0.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float cast saturates")]
const fn time(now_ms: f64) -> u64 {
    now_ms as u64
}

fn text(reply: &Reply) -> String {
    json!({
        "status": reply.status,
        "headers": reply.headers,
        "body": String::from_utf8_lossy(&reply.body),
        "delayMs": reply.delay_ms,
        "fault": reply.fault,
    })
    .to_string()
}

//! The emulator inside a page or a Node process. Texts in, texts out; the JavaScript around it waits and answers.

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
    /// A fresh emulator. The settings are a JSON object, or an empty text for the defaults.
    ///
    /// # Errors
    /// When the settings are no JSON object, have an unknown field, or one of a wrong type.
    #[wasm_bindgen(constructor)]
    pub fn new(settings_json: &str, now_ms: f64) -> Result<EmulatorCore, JsValue> {
        let text = if settings_json.is_empty() { "{}" } else { settings_json };
        let settings: Settings =
            serde_json::from_str(text).map_err(|error| JsError::new(&error.to_string()))?;
        Ok(Self(Emulator::new(settings, time(now_ms))))
    }

    /// Answers a request to the API: `{ status, headers, body, delayMs, fault }` as JSON.
    #[allow(clippy::too_many_arguments, reason = "an object would have to be taken apart on this side")]
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

    /// Answers a request to steer the emulator, or for an output, in the same form. The path is the one from the
    /// root, with its query.
    pub fn admin(&mut self, method: &str, path: &str, body: &str, now_ms: f64) -> String {
        text(&self.0.admin(method, path, body.as_bytes(), time(now_ms)))
    }
}

/// A time as JavaScript has it; anything before 1970 or not a number is 1970.
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

//! Reads options of a JavaScript object.

use std::borrow::Cow;

use js_sys::{Function, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::AbortSignal;

use crate::api::check::did_you_mean;
use crate::api::node::{Kind, Node};
use crate::api::text::concat;
use crate::client::faults::Faults;
use crate::error::Failure;
use crate::transport::json::{Json, property, set};

/// Reads options and collects their errors.
pub struct Reader {
    /// The object.
    pub given: Json,
    /// The errors.
    pub faults: Faults,
}

impl Reader {
    /// Starts with an error for each unknown option.
    pub fn new(given: &JsValue, known: &'static [&'static str]) -> Self {
        Self::of(None, given, known)
    }

    /// Reads an option that is an object of options.
    pub fn within(key: &'static str, given: &JsValue, known: &'static [&'static str]) -> Self {
        Self::of(Some(key), given, known)
    }

    fn of(within: Option<&'static str>, given: &JsValue, known: &'static [&'static str]) -> Self {
        let faults = Faults { within, ..Faults::default() };
        let mut reader = Self { given: Json(given.clone()), faults };
        match reader.given.kind() {
            Kind::Object => {
                for key in reader.given.keys() {
                    if !known.contains(&key.as_str()) {
                        let msg = concat(&["Unknown option", &did_you_mean(&key, known)]);
                        reader.faults.report(Cow::Owned(key), msg);
                    }
                }
            }
            Kind::Absent => {}
            _ => reader.faults.report(Cow::Borrowed(""), "the options should be an object"),
        }
        reader
    }

    /// Returns the value if there are no errors.
    pub fn finish<Value>(self, value: Value) -> Result<Value, Box<Failure>> {
        self.faults.finish(value)
    }

    /// Reads an option. Reports one that throws when it is read, because the call must not be sent without it.
    pub fn read(&mut self, key: &'static str) -> JsValue {
        if self.given.kind() != Kind::Object {
            return JsValue::UNDEFINED;
        }
        Reflect::get(&self.given.0, &key.into()).unwrap_or_else(|_| {
            self.faults.report(Cow::Borrowed(key), "could not be read: its getter threw");
            JsValue::UNDEFINED
        })
    }

    /// Reads an option of a kind. Reports any other value. Absent and null options are `None`.
    pub fn option(&mut self, key: &'static str, kind: Kind, msg: &'static str) -> Option<Json> {
        let value = Json(self.read(key));
        match value.kind() {
            Kind::Absent | Kind::Null => None,
            found if found == kind || (found == Kind::Integer && kind == Kind::Number) => Some(value),
            _ => {
                self.faults.report(Cow::Borrowed(key), msg);
                None
            }
        }
    }

    /// Reads a string.
    pub fn text(&mut self, key: &'static str) -> Option<String> {
        self.option(key, Kind::String, "should be a string")?.as_string()
    }

    /// Reads an object.
    pub fn object(&mut self, key: &'static str) -> Option<JsValue> {
        Some(self.option(key, Kind::Object, "should be an object")?.0)
    }

    /// Reads a number. Any other value is NaN, which is invalid for every option.
    pub fn number(&mut self, key: &'static str) -> Option<f64> {
        let value = self.read(key);
        if value.is_undefined() || value.is_null() { None } else { Some(value.as_f64().unwrap_or(f64::NAN)) }
    }

    /// Reads an integer. Any other value is the largest one, which is invalid for every option.
    pub fn count(&mut self, key: &'static str) -> Option<u32> {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float cast saturates")]
        self.number(key).map(
            |number| {
                if number >= 0.0 && number.fract() == 0.0 { number as u32 } else { u32::MAX }
            },
        )
    }

    /// Reads a function.
    pub fn function(&mut self, key: &'static str) -> Option<Function> {
        let value = self.read(key);
        if value.is_undefined() || value.is_null() {
            return None;
        }
        let function = value.dyn_into().ok();
        if function.is_none() {
            self.faults.report(Cow::Borrowed(key), "should be a function");
        }
        function
    }

    /// Reads a signal of any realm or polyfill.
    pub fn signal(&mut self) -> Option<AbortSignal> {
        let value = self.read("signal");
        if value.is_undefined() || value.is_null() {
            return None;
        }
        let signal = as_signal(&value);
        if signal.is_none() {
            self.faults.report(Cow::Borrowed("signal"), "should be an AbortSignal");
        }
        signal
    }

    /// Copies the headers; undefined if there are none. A getter may return another value the next time.
    pub fn headers(&mut self) -> Json {
        let headers = self.option("headers", Kind::Object, "should be an object of names and values");
        let Some(headers) = headers else { return Json::default() };
        let copy = Object::new();
        for name in headers.keys() {
            set(&copy, &name, &property(&headers.0, &name));
        }
        Json(copy.into())
    }
}

/// Returns a method of a value, if it has one of that name.
pub fn method(of: &JsValue, key: &str) -> Option<Function> {
    property(of, key).dyn_into().ok()
}

/// Converts a value to a signal, of any realm or polyfill.
fn as_signal(value: &JsValue) -> Option<AbortSignal> {
    let is_signal = property(value, "aborted").as_bool().is_some()
        && method(value, "addEventListener").is_some()
        && method(value, "removeEventListener").is_some();
    is_signal.then(|| value.clone().unchecked_into())
}

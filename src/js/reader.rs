//! Reads options one after another.

use std::borrow::Cow;
use std::ops::RangeInclusive;

use js_sys::{Function, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::AbortSignal;

use crate::api::check::{Issue, Loc, did_you_mean};
use crate::api::node::{Kind, Node};
use crate::api::text::concat;
use crate::error::Failure;
use crate::policy::header;
use crate::transport::json::{Json, property, set};

/// Reads one option after another and keeps what is wrong with them.
pub struct Reader {
    /// What is read from.
    pub given: Json,
    issues: Vec<Issue>,
}

impl Reader {
    /// Begins with what is no option at all.
    pub fn new(given: &JsValue, known: &'static [&'static str]) -> Self {
        let mut reader = Self { given: Json(given.clone()), issues: Vec::new() };
        match reader.given.kind() {
            Kind::Object => {
                for key in reader.given.keys().into_iter().filter(|key| !known.contains(&key.as_str())) {
                    let msg = concat(&["Unknown option", &did_you_mean(&key, &mut known.iter().copied())]);
                    reader.report(Cow::Owned(key), msg);
                }
            }
            Kind::Absent => {}
            _ => reader.report(Cow::Borrowed(""), "the options should be an object"),
        }
        reader
    }

    /// The value, if nothing is wrong.
    pub fn finish<T>(self, value: T) -> Result<T, Box<Failure>> {
        if self.issues.is_empty() { Ok(value) } else { Err(Failure::invalid(self.issues)) }
    }

    /// Keeps what is wrong with an option.
    pub fn report(&mut self, key: Cow<'static, str>, msg: impl Into<Cow<'static, str>>) {
        let loc = vec![Loc::Key(Cow::Borrowed("options")), Loc::Key(key)];
        self.issues.push(Issue::new(loc, "value_error", msg));
    }

    /// An option as it is. One that throws when it is read is reported: the call must not leave without it.
    pub fn read(&mut self, key: &'static str) -> JsValue {
        if self.given.kind() != Kind::Object {
            return JsValue::UNDEFINED;
        }
        Reflect::get(&self.given.0, &key.into()).unwrap_or_else(|_| {
            self.report(Cow::Borrowed(key), "could not be read: its getter threw");
            JsValue::UNDEFINED
        })
    }

    /// An option of the right kind; anything else is reported. Absent and null are both "not given".
    pub fn option(&mut self, key: &'static str, kind: Kind, msg: &'static str) -> Option<Json> {
        let value = Json(self.read(key));
        match value.kind() {
            Kind::Absent | Kind::Null => None,
            found if found == kind || (found == Kind::Integer && kind == Kind::Number) => Some(value),
            _ => {
                self.report(Cow::Borrowed(key), msg);
                None
            }
        }
    }

    /// A string.
    pub fn text(&mut self, key: &'static str) -> Option<String> {
        self.option(key, Kind::String, "should be a string")?.as_string()
    }

    /// An object.
    pub fn object(&mut self, key: &'static str) -> Option<JsValue> {
        Some(self.option(key, Kind::Object, "should be an object")?.0)
    }

    /// A number for which a rule holds.
    pub fn number(
        &mut self,
        key: &'static str,
        msg: &'static str,
        is_right: impl Fn(f64) -> bool,
    ) -> Option<f64> {
        let number = self.option(key, Kind::Number, msg)?.as_f64()?;
        if !is_right(number) {
            self.report(Cow::Borrowed(key), msg);
        }
        Some(number)
    }

    /// A time, which may be infinite.
    pub fn milliseconds(&mut self, key: &'static str) -> Option<f64> {
        self.number(key, "should be milliseconds above 0, or Infinity", |number| number > 0.0)
    }

    /// A whole number.
    pub fn count(&mut self, key: &'static str, range: RangeInclusive<f64>, msg: &'static str) -> Option<u32> {
        let is_right = |number: f64| range.contains(&number) && number.fract() == 0.0;
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float cast saturates")]
        self.number(key, msg, is_right).map(|number| number as u32)
    }

    /// A function.
    pub fn function(&mut self, key: &'static str) -> Option<Function> {
        let value = self.read(key);
        if value.is_undefined() || value.is_null() {
            return None;
        }
        let function = value.dyn_into().ok();
        if function.is_none() {
            self.report(Cow::Borrowed(key), "should be a function");
        }
        function
    }

    /// A signal, of whatever realm or polyfill.
    pub fn signal(&mut self) -> Option<AbortSignal> {
        let value = self.read("signal");
        if value.is_undefined() || value.is_null() {
            return None;
        }
        let signal = as_signal(&value);
        if signal.is_none() {
            self.report(Cow::Borrowed("signal"), "should be an AbortSignal");
        }
        signal
    }

    /// A copy of the headers, or undefined.
    pub fn headers(&mut self) -> JsValue {
        let Some(object) = self.option("headers", Kind::Object, "should be an object of names and values")
        else {
            return JsValue::UNDEFINED;
        };
        let copy = Object::new();
        for name in object.keys() {
            // A value that is no string is as unfit as one with a line break.
            let value =
                object.get(&name).and_then(|value| value.as_string()).unwrap_or_else(|| "\n".to_owned());
            match header::fault(&name, &value) {
                Some(fault) => self.report(Cow::Borrowed("headers"), fault),
                // The value that was validated: a getter may return another the next time.
                None => set(&copy, &name, &value.into()),
            }
        }
        copy.into()
    }
}

/// The method of a value, if it has one of that name.
pub fn method(of: &JsValue, key: &str) -> Option<Function> {
    property(of, key).dyn_into().ok()
}

/// A value as a signal, of whatever realm or polyfill it is.
fn as_signal(value: &JsValue) -> Option<AbortSignal> {
    let is_signal = property(value, "aborted").as_bool().is_some()
        && method(value, "addEventListener").is_some()
        && method(value, "removeEventListener").is_some();
    is_signal.then(|| value.clone().unchecked_into())
}

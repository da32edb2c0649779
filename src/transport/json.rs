//! JSON values in JavaScript.

use wasm_bindgen::prelude::*;

use browser_use_skills_core::engine::Value;
use js_sys::{Array, Object, Reflect};

use super::{inspect, object};
use crate::api::node::{Kind, Node};
use crate::api::shape::Model;

/// A JavaScript value as JSON.
#[derive(Clone, Debug, Default)]
pub struct Json(pub JsValue);

#[wasm_bindgen]
extern "C" {
    // The bindings of js-sys take a Rust string, which would be copied into the wasm and back.
    #[wasm_bindgen(catch, js_namespace = JSON)]
    fn parse(text: &JsValue) -> Result<JsValue, JsValue>;
}

/// Parses JSON by the JavaScript engine.
pub fn from_string(text: &JsValue) -> Result<JsValue, JsValue> {
    parse(text)
}

/// Serializes a value to a JavaScript string of JSON.
pub fn to_text(value: &JsValue) -> Result<JsValue, JsValue> {
    object::to_json(value)
}

/// A property of a value; `undefined` if it is missing or reading it throws.
pub fn property(of: &JsValue, key: &str) -> JsValue {
    inspect::property_of(of, key)
}

/// An array of values. Smaller than collecting them.
pub fn array_of(values: impl Iterator<Item = JsValue>) -> Array {
    let array = Array::new();
    for value in values {
        array.push(&value);
    }
    array
}

/// The strings in an array.
fn strings(array: &Array) -> Vec<String> {
    let mut strings = Vec::new();
    for value in array.iter() {
        strings.extend(value.as_string());
    }
    strings
}

/// Number of kinds that `inspect.js` packs into a number.
const KINDS_IN_A_NUMBER: usize = 13;

/// The number that identifies a model in `inspect.js`.
fn number_of(model: &'static Model) -> usize {
    std::ptr::from_ref(model).addr()
}

impl Node for Json {
    fn kind(&self) -> Kind {
        Kind::of_code(inspect::kind_of(&self.0))
    }

    fn kinds(&self, model: &'static Model) -> Vec<Kind> {
        let count = model.fields.len();
        let mut kinds = Vec::with_capacity(count);
        while kinds.len() < count {
            let packed = inspect::kinds_of(&self.0, number_of(model), kinds.len());
            if packed < 0.0 {
                for field in model.fields {
                    inspect::learn(number_of(model), field.name);
                }
                continue;
            }
            #[allow(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "52 bits of a whole number"
            )]
            let mut packed = packed as u64;
            for _ in kinds.len()..count.min(kinds.len().saturating_add(KINDS_IN_A_NUMBER)) {
                kinds.push(Kind::of_code((packed & 15) as u32));
                packed >>= 4;
            }
        }
        kinds
    }

    fn unknown_keys(&self, model: &'static Model) -> Vec<String> {
        strings(&inspect::unknown_keys_of(&self.0, number_of(model)))
    }

    fn as_string(&self) -> Option<String> {
        self.0.as_string()
    }

    fn as_f64(&self) -> Option<f64> {
        self.0.as_f64()
    }

    fn as_bool(&self) -> Option<bool> {
        self.0.as_bool()
    }

    fn get(&self, key: &str) -> Option<Self> {
        Some(Self(property(&self.0, key))).filter(|value| !value.0.is_undefined())
    }

    fn keys(&self) -> Vec<String> {
        strings(&inspect::keys_of(&self.0))
    }

    fn items(&self) -> Vec<Self> {
        let mut items = Vec::new();
        for item in inspect::items_of(&self.0).iter() {
            items.push(Self(item));
        }
        items
    }
}

impl From<Json> for JsValue {
    fn from(json: Json) -> Self {
        json.0
    }
}

impl Value for Json {
    fn from_string(text: &str) -> Self {
        Self(text.into())
    }

    fn from_number(number: f64) -> Self {
        Self(number.into())
    }

    fn from_bool(truth: bool) -> Self {
        Self(truth.into())
    }

    fn null() -> Self {
        Self(JsValue::NULL)
    }

    fn array(items: Vec<Self>) -> Self {
        Self(array_of(items.into_iter().map(|item| item.0)).into())
    }

    fn object(fields: &[(&str, Self)]) -> Self {
        let object = Object::new();
        for (name, value) in fields.iter().filter(|(_, value)| !value.0.is_undefined()) {
            set(&object, name, &value.0);
        }
        Self(object.into())
    }
}

/// Sets a property of a plain object, which cannot fail.
pub fn set(object: &Object, key: &str, value: &JsValue) {
    let _ = Reflect::set(object, &key.into(), value);
}

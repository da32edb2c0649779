//! JSON values that stay JavaScript's own.

use js_sys::{Array, Function, JsString, Object, Reflect};
use wasm_bindgen::prelude::*;

use crate::api::check::{Kind, Node};

/// A JavaScript value looked at as JSON.
#[derive(Clone, Debug)]
pub struct Json(pub JsValue);

#[wasm_bindgen]
extern "C" {
    // The bindings of js-sys take a Rust string and would copy the text into wasm and out again.
    #[wasm_bindgen(catch, js_namespace = JSON)]
    fn parse(text: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_namespace = JSON)]
    fn stringify(value: &JsValue) -> Result<JsValue, JsValue>;
}

/// The value that a JavaScript string writes, by the engine's own parser.
pub fn from_text(text: &JsValue) -> Result<JsValue, JsValue> {
    parse(text)
}

/// A value as a JavaScript string of JSON.
pub fn to_text(value: &JsValue) -> Result<JsValue, JsValue> {
    stringify(value)
}

/// The property of a value, `undefined` where there is none or reading it throws.
pub fn property(of: &JsValue, key: &str) -> JsValue {
    Reflect::get(of, &JsValue::from_str(key)).unwrap_or(JsValue::UNDEFINED)
}

/// The method of a value, if it has one of that name.
pub fn method(of: &JsValue, key: &str) -> Option<Function> {
    property(of, key).dyn_into().ok()
}

/// A text without a secret, should it have come back in it.
pub fn without(text: &JsValue, secret: Option<&str>) -> JsValue {
    match (text.dyn_ref::<JsString>(), secret) {
        (Some(plain), Some(secret)) if plain.includes(secret, 0) => {
            plain.split(secret).join("[redacted]").into()
        }
        _ => text.clone(),
    }
}

impl Node for Json {
    fn kind(&self) -> Kind {
        let value = &self.0;
        if value.is_undefined() {
            Kind::Absent
        } else if value.is_null() {
            Kind::Null
        } else if value.is_string() {
            Kind::Text
        } else if value.as_f64().is_some() {
            Kind::Number
        } else if value.as_bool().is_some() {
            Kind::Boolean
        } else if Array::is_array(value) {
            Kind::List
        } else if value.is_object() {
            Kind::Object
        } else {
            Kind::Foreign
        }
    }

    fn text(&self) -> Option<String> {
        self.0.as_string()
    }

    fn number(&self) -> Option<f64> {
        self.0.as_f64()
    }

    fn truth(&self) -> Option<bool> {
        self.0.as_bool()
    }

    fn get(&self, key: &str) -> Option<Self> {
        Some(Self(property(&self.0, key))).filter(|value| !value.0.is_undefined())
    }

    fn keys(&self) -> Vec<String> {
        Object::keys(self.0.unchecked_ref::<Object>()).iter().filter_map(|key| key.as_string()).collect()
    }

    fn items(&self) -> Vec<Self> {
        Array::from(&self.0).iter().map(Self).collect()
    }
}

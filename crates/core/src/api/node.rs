//! Interface to JSON values in JavaScript and in Rust.

use super::shape::{Field, Model};

/// Kind of a JSON value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Missing: `undefined` in JavaScript.
    Absent,
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean,
    /// An integer.
    Integer,
    /// Any other number.
    Number,
    /// A string.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
    /// Not a JSON value: a function, a symbol, a big integer.
    NotJson,
}

impl Kind {
    /// Decodes a kind of `transport/inspect.js`.
    #[cfg(target_arch = "wasm32")]
    #[must_use]
    pub const fn of_code(code: u32) -> Self {
        match code {
            0 => Self::Absent,
            1 => Self::Null,
            2 => Self::Boolean,
            3 => Self::Integer,
            4 => Self::Number,
            5 => Self::String,
            6 => Self::Array,
            7 => Self::Object,
            _ => Self::NotJson,
        }
    }

    /// Whether it is an integer or another number.
    #[must_use]
    pub const fn is_number(self) -> bool {
        matches!(self, Self::Integer | Self::Number)
    }
}

/// A JSON value, in JavaScript or in Rust.
pub trait Node: Sized {
    /// The kind of the value.
    fn kind(&self) -> Kind;
    /// The string, if it is one.
    fn as_string(&self) -> Option<String>;
    /// The number, if it is one.
    fn as_f64(&self) -> Option<f64>;
    /// The boolean, if it is one.
    fn as_bool(&self) -> Option<bool>;
    /// The value of an object's key.
    fn get(&self, key: &str) -> Option<Self>;
    /// The keys of an object.
    fn keys(&self) -> Vec<String>;
    /// The items of an array.
    fn items(&self) -> Vec<Self>;

    /// The kinds of a model's fields.
    fn kinds(&self, model: &'static Model) -> Vec<Kind> {
        let kind = |field: &Field| self.get(field.name).map_or(Kind::Absent, |value| value.kind());
        model.fields.iter().map(kind).collect()
    }

    /// The keys of an object that are not fields of a model.
    fn unknown_keys(&self, model: &'static Model) -> Vec<String> {
        let is_known = |key: &String| model.fields.iter().any(|field| field.name == key.as_str());
        self.keys().into_iter().filter(|key| !is_known(key)).collect()
    }
}

impl Node for serde_json::Value {
    fn kind(&self) -> Kind {
        match self {
            Self::Null => Kind::Null,
            Self::Bool(_) => Kind::Boolean,
            Self::Number(number) => {
                let is_whole = number.as_f64().is_some_and(|number| number.fract() == 0.0);
                if is_whole { Kind::Integer } else { Kind::Number }
            }
            Self::String(_) => Kind::String,
            Self::Array(_) => Kind::Array,
            Self::Object(_) => Kind::Object,
        }
    }

    fn as_string(&self) -> Option<String> {
        self.as_str().map(str::to_owned)
    }

    fn as_f64(&self) -> Option<f64> {
        self.as_f64()
    }

    fn as_bool(&self) -> Option<bool> {
        self.as_bool()
    }

    fn get(&self, key: &str) -> Option<Self> {
        Self::get(self, key).cloned()
    }

    fn keys(&self) -> Vec<String> {
        self.as_object().map(|object| object.keys().cloned().collect()).unwrap_or_default()
    }

    fn items(&self) -> Vec<Self> {
        self.as_array().cloned().unwrap_or_default()
    }
}

//! A cheap JSON value that is never serialized or parsed.

use std::fmt;
use std::rc::Rc;

use browser_use_skills_core::api::node::{Kind, Node};
use browser_use_skills_core::api::shape::Model;
use browser_use_skills_core::engine;

/// A JSON value. As a body, also its serialization.
#[derive(Clone, Default)]
pub enum Value {
    #[default]
    Undefined,
    Null,
    Bool(bool),
    Number(f64),
    Text(Rc<str>),
    List(Rc<[Value]>),
    Object(Rc<[(Key, Value)]>),
    /// A body that is not JSON.
    Broken,
}

/// The name of a field.
#[derive(Clone)]
pub enum Key {
    Fixed(&'static str),
    Owned(Rc<str>),
}

impl Key {
    fn as_str(&self) -> &str {
        match self {
            Self::Fixed(text) => text,
            Self::Owned(text) => text,
        }
    }
}

impl Value {
    pub fn text_of(text: &str) -> Self {
        Self::Text(Rc::from(text))
    }

    /// An object whose keys are known at compile time.
    pub fn record<const COUNT: usize>(fields: [(&'static str, Self); COUNT]) -> Self {
        Self::Object(fields.into_iter().map(|(key, value)| (Key::Fixed(key), value)).collect())
    }

    pub fn field(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Object(fields) => {
                fields.iter().find(|(key, _)| key.as_str() == name).map(|(_, value)| value)
            }
            _ => None,
        }
    }

    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The text of a field.
    pub fn text_field(&self, name: &str) -> Option<&str> {
        self.field(name)?.as_str()
    }
}

/// Shortened for histories: only the first digits of ids, and without the fields that never change.
impl fmt::Debug for Value {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Undefined => formatter.write_str("undefined"),
            Self::Null => formatter.write_str("null"),
            Self::Bool(truth) => write!(formatter, "{truth}"),
            Self::Number(number) => write!(formatter, "{number}"),
            Self::Text(text) => formatter.write_str(short(text)),
            Self::Broken => formatter.write_str("(not JSON)"),
            Self::List(items) => {
                write!(formatter, "{} of", items.len())?;
                formatter.debug_list().entries(items.iter().take(SHOWN_ITEMS)).finish()
            }
            Self::Object(fields) => {
                let is_shown = |name: &str| {
                    !matches!(name, "skillId" | "version" | "region" | "pageNumber" | "pageSize")
                };
                let shown = fields.iter().filter(|(key, value)| {
                    is_shown(key.as_str()) && !matches!(value, Self::Undefined | Self::Null)
                });
                formatter.write_str("{")?;
                for (key, value) in shown {
                    write!(formatter, " {}: {value:?}", key.as_str())?;
                }
                formatter.write_str(" }")
            }
        }
    }
}

/// The maximum number of list items in a history.
const SHOWN_ITEMS: usize = 6;

/// The first digits of an id, or any other text unchanged.
pub fn short(text: &str) -> &str {
    if text.len() == 36 { text.get(..8).unwrap_or(text) } else { text }
}

impl Node for Value {
    fn kind(&self) -> Kind {
        match self {
            Self::Undefined => Kind::Absent,
            Self::Null => Kind::Null,
            Self::Bool(_) => Kind::Boolean,
            Self::Number(number) if number.fract() == 0.0 => Kind::Integer,
            Self::Number(_) => Kind::Number,
            Self::Text(_) => Kind::String,
            Self::List(_) => Kind::Array,
            Self::Object(_) => Kind::Object,
            Self::Broken => Kind::NotJson,
        }
    }

    fn as_string(&self) -> Option<String> {
        self.as_str().map(str::to_owned)
    }

    fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }

    fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(truth) => Some(*truth),
            _ => None,
        }
    }

    fn get(&self, key: &str) -> Option<Self> {
        self.field(key).cloned()
    }

    fn keys(&self) -> Vec<String> {
        match self {
            Self::Object(fields) => fields.iter().map(|(key, _)| key.as_str().to_owned()).collect(),
            _ => Vec::new(),
        }
    }

    fn items(&self) -> Vec<Self> {
        match self {
            Self::List(items) => items.to_vec(),
            _ => Vec::new(),
        }
    }

    fn kinds(&self, model: &'static Model) -> Vec<Kind> {
        model.fields.iter().map(|field| self.field(field.name).map_or(Kind::Absent, Node::kind)).collect()
    }
}

impl engine::Value for Value {
    fn from_string(text: &str) -> Self {
        Self::text_of(text)
    }

    fn from_number(number: f64) -> Self {
        Self::Number(number)
    }

    fn from_bool(truth: bool) -> Self {
        Self::Bool(truth)
    }

    fn null() -> Self {
        Self::Null
    }

    fn array(items: Vec<Self>) -> Self {
        Self::List(items.into())
    }

    fn object(fields: &[(&str, Self)]) -> Self {
        let is_there = |(_, value): &&(&str, Self)| !matches!(value, Self::Undefined);
        let owned = |(key, value): &(&str, Self)| (Key::Owned(Rc::from(*key)), value.clone());
        Self::Object(fields.iter().filter(is_there).map(owned).collect())
    }
}

//! Violations in requests and responses.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::text::format_integer;

/// A violation in a request or response.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Issue {
    /// Location: `body`, `query` or `path`, then keys and indices.
    pub loc: Vec<Loc>,
    /// Error message.
    pub msg: Cow<'static, str>,
    /// Error type: `missing`, `string_too_short`, …
    pub kind: Cow<'static, str>,
    /// The exceeded limit, with pydantic's name for it.
    pub limit: Option<(&'static str, u32)>,
}

/// A step of a location.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Loc {
    /// Index in an array.
    Index(u32),
    /// Key of an object.
    Key(Cow<'static, str>),
}

impl Issue {
    /// Creates an issue without a limit.
    #[doc(hidden)]
    pub fn new(loc: Vec<Loc>, kind: &'static str, msg: impl Into<Cow<'static, str>>) -> Self {
        Self { loc, msg: msg.into(), kind: Cow::Borrowed(kind), limit: None }
    }

    /// Creates an issue of an option or a path parameter.
    #[doc(hidden)]
    pub fn at(part: &'static str, name: &'static str, msg: impl Into<Cow<'static, str>>) -> Self {
        let loc = vec![Loc::Key(Cow::Borrowed(part)), Loc::Key(Cow::Borrowed(name))];
        Self::new(loc, "value_error", msg)
    }

    /// The location in code notation without its first step: `categories[1]`.
    #[must_use]
    pub fn path(&self) -> String {
        let mut path = String::new();
        for step in self.loc.iter().skip(1) {
            match step {
                Loc::Key(key) => {
                    if !path.is_empty() {
                        path.push('.');
                    }
                    path.push_str(key);
                }
                Loc::Index(index) => {
                    path.push('[');
                    path.push_str(&format_integer(*index));
                    path.push(']');
                }
            }
        }
        path
    }
}

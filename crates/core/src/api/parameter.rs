//! Validates execution parameters against the skill's declared parameters, before credits are spent.

use std::borrow::Cow;

use super::check::did_you_mean;
use super::issue::{Issue, Loc};
use super::node::{Kind, Node};
use super::text::concat;

/// Validates the parameters of an execution.
///
/// An unknown type, of a later version of the API, accepts any value.
#[must_use]
pub fn issues<N: Node>(declared: &N, given: &N) -> Vec<Issue> {
    let mut found = Vec::new();
    let mut parameters = Vec::new();
    for item in declared.items() {
        parameters.extend(Declared::read(&item));
    }
    for parameter in &parameters {
        let value = given.get(&parameter.name).filter(|value| value.kind() != Kind::Absent);
        let problem = match value {
            None if parameter.required => {
                Some(("missing", Cow::Borrowed("The skill requires this parameter")))
            }
            None => None,
            Some(value) if value.kind() == Kind::Null && !parameter.required => None,
            Some(value) => parameter.problem(value.kind()),
        };
        found.extend(problem.map(|(kind, msg)| issue(&parameter.name, kind, msg)));
    }
    for key in given.keys() {
        if !parameters.iter().any(|parameter| parameter.name == key) {
            let names: Vec<&str> = parameters.iter().map(|parameter| parameter.name.as_str()).collect();
            let hint = did_you_mean(&key, &names);
            found.push(issue(&key, "extra_forbidden", concat(&["The skill has no such parameter", &hint])));
        }
    }
    found
}

/// A declared parameter of a skill.
struct Declared {
    name: String,
    kind: String,
    required: bool,
}

impl Declared {
    fn read<N: Node>(schema: &N) -> Option<Self> {
        let text = |key| schema.get(key).and_then(|value| value.as_string());
        let has_default = schema.get("default").is_some_and(|default| default.kind() != Kind::Null);
        let required = schema.get("required").and_then(|required| required.as_bool()).unwrap_or(true);
        Some(Self {
            name: text("name")?,
            kind: text("type").unwrap_or_default(),
            required: required && !has_default,
        })
    }

    fn problem(&self, found: Kind) -> Option<(&'static str, Cow<'static, str>)> {
        let (expected, kind, msg) = match self.kind.as_str() {
            "number" if found.is_number() => return None,
            "string" => (Kind::String, "string_type", "Input should be a valid string"),
            "cookie" => (Kind::String, "string_type", "Input should be the value of a cookie, as a string"),
            "number" => (Kind::Number, "float_type", "Input should be a valid number"),
            "boolean" => (Kind::Boolean, "bool_type", "Input should be a valid boolean"),
            "object" => (Kind::Object, "dict_type", "Input should be a valid dictionary"),
            "array" => (Kind::Array, "list_type", "Input should be a valid list"),
            _ => return None,
        };
        (found != expected).then_some((kind, Cow::Borrowed(msg)))
    }
}

fn issue(name: &str, kind: &'static str, msg: impl Into<Cow<'static, str>>) -> Issue {
    let step = |key: &str| Loc::Key(Cow::Owned(key.to_owned()));
    Issue::new(vec![Loc::Key(Cow::Borrowed("body")), step("parameters"), step(name)], kind, msg)
}

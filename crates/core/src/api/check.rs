//! Validates values against a [`Model`]. Reports every violation with its path.
//!
//! Issues have the format of the server's 422 (`loc`, `msg`, `type`) and its messages, so that callers handle both in
//! the same way.

use std::borrow::Cow;

use uuid::Uuid;

use super::date_time::is_date_time;
use super::issue::{Issue, Loc};
use super::node::{Kind, Node};
use super::shape::{Field, Model, Shape};
use super::text::{concat, format_integer};

/// What is validated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// A request before it is sent: all limits. Unknown keys are invalid, because most are misspelt.
    ClientRequest,
    /// A request as the server validates it: all limits. Unknown keys are ignored.
    ServerRequest,
    /// A response: types only. Later versions of the API may add fields and enum members.
    Response,
}

/// Validates a value. Locations start with `part`: `body`, `query` or `path`.
#[must_use]
pub fn issues<N: Node>(value: &N, model: &'static Model, part: &'static str, mode: Mode) -> Vec<Issue> {
    let mut check = Check { mode, loc: vec![Loc::Key(Cow::Borrowed(part))], issues: Vec::new() };
    check.shape(value, value.kind(), &Shape::Model(model));
    check.issues
}

/// Validates a path parameter: ids are UUIDs, a slug is not empty.
#[must_use]
pub fn path_issue<N: Node>(value: &N, name: &'static str) -> Option<Issue> {
    let loc = vec![Loc::Key(Cow::Borrowed("path")), Loc::Key(Cow::Borrowed(name))];
    let mut check = Check { mode: Mode::ClientRequest, loc, issues: Vec::new() };
    let shape = if is_id(name) { Shape::Uuid } else { Shape::String { min: 1, max: u32::MAX } };
    check.shape(value, value.kind(), &shape);
    check.issues.pop()
}

/// Converts a UUID to canonical form: lower case with hyphens. Returns `None` if it is invalid.
#[must_use]
pub fn canonical_id(text: &str) -> Option<String> {
    let uuid = Uuid::try_parse(text).ok()?;
    Some(uuid.hyphenated().encode_lower(&mut Uuid::encode_buffer()).to_owned())
}

/// Whether a path parameter is a UUID.
#[must_use]
pub fn is_id(parameter: &str) -> bool {
    parameter.ends_with("_id")
}

struct Check {
    mode: Mode,
    loc: Vec<Loc>,
    issues: Vec<Issue>,
}

impl Check {
    fn report(&mut self, kind: &'static str, msg: impl Into<Cow<'static, str>>) {
        self.issues.push(Issue::new(self.loc.clone(), kind, msg));
    }

    fn report_limit(&mut self, kind: &'static str, msg: String, name: &'static str, limit: u32) {
        let issue = Issue::new(self.loc.clone(), kind, msg);
        self.issues.push(Issue { limit: Some((name, limit)), ..issue });
    }

    /// For a response, the first violation is sufficient.
    fn is_done(&self) -> bool {
        self.mode == Mode::Response && !self.issues.is_empty()
    }

    fn inside(&mut self, step: Loc, check: impl FnOnce(&mut Self)) {
        self.loc.push(step);
        check(self);
        self.loc.pop();
    }

    fn shape<N: Node>(&mut self, value: &N, kind: Kind, shape: &Shape) {
        match shape {
            Shape::Any => {}
            Shape::Object if kind == Kind::Object => {}
            Shape::Object => self.report("dict_type", "Input should be a valid dictionary"),
            Shape::Boolean if kind == Kind::Boolean => {}
            Shape::Boolean => self.report("bool_type", "Input should be a valid boolean"),
            Shape::Number if kind.is_number() => {}
            Shape::Number => self.report("float_type", "Input should be a valid number"),
            Shape::Integer { min, max } => self.integer(value.as_f64(), *min, *max),
            Shape::Array(item) if kind == Kind::Array => {
                for (index, element) in (0..).zip(value.items()) {
                    if self.is_done() {
                        return;
                    }
                    self.inside(Loc::Index(index), |check| check.shape(&element, element.kind(), item));
                }
            }
            Shape::Array(_) => self.report("list_type", "Input should be a valid list"),
            Shape::Model(model) if kind == Kind::Object => self.model(value, model),
            Shape::Model(_) => self.report(
                "model_attributes_type",
                "Input should be a valid dictionary or object to extract fields from",
            ),
            Shape::String { .. } | Shape::Enum(_) | Shape::Uuid | Shape::DateTime => {
                if kind == Kind::String {
                    self.text(value, shape);
                } else if matches!(shape, Shape::Uuid) {
                    self.report("uuid_type", "UUID input should be a string");
                } else if matches!(shape, Shape::DateTime) {
                    self.report("datetime_type", "Input should be a valid datetime");
                } else {
                    self.report("string_type", "Input should be a valid string");
                }
            }
        }
    }

    fn integer(&mut self, number: Option<f64>, min: u32, max: u32) {
        let Some(number) = number else {
            return self.report("int_type", "Input should be a valid integer");
        };
        if !number.is_finite() || number.fract() != 0.0 {
            self.report(
                "int_from_float",
                "Input should be a valid integer, got a number with a fractional part",
            );
        } else if self.mode != Mode::Response {
            if number < f64::from(min) {
                let msg = concat(&["Input should be greater than or equal to ", &format_integer(min)]);
                self.report_limit("greater_than_equal", msg, "ge", min);
            } else if max != u32::MAX && number > f64::from(max) {
                let msg = concat(&["Input should be less than or equal to ", &format_integer(max)]);
                self.report_limit("less_than_equal", msg, "le", max);
            }
        }
    }

    fn text<N: Node>(&mut self, value: &N, shape: &Shape) {
        match shape {
            Shape::Uuid if value.as_string().is_none_or(|text| Uuid::try_parse(&text).is_err()) => {
                self.report("uuid_parsing", "Input should be a valid UUID");
            }
            Shape::DateTime
                if self.mode != Mode::Response
                    && value.as_string().is_none_or(|text| !is_date_time(&text)) =>
            {
                self.report(
                    "datetime_parsing",
                    "Input should be a valid datetime with an offset, like 2026-01-31T12:00:00Z",
                );
            }
            Shape::Enum(choice) if self.mode != Mode::Response => {
                let text = value.as_string().unwrap_or_default();
                if !choice.members.contains(&text.as_str()) {
                    let msg = concat(&["Input should be ", &one_of(choice.members)]);
                    let hint = match self.mode {
                        Mode::ClientRequest => did_you_mean(&text, choice.members),
                        Mode::ServerRequest | Mode::Response => String::new(),
                    };
                    self.report("enum", msg + &hint);
                }
            }
            Shape::String { min, max } if self.mode != Mode::Response && (*min, *max) != (0, u32::MAX) => {
                // The server counts code points; JavaScript counts UTF-16 code units.
                let length = code_points(&value.as_string().unwrap_or_default());
                let length = u32::try_from(length).unwrap_or(u32::MAX);
                if length < *min {
                    let msg =
                        concat(&["String should have at least ", &format_integer(*min), characters(*min)]);
                    self.report_limit("string_too_short", msg, "min_length", *min);
                } else if length > *max {
                    let msg =
                        concat(&["String should have at most ", &format_integer(*max), characters(*max)]);
                    self.report_limit("string_too_long", msg, "max_length", *max);
                }
            }
            _ => {}
        }
    }

    fn model<N: Node>(&mut self, value: &N, model: &'static Model) {
        for (field, kind) in model.fields.iter().zip(value.kinds(model)) {
            if self.is_done() {
                return;
            }
            if !self.is_valid(kind, field) {
                let name = Loc::Key(Cow::Borrowed(field.name));
                self.inside(name, |check| match value.get(field.name) {
                    Some(value) if kind != Kind::Absent => check.shape(&value, kind, &field.shape),
                    _ => check.report("missing", "Field required"),
                });
            }
        }
        if self.mode == Mode::ClientRequest {
            for key in value.unknown_keys(model) {
                let names: Vec<&str> = model.fields.iter().map(|field| field.name).collect();
                let hint = did_you_mean(&key, &names);
                let msg = concat(&["Unknown key", &hint, "; to send it nevertheless, use extraBody"]);
                self.inside(Loc::Key(Cow::Owned(key)), |check| check.report("extra_forbidden", msg));
            }
        }
    }

    /// Whether the kind of a field's value is sufficient to accept it.
    fn is_valid(&self, kind: Kind, field: &Field) -> bool {
        match (kind, &field.shape) {
            (Kind::Absent, _) => !field.required,
            (Kind::Null, _) if field.nullable => true,
            (_, Shape::Any) | (Kind::Object, Shape::Object) | (Kind::Boolean, Shape::Boolean) => true,
            (Kind::String, Shape::String { .. } | Shape::Enum(_) | Shape::DateTime)
            | (Kind::Integer, Shape::Integer { .. }) => self.mode == Mode::Response,
            _ => false,
        }
    }
}

/// `chars().count()` includes an implementation for long texts that is larger than all other text checks.
fn code_points(text: &str) -> usize {
    text.bytes().filter(|byte| byte & 0xC0 != 0x80).count()
}

const fn characters(count: u32) -> &'static str {
    if count == 1 { " character" } else { " characters" }
}

/// Formats the members of an enum as pydantic does: `'a', 'b' or 'c'`.
fn one_of(members: &[&str]) -> String {
    let mut text = String::new();
    for (index, member) in members.iter().enumerate() {
        if index > 0 {
            text.push_str(if index.saturating_add(1) == members.len() { " or " } else { ", " });
        }
        text.push('\'');
        text.push_str(member);
        text.push('\'');
    }
    text
}

/// Returns `; did you mean "agentPrompt"?` if a known name is within two edits; otherwise an empty string.
///
/// Compares bytes: `strsim::levenshtein` includes `chars().count()`.
#[must_use]
pub fn did_you_mean(text: &str, known: &[&str]) -> String {
    let lower = text.to_ascii_lowercase().into_bytes();
    let near = known
        .iter()
        .map(|name| (strsim::generic_levenshtein(&lower, &name.to_ascii_lowercase().into_bytes()), name))
        .min_by_key(|(distance, _)| *distance)
        .filter(|(distance, name)| *distance <= 2 && *distance < name.len());
    near.map_or_else(String::new, |(_, name)| concat(&["; did you mean \"", name, "\"?"]))
}

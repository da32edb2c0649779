//! Generates `models.ts`: an interface for each model, a union for each enumeration.

use std::collections::BTreeMap;

use browser_use_skills::api::operation::Operation;
use browser_use_skills::api::operation_spec::Input;
use browser_use_skills::api::shape::{Field, Model, Shape, StringEnum};

use crate::text::{HEAD, comment, lines};

/// Whether a model is sent or received. Enumerations are closed in requests and open in responses.
#[derive(Clone, Copy, PartialEq)]
enum Direction {
    Sent,
    Received,
}

#[derive(Default)]
struct Types {
    models: BTreeMap<&'static str, (&'static Model, Option<Direction>)>,
    choices: BTreeMap<&'static str, &'static StringEnum>,
}

impl Types {
    fn model(&mut self, model: &'static Model, direction: Direction) {
        self.models.insert(model.name, (model, Some(direction)));
        for field in model.fields {
            self.shape(&field.shape, direction);
        }
    }

    fn shape(&mut self, shape: &Shape, direction: Direction) {
        match shape {
            Shape::Enum(choice) => {
                self.choices.insert(choice.name, choice);
            }
            Shape::Array(item) => self.shape(item, direction),
            Shape::Model(model) => self.model(model, direction),
            _ => {}
        }
    }
}

pub fn module() -> String {
    let mut types = Types::default();
    for operation in Operation::ALL {
        let spec = operation.spec();
        match spec.input {
            Input::Body(model) | Input::Query(model) => types.model(model, Direction::Sent),
            Input::None | Input::Constant(_) => {}
        }
        if let Some(model) = operation.response() {
            types.model(model, Direction::Received);
        }
    }
    let choices = types.choices.values().map(|choice| union(choice));
    let models = types.models.values().map(|(model, direction)| interface(model, *direction));
    format!("{HEAD}{}", choices.chain(models).collect::<String>().trim_start())
}

fn union(choice: &StringEnum) -> String {
    let members: String = choice.members.iter().map(|member| format!("\n  | \"{member}\"")).collect();
    format!("\n{}export type {} ={members};\n", comment(&lines(choice.doc), 0), choice.name)
}

fn interface(model: &Model, direction: Option<Direction>) -> String {
    let generics = if model.generics.is_empty() { String::new() } else { format!("<{}>", model.generics) };
    let fields: String = model.fields.iter().map(|field| member(field, direction)).collect();
    format!("\n{}export interface {}{generics} {{\n{fields}}}\n", comment(&lines(model.doc), 0), model.name)
}

fn member(field: &Field, direction: Option<Direction>) -> String {
    let mut doc = lines(field.doc);
    doc.extend(limits(&field.shape, direction));
    let optional = if field.required { "" } else { "?" };
    let undefined = if !field.required && direction == Some(Direction::Sent) { " | undefined" } else { "" };
    // `unknown | null` is `unknown`.
    let plain = if field.ts.is_empty() { type_of(&field.shape, direction) } else { field.ts.to_owned() };
    let nullable = if field.nullable && plain != "unknown" { " | null" } else { "" };
    let undefined = if plain == "unknown" { "" } else { undefined };
    format!("{}  {}{optional}: {plain}{nullable}{undefined};\n", comment(&doc, 2), field.name)
}

/// Describes the limits of a field in words.
fn limits(shape: &Shape, direction: Option<Direction>) -> Option<String> {
    let sent = direction == Some(Direction::Sent);
    match *shape {
        Shape::String { min: 0, max: u32::MAX } | Shape::Integer { min: 0, .. } => None,
        Shape::String { min: 0, max } => Some(format!("At most {max} characters (Unicode code points).")),
        Shape::String { min, max: u32::MAX } => {
            Some(format!("At least {min} characters (Unicode code points)."))
        }
        Shape::String { min, max } => Some(format!("From {min} to {max} characters (Unicode code points).")),
        Shape::Integer { min, max: u32::MAX } => Some(format!("An integer, at least {min}.")),
        Shape::Integer { min, max } => Some(format!("An integer from {min} to {max}.")),
        Shape::Uuid => Some("A UUID.".to_owned()),
        Shape::DateTime if sent => Some("RFC 3339 with an offset: `new Date().toISOString()`.".to_owned()),
        Shape::DateTime => Some("RFC 3339.".to_owned()),
        _ => None,
    }
}

fn type_of(shape: &Shape, direction: Option<Direction>) -> String {
    match shape {
        Shape::String { .. } | Shape::Uuid | Shape::DateTime => "string".to_owned(),
        Shape::Boolean => "boolean".to_owned(),
        Shape::Number | Shape::Integer { .. } => "number".to_owned(),
        // Later versions of the API may add members. Intersecting `string` keeps the completion of the known ones.
        Shape::Enum(choice) if direction == Some(Direction::Received) => {
            format!("{} | (string & Record<never, never>)", choice.name)
        }
        Shape::Enum(choice) => choice.name.to_owned(),
        Shape::Array(item) if direction == Some(Direction::Sent) => {
            format!("readonly {}[]", type_of(item, direction))
        }
        Shape::Array(item) if matches!(item, Shape::Enum(_)) => {
            format!("Array<{}>", type_of(item, direction))
        }
        Shape::Array(item) => format!("{}[]", type_of(item, direction)),
        Shape::Model(model) => model.name.to_owned(),
        Shape::Object => "Record<string, unknown>".to_owned(),
        _ => "unknown".to_owned(),
    }
}

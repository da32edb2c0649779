//! Generates values that match a JSON Schema and resemble the output of a real skill.
//!
//! Supports `type`, `properties`, `items`, `enum`, `const`, `minimum`, `maximum`,
//! `minItems`, `maxItems` and the formats `uri`, `date`, `date-time` and `email`.

use serde_json::{Map, Value, json};

use super::{calendar, vocabulary, weather};
use crate::rng::Rng;
use crate::skill::Skill;

/// Parameters that set the number of items.
const COUNTS: &[&str] = &["limit", "count", "maxResults", "max_results", "maxItems", "top"];
/// Parameters that set the subject, the most specific first.
const SUBJECTS: &[&str] =
    &["query", "keyword", "topic", "search", "role", "company", "city", "location", "destination", "ticker"];
/// Default number of items in the outermost list.
const DEFAULT_ITEMS: usize = 5;
/// Maximum number of items in the outermost list.
const MAX_ITEMS: usize = 200;
/// Number of items in a nested list.
const INNER_ITEMS: usize = 2;

/// Generates the output of one run.
pub struct Generator<'a> {
    rng: Rng,
    parameters: &'a Map<String, Value>,
    subject: String,
    domain: &'a str,
    now: u64,
    items: usize,
    /// Nesting depth of lists.
    depth: usize,
    /// Position in the innermost list, from 1.
    position: usize,
}

impl<'a> Generator<'a> {
    /// Creates a generator for a run with these parameters.
    pub fn new(rng: Rng, skill: &'a Skill, parameters: &'a Map<String, Value>, now: u64) -> Self {
        let requested = COUNTS.iter().find_map(|name| parameters.get(*name)?.as_f64());
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float cast saturates")]
        let requested = requested.map(|count| (count as usize).min(MAX_ITEMS));
        let listed = parameters.values().find_map(|value| Some(value.as_array()?.len()));
        let items = requested.or(listed).unwrap_or(DEFAULT_ITEMS);
        let named = SUBJECTS.iter().find_map(|name| parameters.get(*name)?.as_str());
        let subject = named.filter(|text| !text.is_empty()).unwrap_or("sample");
        Self {
            rng,
            parameters,
            subject: vocabulary::capitalized(subject),
            domain: skill.domains.first().map_or("example.com", String::as_str),
            now,
            items,
            depth: 0,
            position: 1,
        }
    }

    /// Generates a value for a schema.
    pub fn value(&mut self, schema: &Value) -> Value {
        self.named("", schema)
    }

    fn named(&mut self, name: &str, schema: &Value) -> Value {
        if let Some(value) = schema.get("const") {
            return value.clone();
        }
        if let Some(choices) = schema.get("enum").and_then(Value::as_array) {
            let listed = |value: &Value| choices.contains(value);
            return self.echo(name, listed).or_else(|| self.rng.pick(choices).cloned()).unwrap_or_default();
        }
        let types = types(schema);
        // No error and no next page.
        if types.contains(&"null") && (name == "error" || name.starts_with("next") || self.rng.below(8) == 0)
        {
            return Value::Null;
        }
        match types.first().copied().unwrap_or_default() {
            "object" => self.object(schema),
            "array" => self.array(name, schema),
            "boolean" => self.echo(name, Value::is_boolean).unwrap_or_else(|| self.boolean(name)),
            "integer" => self.echo(name, Value::is_i64).unwrap_or_else(|| self.integer(name, schema)),
            "number" => self.number(name, schema),
            "string" => self.text(name, schema),
            _ => Value::Null,
        }
    }

    /// Returns the parameter of the same name, which skills often repeat, or the item of the plural parameter at this
    /// position: `keyword` is one of `keywords`.
    fn echo(&self, name: &str, fits: impl Fn(&Value) -> bool) -> Option<Value> {
        let part = || self.parameters.get(&format!("{name}s"))?.get(self.position.saturating_sub(1));
        self.parameters.get(name).or_else(part).filter(|value| fits(value)).cloned()
    }

    fn object(&mut self, schema: &Value) -> Value {
        let Some(properties) = schema.get("properties").and_then(Value::as_object) else { return json!({}) };
        let fields = properties.iter().map(|(name, schema)| (name.clone(), self.named(name, schema)));
        let mut fields: Map<_, _> = fields.collect();
        if weather::is_day(properties) {
            let is_imperial = self.parameters.get("units").is_some_and(|units| units == "imperial");
            weather::set(&mut fields, weather::usual_high(&self.subject), is_imperial, &mut self.rng);
        }
        Value::Object(fields)
    }

    fn array(&mut self, name: &str, schema: &Value) -> Value {
        let Some(item) = schema.get("items") else { return json!([]) };
        let bound =
            |key| schema.get(key).and_then(Value::as_u64).and_then(|bound| usize::try_from(bound).ok());
        let default = if self.depth == 0 { self.items } else { INNER_ITEMS };
        let count = default.max(bound("minItems").unwrap_or(0)).min(bound("maxItems").unwrap_or(usize::MAX));
        let outer = (self.depth, self.position);
        self.depth = self.depth.saturating_add(1);
        let mut values = Vec::new();
        for position in 1..=count {
            self.position = position;
            values.push(self.named(name, item));
        }
        (self.depth, self.position) = outer;
        Value::Array(values)
    }

    fn boolean(&mut self, name: &str) -> Value {
        Value::Bool(name == "success" || self.rng.below(3) > 0)
    }

    /// Generates an integer within the schema's bounds, or in the usual range for its name.
    fn integer(&mut self, name: &str, schema: &Value) -> Value {
        let bound = |key| schema.get(key).and_then(Value::as_i64);
        match vocabulary::last_word(name).as_str() {
            "stops" if self.parameters.get("directOnly") == Some(&Value::Bool(true)) => return json!(0),
            "position" | "rank" => return json!(self.position),
            "total" | "count" if self.depth == 0 => return json!(self.items),
            _ => {}
        }
        let (least, most) = vocabulary::range(name);
        let least = bound("minimum").unwrap_or(least);
        let most = bound("maximum").unwrap_or_else(|| most.max(least));
        let span = u64::try_from(most.saturating_sub(least)).unwrap_or(0).saturating_add(1);
        json!(least.saturating_add(i64::try_from(self.rng.below(span)).unwrap_or(0)))
    }

    /// Generates a number with two decimals, within the same bounds.
    fn number(&mut self, name: &str, schema: &Value) -> Value {
        let (least, most) = vocabulary::range(name);
        #[allow(clippy::cast_precision_loss, reason = "the bounds of names are small")]
        let (least, most) = (least as f64, most as f64);
        let bound = |key| schema.get(key).and_then(Value::as_f64);
        let least = bound("minimum").unwrap_or(least);
        let most = bound("maximum").unwrap_or_else(|| most.max(least));
        // A parameter may set the maximum: `maxPrice` for `price`.
        let limit =
            self.parameters.get(&format!("max{}", vocabulary::capitalized(name))).and_then(Value::as_f64);
        let most = limit.map_or(most, |limit| limit.min(most)).max(least);
        let part = f64::from(u32::try_from(self.rng.below(10_001)).unwrap_or(0)) / 10_000.0;
        let value = (least + (most - least) * part) * 100.0;
        json!((value.round() / 100.0).min(most).max(least))
    }

    fn text(&mut self, name: &str, schema: &Value) -> Value {
        let format = schema.get("format").and_then(Value::as_str).unwrap_or_default();
        let word = vocabulary::last_word(name);
        let text = match (format, word.as_str()) {
            ("uri", _) | ("", "url" | "link" | "image") => {
                format!("https://{}/{}-{}", self.domain, vocabulary::slugify(&self.subject), self.position)
            }
            ("date-time", _) => {
                let position = self.position();
                calendar::moment(name, self.now, position, self.parameters, &mut self.rng)
            }
            ("date", _) => {
                let position = self.position();
                calendar::date(name, self.now, position, &mut self.rng)
            }
            ("email", _) | ("", "email") => format!("contact{}@example.com", self.position),
            _ => match self.echo(name, Value::is_string) {
                Some(value) => return value,
                None => self.phrase(&word),
            },
        };
        Value::String(text)
    }

    fn position(&self) -> u64 {
        u64::try_from(self.position).unwrap_or(1)
    }

    fn phrase(&mut self, word: &str) -> String {
        let subject = self.subject.clone();
        match word {
            "title" | "name" | "headline" | "label" => {
                let ending = self.rng.pick(vocabulary::ENDINGS).copied().unwrap_or_default();
                format!("{subject}: {ending}")
            }
            "id" | "sku" | "code" | "number" => format!("{:06x}", self.rng.below(1 << 24)),
            "description" | "summary" | "snippet" | "text" | "body" | "excerpt" => {
                let sentence = self.rng.pick(vocabulary::SENTENCES).copied().unwrap_or_default();
                format!("{subject}. {sentence}")
            }
            _ => {
                let choices = vocabulary::choices(word);
                let choice = self.rng.pick(choices).map(|choice| (*choice).to_owned());
                choice.unwrap_or_else(|| format!("{subject} {}", self.position))
            }
        }
    }
}

/// Returns the types that a schema allows, in order.
fn types(schema: &Value) -> Vec<&str> {
    match schema.get("type") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

//! Values that keep to a JSON Schema and look like what a skill would bring home.
//!
//! Knows what output schemas are written with: `type`, `properties`, `items`, `enum`, `const`, `minimum`, `maximum`,
//! `minItems`, `maxItems` and the formats `uri`, `date`, `date-time` and `email`.

use serde_json::{Map, Value, json};

use crate::seed::Seed;
use crate::skill::Skill;
use crate::words;

/// Parameters that say how many items are wanted.
const COUNTS: &[&str] = &["limit", "count", "maxResults", "max_results", "maxItems", "top"];
/// Parameters that say what is wanted, the most telling first.
const SUBJECTS: &[&str] =
    &["query", "keyword", "topic", "search", "role", "company", "city", "location", "destination", "ticker"];
/// Items of the first list when no number is asked for.
const ITEMS: usize = 5;
/// Most items of the first list.
const MOST_ITEMS: usize = 200;
/// Items of a list inside of an item.
const INNER_ITEMS: usize = 2;

/// A source of such values for one run.
pub struct Sample<'a> {
    seed: Seed,
    parameters: &'a Map<String, Value>,
    subject: String,
    domain: &'a str,
    items: usize,
    /// How many lists we are in.
    depth: usize,
    /// Which item of the innermost list we are at, from 1.
    position: usize,
}

impl<'a> Sample<'a> {
    /// A source for a run with these parameters.
    pub fn new(seed: Seed, skill: &'a Skill, parameters: &'a Map<String, Value>) -> Self {
        let asked = COUNTS.iter().find_map(|name| parameters.get(*name)?.as_f64());
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float cast saturates")]
        let asked = asked.map(|asked| (asked as usize).min(MOST_ITEMS));
        let listed = parameters.values().find_map(|value| Some(value.as_array()?.len()));
        let items = asked.or(listed).unwrap_or(ITEMS);
        let named = SUBJECTS.iter().find_map(|name| parameters.get(*name)?.as_str());
        let subject = named.filter(|text| !text.is_empty()).unwrap_or("sample");
        Self {
            seed,
            parameters,
            subject: words::capitalized(subject),
            domain: skill.domains.first().map_or("example.com", String::as_str),
            items,
            depth: 0,
            position: 1,
        }
    }

    /// A value for a schema.
    pub fn value(&mut self, schema: &Value) -> Value {
        self.named("", schema)
    }

    fn named(&mut self, name: &str, schema: &Value) -> Value {
        if let Some(value) = schema.get("const") {
            return value.clone();
        }
        if let Some(choices) = schema.get("enum").and_then(Value::as_array) {
            return self.seed.pick(choices).cloned().unwrap_or_default();
        }
        let types = types(schema);
        // What went wrong, and where the next page is: nothing and nowhere.
        if types.contains(&"null") && (name == "error" || name.starts_with("next") || self.seed.below(8) == 0)
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

    /// The parameter of the same name, which a skill often repeats; or this item's part of a list: `keyword` is one
    /// of `keywords`.
    fn echo(&self, name: &str, fits: fn(&Value) -> bool) -> Option<Value> {
        let part = || self.parameters.get(&format!("{name}s"))?.get(self.position.saturating_sub(1));
        self.parameters.get(name).or_else(part).filter(|value| fits(value)).cloned()
    }

    fn object(&mut self, schema: &Value) -> Value {
        let Some(properties) = schema.get("properties").and_then(Value::as_object) else { return json!({}) };
        let fields = properties.iter().map(|(name, schema)| (name.clone(), self.named(name, schema)));
        Value::Object(fields.collect())
    }

    fn array(&mut self, name: &str, schema: &Value) -> Value {
        let Some(item) = schema.get("items") else { return json!([]) };
        let bound =
            |key| schema.get(key).and_then(Value::as_u64).and_then(|bound| usize::try_from(bound).ok());
        let wanted = if self.depth == 0 { self.items } else { INNER_ITEMS };
        let count = wanted.max(bound("minItems").unwrap_or(0)).min(bound("maxItems").unwrap_or(usize::MAX));
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
        Value::Bool(name == "success" || self.seed.below(3) > 0)
    }

    /// A whole number between the schema's bounds, or of a size that fits its name.
    fn integer(&mut self, name: &str, schema: &Value) -> Value {
        let bound = |key| schema.get(key).and_then(Value::as_i64);
        match words::last(name).as_str() {
            "position" | "rank" => return json!(self.position),
            "total" | "count" if self.depth == 0 => return json!(self.items),
            _ => {}
        }
        let (least, most) = words::range(name);
        let least = bound("minimum").unwrap_or(least);
        let most = bound("maximum").unwrap_or_else(|| most.max(least));
        let span = u64::try_from(most.saturating_sub(least)).unwrap_or(0).saturating_add(1);
        json!(least.saturating_add(i64::try_from(self.seed.below(span)).unwrap_or(0)))
    }

    /// The same with two digits behind the point.
    fn number(&mut self, name: &str, schema: &Value) -> Value {
        let (least, most) = words::range(name);
        #[allow(clippy::cast_precision_loss, reason = "the bounds of names are small")]
        let (least, most) = (least as f64, most as f64);
        let bound = |key| schema.get(key).and_then(Value::as_f64);
        let least = bound("minimum").unwrap_or(least);
        let most = bound("maximum").unwrap_or_else(|| most.max(least));
        // What is said to be the most, is: `maxPrice` for `price`.
        let asked = self.parameters.get(&format!("max{}", words::capitalized(name))).and_then(Value::as_f64);
        let most = asked.map_or(most, |asked| asked.min(most)).max(least);
        let part = f64::from(u32::try_from(self.seed.below(10_001)).unwrap_or(0)) / 10_000.0;
        let value = (least + (most - least) * part) * 100.0;
        json!((value.round() / 100.0).min(most).max(least))
    }

    fn text(&mut self, name: &str, schema: &Value) -> Value {
        let format = schema.get("format").and_then(Value::as_str).unwrap_or_default();
        let word = words::last(name);
        let text = match (format, word.as_str()) {
            ("uri", _) | ("", "url" | "link" | "image") => {
                format!("https://{}/{}-{}", self.domain, words::dashed(&self.subject), self.position)
            }
            ("date-time", _) => format!("{}T{:02}:30:00Z", self.date(), self.seed.below(24)),
            ("date", "day") => format!("2026-11-{:02}", self.position.min(30)),
            ("date", _) => self.date(),
            ("email", _) | ("", "email") => format!("contact{}@example.com", self.position),
            _ => match self.echo(name, Value::is_string) {
                Some(value) => return value,
                None => self.phrase(&word),
            },
        };
        Value::String(text)
    }

    /// A day that goes back with the position in the list.
    fn date(&self) -> String {
        format!("2026-10-{:02}", 29_usize.saturating_sub(self.position).max(1))
    }

    fn phrase(&mut self, word: &str) -> String {
        let subject = self.subject.clone();
        match word {
            "title" | "name" | "headline" | "label" => {
                let ending = self.seed.pick(words::ENDINGS).copied().unwrap_or_default();
                format!("{subject}: {ending}")
            }
            "id" | "sku" | "code" | "number" => format!("{:06x}", self.seed.below(1 << 24)),
            "description" | "summary" | "snippet" | "text" | "body" | "excerpt" => {
                let sentence = self.seed.pick(words::SENTENCES).copied().unwrap_or_default();
                format!("{subject}. {sentence}")
            }
            _ => {
                let choices = words::choices(word);
                let choice = self.seed.pick(choices).map(|choice| (*choice).to_owned());
                choice.unwrap_or_else(|| format!("{subject} {}", self.position))
            }
        }
    }
}

/// The types that a schema allows, the first one first.
fn types(schema: &Value) -> Vec<&str> {
    match schema.get("type") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

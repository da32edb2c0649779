//! Runs a skill: validates the parameters and generates the outcome.

use browser_use_skills::api::skill::ParameterSchema;
use browser_use_skills::api::value::ParameterType;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::fake::output::Generator;
use crate::rng::Rng;
use crate::skill::{Skill, Version};

/// The outcome of a run.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Outcome {
    pub success: bool,
    pub result: Option<Value>,
    pub error: Option<String>,
    pub stderr: Option<String>,
}

/// Runs a skill. The same skill, seed and parameters give the same outcome in the same hour: dates are relative to `now`.
pub fn run(skill: &Skill, version: &Version, given: &Map<String, Value>, seed: u64, now: u64) -> Outcome {
    let mut values = Map::new();
    for parameter in &version.parameters {
        match value_of(parameter, given) {
            Ok(Some(value)) => {
                let accepts = version.accepts.get(&parameter.name);
                if let Some(problem) = accepts.and_then(|accepts| accepts.problem(value)) {
                    return failure(&format!("Parameter '{}' {problem}", parameter.name));
                }
                values.insert(parameter.name.clone(), value.clone());
            }
            Ok(None) => {}
            Err(error) => return failure(&error),
        }
    }
    if given.values().any(|value| value.as_str().is_some_and(|text| text.contains("[fail]"))) {
        return failure("The page has an unexpected layout");
    }
    let rng = Rng::new(seed, &format!("{} {}", skill.title(), Value::Object(values.clone())));
    let result =
        Generator::new(rng, skill, &values, now).value(&Value::Object(version.output_schema.clone()));
    Outcome { success: true, result: Some(result), error: None, stderr: None }
}

/// Returns the given value of a parameter, or its default. Null counts as absent.
fn value_of<'a>(
    parameter: &'a ParameterSchema,
    given: &'a Map<String, Value>,
) -> Result<Option<&'a Value>, String> {
    let name = &parameter.name;
    match given.get(name).filter(|value| !value.is_null()) {
        Some(value) if has_type(&parameter.r#type, value) => Ok(Some(value)),
        Some(_) if parameter.r#type == ParameterType::Cookie => {
            Err(format!("Parameter '{name}' must be the cookie's value, a string"))
        }
        Some(_) => Err(format!("Parameter '{name}' must be of type {}", parameter.r#type)),
        None if parameter.default.is_some() => Ok(parameter.default.as_ref()),
        None if parameter.required => Err(format!("Missing required parameter '{name}'")),
        None => Ok(None),
    }
}

fn has_type(r#type: &ParameterType, value: &Value) -> bool {
    match r#type {
        ParameterType::String | ParameterType::Cookie => value.is_string(),
        ParameterType::Number => value.is_number(),
        ParameterType::Boolean => value.is_boolean(),
        ParameterType::Object => value.is_object(),
        ParameterType::Array => value.is_array(),
        _ => true,
    }
}

fn failure(error: &str) -> Outcome {
    let stderr = format!(
        "Traceback (most recent call last):\n  File \"skill.py\", line 42, in run\nSkillError: {error}\n"
    );
    Outcome { success: false, result: None, error: Some(error.to_owned()), stderr: Some(stderr) }
}

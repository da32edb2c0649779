//! The values that a parameter accepts besides its type. The API does not publish them: the code of a skill checks them.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The accepted values of one parameter.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Accepts {
    /// Whether a number must be an integer.
    #[serde(default)]
    pub integer: bool,
    pub minimum: Option<f64>,
    pub maximum: Option<f64>,
    /// The accepted strings; any if empty.
    #[serde(default, rename = "enum")]
    pub choices: Vec<String>,
}

impl Accepts {
    /// The number of items of a list.
    pub fn items() -> Self {
        Self { integer: true, minimum: Some(1.0), maximum: Some(100.0), choices: Vec::new() }
    }

    /// Returns what is wrong with a value of the right type.
    pub fn problem(&self, value: &Value) -> Option<String> {
        if let Some(number) = value.as_f64() {
            if self.integer && number.fract() != 0.0 {
                return Some("must be an integer".to_owned());
            }
            if let Some(least) = self.minimum.filter(|least| number < *least) {
                return Some(format!("must be at least {least}"));
            }
            if let Some(most) = self.maximum.filter(|most| number > *most) {
                return Some(format!("must be at most {most}"));
            }
        }
        let text = value.as_str()?;
        let is_known = self.choices.is_empty() || self.choices.iter().any(|choice| choice == text);
        (!is_known).then(|| format!("must be one of: {}", self.choices.join(", ")))
    }
}

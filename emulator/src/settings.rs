//! What one may set: prices, times, limits. The figures are chosen; the real ones change often.

use serde::{Deserialize, Serialize};

/// How the emulated account and its plan look. Every field has a default.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Settings {
    /// The only key that is taken. Without it any key is, unless it is empty.
    pub api_key: Option<String>,
    /// How long a generation takes: one half recording, the other generating.
    pub generation_ms: u64,
    /// How long an execution takes.
    pub execution_ms: u64,
    /// What is left on the account, in USD.
    pub credits: f64,
    /// What a creation costs. Given back when it is cancelled or fails.
    pub create_cost: f64,
    /// What an execution costs.
    pub execute_cost: f64,
    /// The least that must be on the account to create.
    pub minimum_to_create: f64,
    /// The least that must be on the account to execute.
    pub minimum_to_execute: f64,
    /// How many executions and generations may go on at once.
    pub max_sessions: usize,
    /// How many of one's own skills may be enabled at once.
    pub max_enabled_skills: usize,
    /// What ids and made-up data are drawn from.
    pub seed: u64,
    /// The origins whose pages may read the answers; none for all of them.
    pub origins: Vec<String>,
    /// The headers that pages may read besides those that they always may. The real service exposes none.
    pub expose_headers: Vec<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            api_key: None,
            generation_ms: 3000,
            execution_ms: 150,
            credits: 100.0,
            create_cost: 1.0,
            execute_cost: 0.02,
            minimum_to_create: 2.0,
            minimum_to_execute: 0.10,
            max_sessions: 3,
            max_enabled_skills: 50,
            seed: 1,
            origins: Vec::new(),
            expose_headers: Vec::new(),
        }
    }
}

impl Settings {
    /// The same with some of the fields replaced.
    ///
    /// # Errors
    /// When the change is no object, has an unknown field, or one of a wrong type.
    pub fn changed(&self, change: &serde_json::Value) -> Result<Self, String> {
        let mut fields = serde_json::to_value(self).map_err(|error| error.to_string())?;
        let (Some(fields_now), Some(change)) = (fields.as_object_mut(), change.as_object()) else {
            return Err("settings are an object".to_owned());
        };
        fields_now.extend(change.clone());
        serde_json::from_value(fields).map_err(|error| error.to_string())
    }

    /// Takes an amount off the account, or puts a negative one back. Cents do not pile up as rounding errors.
    pub(crate) fn charge(&mut self, amount: f64) {
        const STEPS: f64 = 1_000_000.0;
        self.credits = ((self.credits - amount) * STEPS).round() / STEPS;
    }

    /// Whether a page of this origin may read the answers.
    #[must_use]
    pub fn allows_origin(&self, origin: &str) -> bool {
        self.origins.is_empty() || self.origins.iter().any(|allowed| allowed == origin)
    }

    /// Whether this key opens the account.
    #[must_use]
    pub fn accepts(&self, key: Option<&str>) -> bool {
        match (&self.api_key, key) {
            (_, None | Some("")) => false,
            (None, Some(_)) => true,
            (Some(only), Some(key)) => only == key,
        }
    }
}

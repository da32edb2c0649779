//! Settings: prices, durations, limits. The defaults are arbitrary; those of the real service change often.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The settings in USD.
const AMOUNTS: [&str; 5] = ["credits", "createCost", "executeCost", "minimumToCreate", "minimumToExecute"];

/// The emulated account and its plan. Every field has a default.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Settings {
    /// The only accepted key. If absent, every key that is not empty is accepted.
    pub api_key: Option<String>,
    /// Duration of a generation: half recording, half generating.
    pub generation_ms: u64,
    /// Duration of an execution.
    pub execution_ms: u64,
    /// Balance of the account, in USD.
    pub credits: f64,
    /// Price of a creation, in USD. Refunded if the creation is cancelled or fails.
    pub create_cost: f64,
    /// Price of an execution, in USD.
    pub execute_cost: f64,
    /// Lowest balance for a creation, in USD.
    pub minimum_to_create: f64,
    /// Lowest balance for an execution, in USD.
    pub minimum_to_execute: f64,
    /// Name of the plan. Absent for an account without a subscription.
    pub plan: Option<String>,
    /// How long a session stays active without an execution.
    pub session_idle_ms: u64,
    /// Maximum number of concurrent executions, generations and sessions.
    pub max_sessions: usize,
    /// Maximum number of enabled skills in the caller's project.
    pub max_enabled_skills: usize,
    /// Seed of ids, fake data and the chances of faults.
    pub seed: u64,
    /// The origins whose pages may read responses; empty for all. The HTTP server applies this field and the next.
    pub origins: Vec<String>,
    /// The response headers that pages may read in addition to the CORS-safelisted ones. The real service exposes none.
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
            plan: None,
            session_idle_ms: 900_000,
            max_sessions: 3,
            max_enabled_skills: 50,
            seed: 1,
            origins: Vec::new(),
            expose_headers: Vec::new(),
        }
    }
}

impl Settings {
    /// Returns the settings with some fields replaced.
    ///
    /// # Errors
    /// When the change is not an object, has an unknown field, a value of the wrong type, or a negative amount.
    pub fn changed(&self, change: &Value) -> Result<Self, String> {
        let mut fields = serde_json::to_value(self).map_err(|error| error.to_string())?;
        let (Some(fields_now), Some(change)) = (fields.as_object_mut(), change.as_object()) else {
            return Err("settings must be an object".to_owned());
        };
        fields_now.extend(change.clone());
        let changed: Self = serde_json::from_value(fields).map_err(|error| error.to_string())?;
        let is_negative = |name: &str| change.get(name).and_then(Value::as_f64).is_some_and(|usd| usd < 0.0);
        match AMOUNTS.into_iter().find(|name| is_negative(name)) {
            Some(name) => Err(format!("{name} must not be negative")),
            None => Ok(changed),
        }
    }

    /// Charges an amount in USD; a negative amount is a refund. Rounds, so that rounding errors do not accumulate.
    pub(crate) fn charge(&mut self, amount: f64) {
        const STEPS: f64 = 1_000_000.0;
        self.credits = ((self.credits - amount) * STEPS).round() / STEPS;
    }

    /// Whether the key is valid.
    #[must_use]
    pub fn accepts(&self, key: Option<&str>) -> bool {
        match (&self.api_key, key) {
            (_, None | Some("")) => false,
            (None, Some(_)) => true,
            (Some(only), Some(key)) => only == key,
        }
    }
}

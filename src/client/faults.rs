//! Validates options. The only rules, for Rust and JavaScript callers alike.

use std::borrow::Cow;

use browser_use_skills_core::engine::Limits;

use super::CallOptions;
use crate::api::issue::{Issue, Loc};
use crate::api::node::Node;
use crate::error::{Failure, Json};
use crate::policy::header;

/// Collects violations of options, by their JavaScript names.
#[derive(Default)]
pub(crate) struct Faults {
    pub issues: Vec<Issue>,
    /// The option whose nested options are validated.
    pub within: Option<&'static str>,
}

impl Faults {
    /// Returns the value, or an error with all violations.
    pub fn finish<Value>(self, value: Value) -> Result<Value, Box<Failure>> {
        if self.issues.is_empty() { Ok(value) } else { Err(Failure::invalid(self.issues)) }
    }

    pub fn report(&mut self, name: Cow<'static, str>, msg: impl Into<Cow<'static, str>>) {
        let mut loc = vec![Loc::Key(Cow::Borrowed("options"))];
        if let Some(within) = self.within {
            loc.push(Loc::Key(Cow::Borrowed(within)));
        }
        loc.push(Loc::Key(name));
        self.issues.push(Issue::new(loc, "value_error", msg));
    }

    fn require(&mut self, is_valid: bool, name: &'static str, msg: &'static str) {
        if !is_valid {
            self.report(Cow::Borrowed(name), msg);
        }
    }

    /// Validates a duration, which may be infinite.
    pub fn milliseconds(&mut self, name: &'static str, milliseconds: Option<f64>) {
        let is_valid = milliseconds.is_none_or(|milliseconds| milliseconds > 0.0);
        self.require(is_valid, name, "should be milliseconds above 0, or Infinity");
    }

    pub fn limits(&mut self, limits: &Limits) {
        self.milliseconds("timeout", limits.timeout_ms);
        self.milliseconds("totalTimeout", limits.total_timeout_ms);
        self.milliseconds("maxRetryAfter", limits.max_retry_after_ms);
        let is_valid = limits.max_retries.is_none_or(|retries| retries <= 100);
        self.require(is_valid, "maxRetries", "should be a whole number from 0 to 100");
    }

    pub fn max_concurrent(&mut self, max_concurrent: Option<u32>) {
        let is_valid = max_concurrent.is_none_or(|calls| (1..=1000).contains(&calls));
        self.require(is_valid, "maxConcurrent", "should be a whole number from 1 to 1000, or \"plan\"");
    }

    /// Validates an object of names and values.
    pub fn headers(&mut self, headers: &Json) {
        for name in headers.keys() {
            // A value that is no string is as unfit as one with a line break.
            let value = headers.get(&name).and_then(|value| value.as_string());
            if let Some(fault) = header::fault(&name, value.as_deref().unwrap_or("\n")) {
                self.report(Cow::Borrowed("headers"), fault);
            }
        }
    }

    /// Validates milliseconds. A `Duration` of Rust is always valid.
    #[cfg(feature = "js")]
    pub fn grace(&mut self, grace_ms: f64) {
        self.require(grace_ms >= 0.0, "grace", "should be milliseconds, not negative");
    }

    pub fn call(&mut self, options: &CallOptions) {
        self.limits(&options.limits);
        self.headers(&options.headers);
    }
}

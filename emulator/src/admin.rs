//! Administration requests, with which tests control the emulator. The real service has none.

use browser_use_skills::api::value::SkillsGenerationStatus;
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::fault::Fault;
use crate::log::Log;
use crate::message::Reply;
use crate::skill::Generation;
use crate::state::Emulator;
use crate::{fake::metadata, output};

/// Path prefix of administration requests.
const PREFIX: &str = "/__emulator";

/// A change to a skill that no operation can make.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SkillChange {
    is_public: Option<bool>,
    status: Option<SkillsGenerationStatus>,
    has_code: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    ms: u64,
}

impl Emulator {
    /// Handles an administration request or the download of an output. `path` starts at the root and includes the query.
    pub fn admin(&mut self, method: &str, path: &str, body: &[u8], now_ms: u64) -> Reply {
        let now = self.advance_to(now_ms);
        if let Some(rest) = path.strip_prefix(output::PREFIX) {
            return match method {
                "GET" => self.download(rest, now),
                _ => Reply::detail(405, "Method Not Allowed").with_header("allow", "GET"),
            };
        }
        let path = path.split('?').next().unwrap_or_default();
        let route = path.strip_prefix(PREFIX).unwrap_or_default();
        match (method, route) {
            ("POST", "/faults") => self.add_faults(body),
            ("GET", "/faults") => Reply::json(200, &self.faults.pending()),
            ("DELETE", "/faults") => {
                self.faults.clear();
                Reply::empty(204)
            }
            ("GET", "/requests") => Reply::json(200, &self.log),
            ("DELETE", "/requests") => {
                self.log = Log::default();
                Reply::empty(204)
            }
            ("GET", "/settings") => Reply::json(200, &self.settings),
            ("PATCH", "/settings") => self.change_settings(body),
            ("POST", "/reset") => self.reset(body, now_ms),
            ("GET", "/snapshot") => Reply::json(200, &self.snapshot(now)),
            ("PUT", "/snapshot") => match self.restore(body, now_ms) {
                Ok(()) => Reply::empty(204),
                Err(error) => bad_request(&error),
            },
            ("POST", "/advance") => match serde_json::from_slice::<Advance>(body) {
                Ok(Advance { ms }) => {
                    self.advanced_ms = self.advanced_ms.saturating_add(ms);
                    self.advance_to(now_ms);
                    Reply::empty(204)
                }
                Err(error) => bad_request(&error.to_string()),
            },
            ("PATCH", _) => match route.strip_prefix("/skills/").map(Uuid::try_parse) {
                Some(Ok(id)) => self.change_skill(id, body, now),
                _ => Reply::detail(404, "Not Found"),
            },
            _ => Reply::detail(404, "Not Found"),
        }
    }

    fn add_faults(&mut self, body: &[u8]) -> Reply {
        let faults = serde_json::from_slice(body).and_then(|value| match value {
            Value::Array(_) => serde_json::from_value::<Vec<Fault>>(value),
            _ => serde_json::from_value(value).map(|fault| vec![fault]),
        });
        let faults = match faults {
            Ok(faults) => faults,
            Err(error) => return bad_request(&error.to_string()),
        };
        if let Some(error) = faults.iter().find_map(Fault::validation_error) {
            return bad_request(&error);
        }
        for fault in faults {
            self.faults.push(fault);
        }
        Reply::empty(204)
    }

    fn change_settings(&mut self, body: &[u8]) -> Reply {
        match read_change(body).and_then(|change| self.settings.changed(&change)) {
            Ok(settings) => {
                self.settings = settings;
                Reply::json(200, &self.settings)
            }
            Err(error) => bad_request(&error),
        }
    }

    /// Starts over with the initial settings, changed by those in the body. Undoes [`Advance`].
    fn reset(&mut self, body: &[u8], now_ms: u64) -> Reply {
        match read_change(body).and_then(|change| self.initial.changed(&change)) {
            Ok(settings) => {
                let initial = self.initial.clone();
                *self = Self { initial, ..Self::new(settings, now_ms) };
                Reply::empty(204)
            }
            Err(error) => bad_request(&error),
        }
    }

    fn change_skill(&mut self, id: Uuid, body: &[u8], now: u64) -> Reply {
        let change: SkillChange = match serde_json::from_slice(body) {
            Ok(change) => change,
            Err(error) => return bad_request(&error.to_string()),
        };
        if let Some(SkillsGenerationStatus::Unknown(name)) = &change.status {
            return bad_request(&format!("there is no status {name}"));
        }
        let started = self.generation("", 0.0, now);
        let taken: Vec<_> =
            self.skills.iter().filter(|skill| skill.id != id).map(|skill| skill.slug.clone()).collect();
        let Some(skill) = self.skills.iter_mut().find(|skill| skill.id == id) else {
            return Reply::detail(404, "Skill not found");
        };
        if let Some(public) = change.is_public {
            if skill.slug.is_empty() {
                skill.slug = metadata::slug(&skill.title(), &taken);
            }
            skill.publish(public, now);
        }
        match change.status {
            Some(SkillsGenerationStatus::Recording) => skill.generation = Some(started),
            Some(SkillsGenerationStatus::Generating) => {
                skill.generation = Some(Generation { recorded_at: now, ..started });
            }
            Some(status) => {
                if status == SkillsGenerationStatus::Finished && skill.versions.is_empty() {
                    skill.generation.get_or_insert(started);
                }
                let refund = skill.end_generation(status.clone(), now);
                skill.idle_status = status;
                self.settings.charge(-refund);
            }
            None => {}
        }
        if let Some(has_code) = change.has_code {
            skill.has_code = has_code;
        }
        Reply::json(200, &skill.response(now))
    }
}

fn read_change(body: &[u8]) -> Result<Value, String> {
    if body.is_empty() {
        return Ok(json!({}));
    }
    serde_json::from_slice(body).map_err(|error| error.to_string())
}

fn bad_request(message: &str) -> Reply {
    Reply::detail(400, message)
}

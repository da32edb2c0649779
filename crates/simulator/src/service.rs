//! The service in front of the cloud: takes requests, executes, and responds.

use std::rc::Rc;

use browser_use_skills_core::engine::Request;

use crate::cloud::{Ask, Draft, Execution, Starter, latency};
use crate::executor::{Time, micros, millis};
use crate::faults::Fault;
use crate::network::{Connection, Reply};
use crate::plan::BEGIN;
use crate::value::Value;
use crate::world::World;

fn response(status: u16, headers: Value, body: Value) -> Reply {
    Reply::Response { status, headers, body }
}

/// A response without success.
pub fn refusal(status: u16, detail: &'static str) -> Reply {
    response(status, Value::Undefined, Value::record([("detail", Value::text_of(detail))]))
}

impl World {
    /// What a request is about.
    pub fn ask(&self, request: &Request<'_, Value>) -> Ask {
        if request.row.is_download() {
            let mut parts = request.url.rsplit('/').map(|part| part.parse::<u64>().unwrap_or_default());
            let expires = parts.next().unwrap_or_default();
            return Ask::Download { execution: parts.next().unwrap_or_default() as usize, expires };
        }
        let path = request.url.split('?').next().unwrap_or_default();
        let mut parts = path.split('/').skip_while(|part| *part != "skills").skip(1);
        let Some(skill) = parts.next().and_then(|id| self.skill_of(id)) else { return Ask::Unknown };
        match (parts.next(), parts.next()) {
            (Some("execute"), None) => self.ask_to_execute(request, skill),
            (Some("executions"), None) => {
                let page = request.url.rsplit("pageNumber=").next().and_then(|page| page.parse().ok());
                Ask::List { skill, page: page.unwrap_or(1) }
            }
            (Some("executions"), Some(id)) => {
                let executions = self.cloud.executions.borrow();
                Ask::Output { execution: executions.iter().position(|execution| &*execution.id == id) }
            }
            _ => Ask::Unknown,
        }
    }

    fn ask_to_execute(&self, request: &Request<'_, Value>, skill: usize) -> Ask {
        let key: Option<Rc<str>> = request.idempotency_key.map(Rc::from);
        let by_body = request.body.as_str().and_then(|token| self.run_of(token));
        let run = by_body.or_else(|| key.as_deref().and_then(|key| self.cloud.keys.run_of(key)));
        match run {
            Some(run) => Ask::Execute { run, skill, key, is_replay: request.replay_only },
            None if request.replay_only => Ask::Execute { run: usize::MAX, skill, key, is_replay: true },
            None => Ask::Unknown,
        }
    }

    /// The skill that an id names, however it is spelled.
    fn skill_of(&self, id: &str) -> Option<usize> {
        let plain = |id: &str| id.replace('-', "").to_ascii_lowercase();
        if let Some(index) = self.plan.skills.iter().position(|skill| skill == id) {
            return Some(index);
        }
        self.plan.skills.iter().position(|skill| plain(skill) == plain(id))
    }

    /// A request has arrived.
    pub fn handle(self: &Rc<Self>, connection: &Rc<Connection>) {
        if self.is_key_expired(connection) {
            self.fire(Fault::KeyRejected);
            let reply = refusal(401, "Invalid API key");
            return self.respond_at(connection, self.now(), reply);
        }
        match &connection.ask {
            Ask::Execute { run, skill, key, is_replay } => {
                if let Some(key) = key {
                    return self.execute_once(connection, key, *run, *skill, *is_replay);
                }
                let (run, skill) = (*run, *skill);
                let (time, reply) = self.execute(connection, run, skill);
                if let Some(time) = time {
                    self.respond_at(connection, time, reply);
                }
            }
            Ask::List { skill, page } => {
                let reply = if self.happens(self.plan.cloud.list_error) {
                    self.fire(Fault::ListError);
                    refusal(*self.rng.pick(&[500, 502, 503, 429]), "Try again")
                } else {
                    response(200, self.date(), self.list(*skill, *page))
                };
                self.respond_at(connection, self.now(), reply);
            }
            Ask::Output { execution } => {
                let reply = self.output(*execution);
                self.respond_at(connection, self.now(), reply);
            }
            Ask::Download { execution, expires } => {
                let reply = self.download(*execution, *expires);
                self.respond_at(connection, self.now(), reply);
            }
            Ask::Unknown => self.respond_at(connection, self.now(), refusal(404, "Not found")),
        }
    }

    fn is_key_expired(&self, connection: &Connection) -> bool {
        let is_first = connection.key.as_str() == Some("key-1");
        let expires = self.plan.key.expires.map(|after| BEGIN + after);
        is_first && !self.is_calm.get() && expires.is_some_and(|expires| expires <= self.now())
    }

    /// Executes a run, or not. Returns when the response comes, if ever.
    pub fn execute(
        self: &Rc<Self>,
        connection: &Rc<Connection>,
        run: usize,
        skill: usize,
    ) -> (Option<Time>, Reply) {
        let plan = &self.plan.cloud;
        let now = self.now();
        if let Some(reply) = self.refused(skill) {
            return (Some(now), reply);
        }
        if let Some((reply, fault, is_executed)) = self.busy() {
            if is_executed {
                self.fire(fault);
                self.start(run, skill, connection);
            } else {
                self.fire(Fault::BusyNotExecuted);
            }
            return (Some(now), reply);
        }
        let is_error = self.happens(plan.error_after);
        let ends = self.start(run, skill, connection);
        let longest_ms = ends.map_or(60_000.0, |ends| millis(ends - now));
        if is_error {
            self.fire(Fault::ErrorAfterExecuting);
            let reply = refusal(*self.rng.pick(&[500, 502, 504]), "Gateway");
            return (Some(now + self.some_time(0.0, longest_ms)), reply);
        }
        let executions = self.cloud.executions.borrow();
        let Some(execution) = executions.last() else { return (None, Reply::Failed) };
        let reply = if self.happens(plan.broken_contract) {
            self.fire(Fault::BrokenContract);
            response(200, Value::Undefined, Value::record([("success", Value::Null)]))
        } else {
            response(200, self.date_at(ends.unwrap_or(now)), own_response(execution))
        };
        (ends, reply)
    }

    /// The refusal of a request of which nothing is executed, if it is refused.
    fn refused(&self, skill: usize) -> Option<Reply> {
        let plan = &self.plan.cloud;
        let retry_after = |seconds: &str| Value::record([("retry-after", Value::text_of(seconds))]);
        let seconds = *self.rng.pick(&["0", "1", "5"]);
        let detail = |text| Value::record([("detail", Value::text_of(text))]);
        if self.happens(plan.no_skill) {
            self.fire(Fault::NoSkill);
            return Some(refusal(404, "Skill not found"));
        }
        if self.happens(plan.rate_limit) {
            self.fire(Fault::RateLimit);
            return Some(response(429, retry_after(seconds), detail("Too many requests")));
        }
        if self.happens(plan.error_before) {
            self.fire(Fault::ErrorBeforeExecuting);
            return Some(refusal(*self.rng.pick(&[500, 502, 504]), "Gateway"));
        }
        let now = self.now();
        let executions = self.cloud.executions.borrow();
        let is_active = |execution: &&Execution| {
            matches!(execution.starter, Starter::Run(_)) && !execution.has_ended(now)
        };
        let limit = plan.sessions.filter(|_| !self.is_calm.get());
        if limit.is_some_and(|limit| executions.iter().filter(is_active).count() >= limit) {
            self.fire(Fault::TooManySessions);
            let body = detail("Too many concurrent active sessions");
            let headers = if self.rng.chance(0.3) { retry_after(seconds) } else { Value::Undefined };
            return Some(response(429, headers, body));
        }
        let _ = skill;
        None
    }

    /// A 503, the fault if it is executed all the same, and whether it is.
    fn busy(&self) -> Option<(Reply, Fault, bool)> {
        let plan = &self.plan.cloud;
        let bare = || Value::record([("detail", Value::text_of("Busy"))]);
        let (headers, body, fault) = if self.happens(plan.busy) {
            let headers = Value::record([("retry-after", Value::text_of("1"))]);
            (headers, bare(), Fault::BusyExecuted)
        } else if self.happens(plan.busy_in_body) {
            let body = Value::record([("retry_after_seconds", Value::Number(1.0))]);
            (Value::Undefined, body, Fault::BusyInBodyExecuted)
        } else if self.happens(plan.busy_bare) {
            (Value::Undefined, bare(), Fault::BusyBareExecuted)
        } else {
            return None;
        };
        Some((response(503, headers, body), fault, self.rng.chance(0.5)))
    }

    /// An execution starts: this is where it is paid for.
    fn start(self: &Rc<Self>, run: usize, skill: usize, connection: &Connection) -> Option<Time> {
        let now = self.now();
        let plan = &self.plan.runs[run];
        let ends = plan.duration.map(|duration| now + duration);
        let token = Rc::clone(&self.runs[run].token);
        let draft = Draft { skill, starter: Starter::Run(run), token, started: now, ends, fails: plan.fails };
        let index = self.cloud.add(&self.plan, &self.rng, draft);
        self.runs[run].executions.borrow_mut().push(index);
        self.note(None, "executes", index as u64, || {
            let executions = self.cloud.executions.borrow();
            let Execution { id, lags, is_listed, .. } = &executions[index];
            let lags = lags.map(millis);
            format!(
                "run {run} as {id} until {:?} ms, list lag {lags:?} ms, is listed: {is_listed}",
                ends.map(|ends| millis(ends - BEGIN))
            )
        });
        self.check_start(run, connection);
        let executions = self.cloud.executions.borrow();
        let execution = &executions[index];
        if plan.fails {
            self.fire(Fault::ExecutionFails);
        }
        match plan.duration {
            None => self.fire(Fault::ExecutionNeverEnds),
            Some(duration) if duration > 60_000_000 => self.fire(Fault::ExecutionLong),
            Some(_) => {}
        }
        if !execution.is_listed {
            self.fire(Fault::ListIncomplete);
        }
        let is_as_long = |other: &&Execution| {
            other.skill == skill
                && other.ends.is_some()
                && matches!(other.starter, Starter::Run(_))
                && other.ends.map(|ends| ends - other.started) == execution.ends.map(|ends| ends - now)
        };
        if executions.iter().filter(is_as_long).count() > 1 {
            self.fire(Fault::EqualLatencies);
        }
        ends
    }

    /// Somebody else runs a skill.
    pub fn run_foreign(self: &Rc<Self>, skill: usize) {
        let now = self.now();
        let ends = Some(now + micros(self.rng.magnitude(50.0, 300_000.0)).unwrap_or_default());
        let token: Rc<str> = Rc::from("foreign");
        let draft = Draft { skill, starter: Starter::Foreign, token, started: now, ends, fails: false };
        let index = self.cloud.add(&self.plan, &self.rng, draft);
        self.note(None, "foreign", index as u64, || {
            format!("somebody else runs {}", self.cloud.executions.borrow()[index].id)
        });
    }

    fn output(&self, execution: Option<usize>) -> Reply {
        let executions = self.cloud.executions.borrow();
        let found = execution.map(|index| (index, &executions[index]));
        let Some((index, execution)) = found.filter(|(_, execution)| execution.has_ended(self.now())) else {
            return refusal(404, "Execution has no output");
        };
        if execution.fails {
            return refusal(404, "Execution has no output");
        }
        if execution.has_lost_output || self.happens(self.plan.cloud.output_missing * 0.5) {
            self.fire(Fault::OutputMissing);
            return refusal(404, "Output not found");
        }
        let is_short = self.happens(self.plan.cloud.download_expired);
        let expires = self.now() + if is_short { 0 } else { 300_000_000 };
        let url = format!("https://files.example/{index}/{expires}");
        response(200, self.date(), Value::record([("downloadUrl", Value::text_of(&url))]))
    }

    fn download(&self, execution: usize, expires: Time) -> Reply {
        if expires <= self.now() {
            self.fire(Fault::DownloadExpired);
            return refusal(403, "Expired");
        }
        let executions = self.cloud.executions.borrow();
        match executions.get(execution) {
            Some(execution) => response(200, Value::Undefined, Value::Text(Rc::clone(&execution.token))),
            None => refusal(404, "Not found"),
        }
    }
}

/// What the API responds when an execution has ended.
fn own_response(execution: &Execution) -> Value {
    let token = Value::Text(Rc::clone(&execution.token));
    Value::record([
        ("success", Value::Truth(!execution.fails)),
        ("result", if execution.fails { Value::Null } else { token.clone() }),
        ("error", if execution.fails { token } else { Value::Null }),
        ("stderr", Value::Null),
        ("latencyMs", latency(execution)),
    ])
}

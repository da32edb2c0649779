//! The state machine: maps a request and the time to a response.

use browser_use_skills::api::operation::Operation;
use browser_use_skills::api::operation_spec::OperationSpec;
use browser_use_skills::api::problem::ErrorCode;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use uuid::Uuid;

use crate::execution::Execution;
use crate::fault::Faults;
use crate::log::{Log, LoggedRequest};
use crate::message::{Reply, Request};
use crate::rejection::Rejection;
use crate::rng::Rng;
use crate::route::{self, Route, RouteMatch};
use crate::session::Session;
use crate::settings::Settings;
use crate::skill::Skill;
use crate::{catalogue, input};

/// The state of the emulated service.
#[derive(Debug)]
pub struct Emulator {
    pub(crate) settings: Settings,
    /// The initial settings, for a reset.
    pub(crate) initial: Settings,
    /// How far the clock was advanced.
    pub(crate) advanced_ms: u64,
    pub(crate) ids: Rng,
    pub(crate) skills: Vec<Skill>,
    pub(crate) executions: Vec<Execution>,
    pub(crate) sessions: Vec<Session>,
    pub(crate) faults: Faults,
    pub(crate) log: Log,
}

impl Emulator {
    /// Creates an account with one public skill, and a marketplace.
    #[must_use]
    pub fn new(settings: Settings, now_ms: u64) -> Self {
        Self {
            skills: catalogue::skills(settings.seed, now_ms),
            ids: Rng::new(settings.seed, "ids"),
            initial: settings.clone(),
            faults: Faults::new(settings.seed),
            settings,
            advanced_ms: 0,
            executions: Vec::new(),
            sessions: Vec::new(),
            log: Log::default(),
        }
    }

    /// Whether a pending fault may close a connection before the response is complete.
    #[must_use]
    pub fn may_break_connections(&self) -> bool {
        self.faults.may_break_connections()
    }

    /// Handles an API request. It takes effect immediately, also if its response is delayed.
    pub fn handle(&mut self, request: &Request, now_ms: u64) -> Reply {
        let now = self.advance_to(now_ms);
        let (operation, reply) = match route::find(&request.method, &request.path) {
            Route::Found(found) => (Some(found.operation), self.handle_operation(&found, request, now)),
            Route::Unknown => (None, Reply::detail(404, "Not Found")),
            Route::WrongMethod(methods) => {
                let allowed: Vec<_> = methods.into_iter().map(|method| method.as_str()).collect();
                let rejection = Reply::detail(405, "Method Not Allowed");
                (None, rejection.with_header("allow", allowed.join(", ")))
            }
        };
        self.log.record(LoggedRequest::new(request, operation, reply.status));
        reply
    }

    /// Ends the generations that are due. Returns the emulated time.
    pub(crate) fn advance_to(&mut self, now_ms: u64) -> u64 {
        let now = now_ms.saturating_add(self.advanced_ms);
        let refund: f64 = self.skills.iter_mut().map(|skill| skill.finish_due_generation(now)).sum();
        self.settings.charge(-refund);
        now
    }

    fn handle_operation(&mut self, found: &RouteMatch, request: &Request, now: u64) -> Reply {
        let spec = found.operation.spec();
        let fault = self.faults.take(spec.name);
        if let Some(reply) = fault.as_ref().and_then(|fault| fault.replacement(found.operation)) {
            return reply;
        }
        let reply = self.perform(found, request, now).unwrap_or_else(|rejection| rejection.reply(spec));
        match fault {
            Some(fault) => fault.apply(reply, found.operation),
            None => reply,
        }
    }

    fn perform(&mut self, found: &RouteMatch, request: &Request, now: u64) -> Result<Reply, Rejection> {
        let spec = found.operation.spec();
        if spec.needs_key && !self.settings.accepts(request.key.as_deref()) {
            return Err(Rejection::Other(401, "Not authenticated"));
        }
        let input = input::read(request, found)?;
        let id = found.id("skill_id");
        let session_id = found.id("session_id");
        match found.operation {
            Operation::SkillsCreate => respond(spec, &self.create(typed(input)?, now)?),
            Operation::SkillsList => respond(spec, &self.list_own(typed(input)?, now)),
            Operation::SkillsGet => respond(spec, &self.get(id, now)?),
            Operation::SkillsUpdate => respond(spec, &self.update(id, typed(input)?, now)?),
            Operation::SkillsDelete => self.delete(id).map(|()| Reply::empty(spec.success)),
            Operation::SkillsCancel => respond(spec, &self.cancel(id, now)?),
            Operation::SkillsExecute => {
                let response = self.execute(id, typed(input)?, now)?;
                self.after_execution(respond(spec, &response))
            }
            Operation::SkillsRefine => respond(spec, &self.refine(id, &typed(input)?, now)?),
            Operation::SkillsRollback => respond(spec, &self.rollback(id, now)?),
            Operation::SkillsExecutions => respond(spec, &self.list_executions(id, &typed(input)?, now)?),
            Operation::SkillsExecutionOutput => {
                let execution = found.id("execution_id");
                respond(spec, &self.execution_output(id, execution, &request.origin, now)?)
            }
            Operation::MarketplaceList => respond(spec, &self.list_public(typed(input)?)),
            Operation::MarketplaceGet => respond(spec, &self.get_public(found.text("skill_slug"))?),
            Operation::MarketplaceClone => respond(spec, &self.clone_public(id, now)?),
            Operation::MarketplaceExecute => {
                let response = self.execute_public(id, typed(input)?, now)?;
                self.after_execution(respond(spec, &response))
            }
            Operation::SessionsCreate => respond(spec, &self.create_session(&typed(input)?, now)?),
            Operation::SessionsList => respond(spec, &self.list_sessions(&typed(input)?, now)),
            Operation::SessionsGet => respond(spec, &self.get_session(session_id, now)?),
            Operation::SessionsStop => respond(spec, &self.stop_session(session_id, now)?),
            Operation::SessionsDelete => self.delete_session(session_id).map(|()| Reply::empty(spec.success)),
            Operation::BillingAccount => respond(spec, &self.account()),
            Operation::ProfilesList => respond(spec, &self.list_profiles(&typed(input)?)),
        }
    }

    /// Delays the response until the execution has finished.
    fn after_execution(&self, reply: Result<Reply, Rejection>) -> Result<Reply, Rejection> {
        reply.map(|reply| Reply { delay_ms: self.settings.execution_ms, ..reply })
    }

    /// Returns any skill.
    pub(crate) fn skill(&self, id: Uuid) -> Result<&Skill, Rejection> {
        self.skills.iter().find(|skill| skill.id == id).ok_or_else(|| ErrorCode::SkillNotFound.into())
    }

    /// Returns a skill of the caller's project.
    pub(crate) fn own(&self, id: Uuid) -> Result<&Skill, Rejection> {
        self.skill(id).ok().filter(|skill| skill.is_own).ok_or_else(|| ErrorCode::SkillNotFound.into())
    }

    /// Returns a skill of the caller's project, mutably.
    pub(crate) fn own_mut(&mut self, id: Uuid) -> Result<&mut Skill, Rejection> {
        let skill = self.skills.iter_mut().find(|skill| skill.id == id && skill.is_own);
        skill.ok_or_else(|| ErrorCode::SkillNotFound.into())
    }

    /// Returns a skill of the marketplace.
    pub(crate) fn public(&self, id: Uuid) -> Result<&Skill, Rejection> {
        self.skill(id).ok().filter(|skill| skill.is_public).ok_or_else(|| ErrorCode::SkillNotFound.into())
    }

    /// Whether the plan allows another enabled skill.
    pub(crate) fn may_enable_another(&self) -> bool {
        let enabled = self.skills.iter().filter(|skill| skill.is_own && skill.is_enabled).count();
        enabled < self.settings.max_enabled_skills
    }

    /// Rejects the request when all sessions of the plan are in use.
    pub(crate) fn require_free_session(&self, now: u64) -> Result<(), Rejection> {
        let generations = self.skills.iter().filter(|skill| skill.generation.is_some()).count();
        // Executions in a session use no other one.
        let executions = self
            .executions
            .iter()
            .filter(|execution| execution.session_id.is_none() && execution.is_running(now))
            .count();
        let sessions = self.sessions.iter().filter(|session| session.is_active(now)).count();
        if generations.saturating_add(executions).saturating_add(sessions) >= self.settings.max_sessions {
            return Err(ErrorCode::TooManyConcurrentActiveSessions.into());
        }
        Ok(())
    }
}

fn respond(spec: &OperationSpec, value: &impl Serialize) -> Result<Reply, Rejection> {
    Ok(Reply::json(spec.success, value))
}

/// Converts the validated input to its type.
fn typed<T: DeserializeOwned>(input: Value) -> Result<T, Rejection> {
    serde_json::from_value(input).map_err(|_| Rejection::Other(500, "Internal Server Error"))
}

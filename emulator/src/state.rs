//! The state machine: a request and the time in, an answer out.

use browser_use_skills::api::operation::{Operation, Row};
use browser_use_skills::api::problem::ErrorCode;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use uuid::Uuid;

use crate::execution::Execution;
use crate::fault::Faults;
use crate::log::{Log, Seen};
use crate::message::{Reply, Request};
use crate::refusal::Refusal;
use crate::route::{self, Found, Route};
use crate::seed::Seed;
use crate::settings::Settings;
use crate::skill::Skill;
use crate::{catalogue, input};

/// The emulated service with all that it knows.
#[derive(Debug)]
pub struct Emulator {
    pub(crate) settings: Settings,
    /// What it began with, for a reset.
    pub(crate) initial: Settings,
    /// How far the clock was moved forward.
    pub(crate) advanced_ms: u64,
    pub(crate) ids: Seed,
    pub(crate) skills: Vec<Skill>,
    pub(crate) executions: Vec<Execution>,
    pub(crate) faults: Faults,
    pub(crate) log: Log,
}

impl Emulator {
    /// An account with one public skill of its own, and a marketplace.
    #[must_use]
    pub fn new(settings: Settings, now_ms: u64) -> Self {
        Self {
            skills: catalogue::skills(settings.seed, now_ms),
            ids: Seed::of(settings.seed, "ids"),
            initial: settings.clone(),
            faults: Faults::new(settings.seed),
            settings,
            advanced_ms: 0,
            executions: Vec::new(),
            log: Log::default(),
        }
    }

    /// The settings, with what is left on the account.
    #[must_use]
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Whether a fault is waiting that may close a connection that owes an answer.
    #[must_use]
    pub fn may_break_connections(&self) -> bool {
        self.faults.may_break_connections()
    }

    /// Answers a request to the API. A request is carried out at once, even if its answer is to wait.
    pub fn handle(&mut self, request: &Request, now_ms: u64) -> Reply {
        let now = self.settle(now_ms);
        let (operation, reply) = match route::find(&request.method, &request.path) {
            Route::Found(found) => (Some(found.operation), self.operate(&found, request, now)),
            Route::Unknown => (None, Reply::detail(404, "Not Found")),
            Route::WrongMethod(methods) => {
                let allowed: Vec<_> = methods.into_iter().map(|method| method.as_str()).collect();
                let refusal = Reply::detail(405, "Method Not Allowed");
                (None, refusal.with_header("allow", allowed.join(", ")))
            }
        };
        self.log.record(Seen::new(request, operation, reply.status));
        reply
    }

    /// Brings the state up to now, and returns what time that is here.
    pub(crate) fn settle(&mut self, now_ms: u64) -> u64 {
        let now = now_ms.saturating_add(self.advanced_ms);
        let refund: f64 = self.skills.iter_mut().map(|skill| skill.settle(now)).sum();
        self.settings.charge(-refund);
        now
    }

    fn operate(&mut self, found: &Found, request: &Request, now: u64) -> Reply {
        let row = found.operation.row();
        let fault = self.faults.take(row.name);
        if let Some(reply) = fault.as_ref().and_then(|fault| fault.instead(row)) {
            return reply;
        }
        let reply = self.perform(found, request, now).unwrap_or_else(|refusal| refusal.reply(row));
        match fault {
            Some(fault) => fault.spoil(reply, row),
            None => reply,
        }
    }

    fn perform(&mut self, found: &Found, request: &Request, now: u64) -> Result<Reply, Refusal> {
        let row = found.operation.row();
        if row.needs_key && !self.settings.accepts(request.key.as_deref()) {
            return Err(Refusal::Other(401, "Not authenticated"));
        }
        let input = input::read(request, found)?;
        let id = found.id("skill_id");
        match found.operation {
            Operation::SkillsCreate => answer(row, &self.create(typed(input)?, now)?),
            Operation::SkillsList => answer(row, &self.list_own(typed(input)?, now)),
            Operation::SkillsGet => answer(row, &self.get(id, now)?),
            Operation::SkillsUpdate => answer(row, &self.update(id, typed(input)?, now)?),
            Operation::SkillsDelete => self.delete(id).map(|()| Reply::empty(row.success)),
            Operation::SkillsCancel => answer(row, &self.cancel(id, now)?),
            Operation::SkillsExecute => {
                let response = self.execute(id, typed(input)?, now)?;
                self.after_execution(answer(row, &response))
            }
            Operation::SkillsRefine => answer(row, &self.refine(id, &typed(input)?, now)?),
            Operation::SkillsRollback => answer(row, &self.rollback(id, now)?),
            Operation::SkillsExecutions => answer(row, &self.list_executions(id, &typed(input)?, now)?),
            Operation::SkillsExecutionOutput => {
                let execution = found.id("execution_id");
                answer(row, &self.execution_output(id, execution, &request.origin, now)?)
            }
            Operation::MarketplaceList => answer(row, &self.list_public(typed(input)?)),
            Operation::MarketplaceGet => answer(row, &self.get_public(found.text("skill_slug"))?),
            Operation::MarketplaceClone => answer(row, &self.clone_public(id, now)?),
            Operation::MarketplaceExecute => {
                let response = self.execute_public(id, typed(input)?, now)?;
                self.after_execution(answer(row, &response))
            }
        }
    }

    /// Executions are answered when they are over.
    fn after_execution(&self, reply: Result<Reply, Refusal>) -> Result<Reply, Refusal> {
        reply.map(|reply| Reply { delay_ms: self.settings.execution_ms, ..reply })
    }

    /// Any skill.
    pub(crate) fn skill(&self, id: Uuid) -> Result<&Skill, Refusal> {
        self.skills.iter().find(|skill| skill.id == id).ok_or_else(|| ErrorCode::SkillNotFound.into())
    }

    /// A skill of one's own.
    pub(crate) fn own(&self, id: Uuid) -> Result<&Skill, Refusal> {
        self.skill(id).ok().filter(|skill| skill.own).ok_or_else(|| ErrorCode::SkillNotFound.into())
    }

    /// The same, to be changed.
    pub(crate) fn own_mut(&mut self, id: Uuid) -> Result<&mut Skill, Refusal> {
        let skill = self.skills.iter_mut().find(|skill| skill.id == id && skill.own);
        skill.ok_or_else(|| ErrorCode::SkillNotFound.into())
    }

    /// A skill of the marketplace.
    pub(crate) fn public(&self, id: Uuid) -> Result<&Skill, Refusal> {
        self.skill(id).ok().filter(|skill| skill.is_public).ok_or_else(|| ErrorCode::SkillNotFound.into())
    }

    /// Whether the plan allows one more enabled skill.
    pub(crate) fn may_enable_another(&self) -> bool {
        let enabled = self.skills.iter().filter(|skill| skill.own && skill.is_enabled).count();
        enabled < self.settings.max_enabled_skills
    }

    /// Refuses when as much is going on as the plan allows.
    pub(crate) fn has_free_session(&self, now: u64) -> Result<(), Refusal> {
        let generations = self.skills.iter().filter(|skill| skill.generation.is_some()).count();
        let executions = self.executions.iter().filter(|execution| execution.is_running(now)).count();
        if generations.saturating_add(executions) >= self.settings.max_sessions {
            return Err(ErrorCode::TooManyConcurrentActiveSessions.into());
        }
        Ok(())
    }
}

fn answer(row: &Row, value: &impl Serialize) -> Result<Reply, Refusal> {
    Ok(Reply::json(row.success, value))
}

/// The checked input as its type.
fn typed<T: DeserializeOwned>(input: Value) -> Result<T, Refusal> {
    serde_json::from_value(input).map_err(|_| Refusal::Other(500, "Internal Server Error"))
}

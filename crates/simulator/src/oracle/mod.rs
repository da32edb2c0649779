//! Judges a world by what its cloud knows: the rules R1 to R6, see `ARCHITECTURE.md`, "Recovery".

mod journal;
mod liveness;
mod ownership;
mod sending;
mod truth;

use browser_use_skills_core::api::node::Node;
use browser_use_skills_core::api::problem::ErrorCode;
use browser_use_skills_core::engine::{Answered, Error};

use crate::cloud::{Execution, Starter};
use crate::executor::{Ended, Time, millis};
use crate::faults::Fault;
use crate::value::{Value, short};
use crate::world::World;

/// A rule that does not hold.
#[derive(Clone, Debug)]
pub struct Violation {
    pub rule: &'static str,
    pub text: String,
}

/// What a caller learned of a run.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// A result, and whose it is, if anything tells.
    Result {
        starter: Option<Starter>,
        execution: Option<usize>,
    },
    /// `maybeExecuted: false`.
    NotExecuted {
        code: &'static str,
    },
    /// `maybeExecuted: true`.
    Open {
        code: &'static str,
        execution_id: Option<String>,
    },
    Ambiguous {
        candidates: Vec<String>,
    },
    Aborted,
}

/// How long after its connection broke a request may be executed.
const SLACK: Time = 1_000_000;
/// How long the engine keeps an entry without `deliver` after its response, in milliseconds.
const ANSWERED_MS: f64 = 600_000.0;

impl World {
    pub fn violate(&self, rule: &'static str, text: impl FnOnce() -> String) {
        let text = text();
        self.note(None, "VIOLATION", 0, || format!("{rule}: {text}"));
        self.violations.borrow_mut().push(Violation { rule, text });
    }

    /// What a result of the engine says.
    pub fn outcome(&self, result: &Result<Answered<Value>, Error<Value>>) -> Outcome {
        match result {
            Ok(answered) => {
                let (starter, execution) = self.starter_of(&answered.data);
                Outcome::Result { starter, execution }
            }
            Err(Error::Failed(failure)) => {
                let code = failure.code.as_str();
                if failure.code == ErrorCode::AmbiguousExecution {
                    let items = failure.candidates.items();
                    let ids = items.iter().filter_map(|item| item.text_field("id"));
                    Outcome::Ambiguous { candidates: ids.map(|id| short(id).to_owned()).collect() }
                } else if failure.maybe_executed {
                    Outcome::Open { code, execution_id: failure.execution_id.clone() }
                } else {
                    Outcome::NotExecuted { code }
                }
            }
            Err(_) => Outcome::Aborted,
        }
    }

    /// Whose execution a result is.
    fn starter_of(&self, data: &Value) -> (Option<Starter>, Option<usize>) {
        let executions = self.cloud.executions.borrow();
        let by_id = data
            .text_field("executionId")
            .and_then(|id| executions.iter().position(|execution| &*execution.id == id));
        let token = data.text_field("result").or_else(|| data.text_field("error"));
        let by_token = token.map(|token| match (self.run_of(token), token) {
            (Some(run), _) => Starter::Run(run),
            (None, "past") => Starter::Past,
            (None, _) => Starter::Foreign,
        });
        let starter = by_id.map(|index| executions[index].starter);
        if let (Some(one), Some(other)) = (starter, by_token)
            && one != other
        {
            self.violate("R2", || format!("executionId is of {one:?}, and the result of {other:?}"));
        }
        (by_token.or(starter), by_id)
    }

    /// The skill of a run.
    pub fn skill(&self, run: usize) -> usize {
        self.plan.runs[run].skill % self.plan.skills.len()
    }

    fn is_protected(&self, run: usize) -> bool {
        self.plan.runs[run].recover.is_some()
    }

    pub fn check_begin(&self, run: usize, must_wait: bool) {
        let plan = &self.plan.runs[run];
        if must_wait {
            self.fire(Fault::Limited);
        }
        self.note(Some(plan.tab), "calls", run as u64, || format!("run {run}"));
        for (other, other_plan) in self.plan.runs.iter().enumerate() {
            let is_active = self.runs[other].began.get().is_some() && !self.runs[other].has_ended.get();
            if other == run || !is_active || self.skill(other) != self.skill(run) {
                continue;
            }
            if other_plan.recover.is_none() != plan.recover.is_none() {
                self.fire(Fault::Unprotected);
            }
            if other_plan.spelling != plan.spelling {
                self.fire(Fault::Spelling);
            }
            if other_plan.tab == plan.tab && other_plan.client != plan.client {
                self.fire(Fault::TwoClients);
            }
            if other_plan.tab != plan.tab && !self.plan.shared_locks {
                self.fire(Fault::NoSharedLocks);
            }
        }
        if !self.plan.journal.exists && plan.recover.is_some() {
            self.fire(Fault::NoJournal);
        }
    }

    pub fn check_call(&self, run: usize, tab: usize, outcome: Outcome) {
        self.check_handover(run, &self.tab(tab));
        self.check_patience(run, &outcome);
        self.check_owner("the call", tab, run, &outcome);
        self.check_ids(run, &outcome);
        self.runs[run].told.set(Some(self.runs[run].outcomes.borrow().len()));
        self.check_outcome(run, outcome);
    }

    pub fn check_resumed(&self, run: usize, tab: usize, outcome: Outcome) {
        self.check_owner("resume()", tab, run, &outcome);
        self.check_outcome(run, outcome);
    }

    fn check_outcome(&self, run: usize, outcome: Outcome) {
        if matches!(
            &outcome,
            Outcome::NotExecuted { code: "timeout" } | Outcome::Open { code: "timeout", .. }
        ) && self.plan.runs[run].total_timeout_ms.is_some()
        {
            self.fire(Fault::TotalTimeout);
        }
        self.check_candidates(run, &outcome);
        self.runs[run].outcomes.borrow_mut().push((self.now(), outcome));
    }

    /// The rules that only the end of a world can tell.
    pub fn check_end(&self, ended: Ended) {
        if ended != Ended::Idle {
            self.violate("R5", || format!("the last page does not come to rest: {ended:?}"));
        }
        self.check_journal("at the end");
        self.fire_foreign();
        for index in 0..self.runs.len() {
            self.check_truth(index);
            self.check_liveness(index);
        }
    }

    /// Whether the outcome of a run has reached its caller for good.
    fn is_accounted(&self, index: usize) -> bool {
        let run = &self.runs[index];
        let is_told =
            run.outcomes.borrow().iter().any(|(_, outcome)| matches!(outcome, Outcome::Result { .. }));
        let has_deliver = self.plan.runs[index].recover.is_some_and(|recover| recover.has_deliver);
        run.delivered.get() > 0
            || run.is_acknowledged.get()
            || run.is_discarded.get()
            || (is_told && !has_deliver && run.has_ended.get() && run.killed.get().is_none())
    }

    /// Whether a run was executed, or may still be.
    fn may_run(&self, index: usize) -> bool {
        let run = &self.runs[index];
        !run.executions.borrow().is_empty() || run.sends.borrow().iter().any(|send| send.may_arrive())
    }

    /// Whether another run of ours counts as somebody else's to a tab: it is of another one, and the tabs have no locks or
    /// no journal in common, or it is not to be recovered, so that the journal has nothing of it.
    fn is_foreign_run(&self, tab: usize, run: usize, other: usize) -> bool {
        let is_known = self.plan.shared_locks && self.plan.journal.exists && self.is_protected(other);
        let is_here = self.plan.runs[run].tab == tab && self.plan.runs[other].tab == tab;
        !is_known && !is_here
    }

    /// Whether a tab can resume what another one is still at: without common locks the journal tells nothing of that.
    fn may_interfere(&self) -> bool {
        !self.plan.shared_locks && self.plan.tabs.len() > 1
    }

    /// Whether an own execution of a skill is listed later than any run waits, or never.
    fn is_list_late(&self, skill: usize) -> bool {
        self.cloud.executions.borrow().iter().any(|execution| {
            execution.skill == skill
                && matches!(execution.starter, Starter::Run(_))
                && self.is_listed_late(execution)
        })
    }

    fn is_listed_late(&self, execution: &Execution) -> bool {
        !execution.is_listed || millis(execution.longest_lag()) > self.shortest_grace_ms()
    }

    fn shortest_grace_ms(&self) -> f64 {
        let graces = self.plan.resumes.iter().map(|resume| resume.grace_ms);
        let of_runs = self.plan.runs.iter().filter_map(|run| run.recover).map(|recover| recover.grace_ms);
        graces.chain(of_runs).chain([20_000.0]).fold(f64::INFINITY, f64::min)
    }
}

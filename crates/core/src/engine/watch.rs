//! Polls the generation of a skill, as `policy::wait` decides.

use std::rc::Rc;

use super::call::Prepared;
use super::engine::Engine;
use super::error::{Error, Failure, TimeLimit};
use super::options::CallOptions;
use super::platform::Platform;
use super::value::{Interrupted, Value, string_field};
use crate::api::node::Kind;
use crate::api::operation::Operation;
use crate::api::problem::ErrorCode;
use crate::api::text::{concat, format_milliseconds};
use crate::api::value::SkillsGenerationStatus;
use crate::policy::wait::{Snapshot, Wait, WaitDecision};

/// Default of the maximum wait for a generation, in milliseconds: 15 minutes.
const WAIT_MS: f64 = 900_000.0;

/// Options of a watch.
pub struct WatchOptions<P: Platform> {
    /// Options of each request.
    pub call: CallOptions<P>,
    /// The version before a refinement.
    pub newer_than: Option<u32>,
    /// Maximum duration of the whole wait, in milliseconds; may be infinite.
    pub timeout_ms: Option<f64>,
    /// Whether every end other than a finished skill is a failure.
    pub must_finish: bool,
}

/// A watched skill.
pub struct Watch<P: Platform> {
    engine: Rc<Engine<P>>,
    prepared: Prepared<P::Value>,
    options: WatchOptions<P>,
    wait: Wait,
    decision: WaitDecision,
    started_ms: f64,
    last: P::Value,
}

impl<P: Platform> Watch<P> {
    /// Starts watching a skill, by a prepared `skills.get` request.
    pub fn new(engine: Rc<Engine<P>>, prepared: Prepared<P::Value>, options: WatchOptions<P>) -> Self {
        let started_ms = options.call.begun_at.unwrap_or_else(|| engine.platform.now_ms());
        let wait = Wait::new(options.newer_than);
        // The first poll is immediate.
        let decision = WaitDecision::PollAfter(0.0);
        Self { engine, prepared, options, wait, decision, started_ms, last: P::Value::default() }
    }

    /// Returns the skill when it has changed since the previous poll; `None` when the generation has ended.
    pub async fn next(&mut self) -> Result<Option<P::Value>, Error<P::Value>> {
        let platform = &self.engine.platform;
        let timeout_ms = self.options.timeout_ms.unwrap_or(WAIT_MS);
        while let WaitDecision::PollAfter(delay_ms) = self.decision {
            let left_ms = self.started_ms + timeout_ms - platform.now_ms();
            let signal = self.options.call.signal.as_ref();
            if delay_ms > 0.0 || left_ms <= 0.0 {
                let pause = platform.pause_before_poll(signal, delay_ms, left_ms.max(0.0));
                if let Interrupted::Aborted(reason) = pause.await {
                    return Err(Error::Aborted(reason));
                }
            }
            // Timers can fire early: a shortened delay means that the limit is exceeded.
            let is_cut = left_ms <= delay_ms;
            let left_ms = self.started_ms + timeout_ms - platform.now_ms();
            if is_cut || left_ms <= 0.0 {
                return Err(self.timeout_failure(timeout_ms).into());
            }
            let mut options = self.options.call.clone();
            options.begun_at = None;
            let total_ms = options.limits.total_timeout_ms.unwrap_or(f64::INFINITY).min(left_ms);
            options.limits.total_timeout_ms = Some(total_ms);
            let polled = self.engine.call(Operation::SkillsGet, &self.prepared, &options).await;
            let skill = match polled {
                Ok(response) => response.data,
                Err(Error::Failed(failure))
                    if failure.limit == Some(TimeLimit::Total) && total_ms >= left_ms =>
                {
                    return Err(self.timeout_failure(timeout_ms).into());
                }
                Err(error) => return Err(error),
            };
            let elapsed_ms = platform.now_ms() - self.started_ms;
            let result = self.wait.polled(snapshot(&skill), elapsed_ms, platform.random());
            self.decision = result.decision;
            self.last = skill.clone();
            if result.has_changed {
                return Ok(Some(skill));
            }
        }
        if self.options.must_finish { self.finished().map(|()| None) } else { Ok(None) }
    }

    /// Waits until the generation has ended, and returns the skill.
    pub async fn finish(mut self) -> Result<P::Value, Error<P::Value>> {
        while self.next().await?.is_some() {}
        Ok(self.last)
    }

    fn finished(&self) -> Result<(), Error<P::Value>> {
        let status = snapshot(&self.last).status;
        if self.decision == WaitDecision::Ended && status == SkillsGenerationStatus::Finished {
            return Ok(());
        }
        let message = match self.decision {
            WaitDecision::NoNewVersion => "The refinement ended without a new version".to_owned(),
            WaitDecision::UnknownStatus => {
                concat(&["The generation has an unknown status: ", status.as_str()])
            }
            _ => concat(&["The generation ended as ", status.as_str()]),
        };
        let failure = Failure::new(ErrorCode::SkillGeneration, &message).with(|failure| {
            failure.operation = Some(Operation::SkillsGet);
            failure.body = self.last.clone();
        });
        Err(failure.into())
    }

    fn timeout_failure(&self, timeout_ms: f64) -> Box<Failure<P::Value>> {
        let limit = format_milliseconds(timeout_ms);
        let message =
            concat(&["Not finished within ", &limit, " ms (waitTimeout); the generation continues"]);
        let elapsed_ms = Some(self.engine.platform.now_ms() - self.started_ms);
        Failure::new(ErrorCode::Timeout, &message).with(|failure| {
            failure.operation = Some(Operation::SkillsGet);
            failure.retryable = true;
            failure.limit = Some(TimeLimit::Wait);
            failure.elapsed_ms = elapsed_ms;
        })
    }
}

/// Extracts the fields that show whether a skill has changed.
fn snapshot<V: Value>(skill: &V) -> Snapshot {
    let text = |key| string_field(skill, key).unwrap_or_default();
    let version = skill.get("currentVersion").and_then(|version| version.as_f64());
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float cast saturates")]
    let version = version.map(|version| version as u32);
    let finished_at = skill.get("currentVersionFinishedAt").map_or(Kind::Absent, |at| at.kind());
    let has_finished = finished_at == Kind::String;
    Snapshot { status: text("status").into(), version, updated_at: text("updatedAt"), has_finished }
}

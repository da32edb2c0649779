//! Drives the waiting for a generation: the machine of `call::wait` says when, a `skills.get` looks.

use std::rc::Rc;

use js_sys::Math;
use wasm_bindgen::JsValue;

use super::call::pause;
use super::request::whole;
use super::settings::{CallOptions, Settings};
use crate::api::node::Node;
use crate::api::operation::Operation;
use crate::api::problem::ErrorCode;
use crate::api::text::joined;
use crate::api::value::SkillsGenerationStatus;
use crate::call::wait::{Look, Next, Wait};
use crate::error::{Error, Failure, TimeLimit};
use crate::transport::clock;
use crate::transport::json::Json;

/// A skill that is watched.
pub(crate) struct Watch {
    settings: Rc<Settings>,
    id: JsValue,
    options: CallOptions,
    wait: Wait,
    next: Next,
    started_ms: f64,
    timeout_ms: f64,
    must_finish: bool,
    last: JsValue,
}

impl Watch {
    /// Begins to watch. `newer_than` is the version before a refinement; `timeout_ms` bounds the whole, from `started_ms`
    /// on the clock of `transport::clock`, and may be infinite. If it `must_finish`, any other end is a failure.
    pub fn new(
        settings: Rc<Settings>,
        id: JsValue,
        options: CallOptions,
        newer_than: Option<u32>,
        started_ms: f64,
        timeout_ms: f64,
        must_finish: bool,
    ) -> Self {
        let wait = Wait::new(newer_than);
        // The first look is at once.
        Self {
            settings,
            id,
            options,
            wait,
            next: Next::LookAfter(0.0),
            started_ms,
            timeout_ms,
            must_finish,
            last: JsValue::UNDEFINED,
        }
    }

    /// The skill when it is next different from the look before; nothing when it is over.
    pub async fn next(&mut self) -> Result<Option<JsValue>, Error> {
        while let Next::LookAfter(delay_ms) = self.next {
            let left_ms = self.started_ms + self.timeout_ms - clock::now_ms();
            if left_ms <= delay_ms {
                pause(&self.options, left_ms.max(0.0)).await?;
                return Err(self.ran_out().into());
            }
            if delay_ms > 0.0 {
                pause(&self.options, delay_ms).await?;
            }
            self.options.limits.total_timeout_ms = Some(left_ms - delay_ms);
            let ids = [self.id.clone()];
            let nothing = JsValue::UNDEFINED;
            let answered = self.settings.call(Operation::SkillsGet, &ids, &nothing, &self.options).await?;
            let skill = answered.data;
            let seen = self.wait.looked(look(&skill), Math::random());
            self.next = seen.next;
            self.last = skill.clone();
            if seen.is_news {
                return Ok(Some(skill));
            }
        }
        if self.must_finish { self.finished().map(|()| None) } else { Ok(None) }
    }

    /// The finished skill.
    pub async fn finish(mut self) -> Result<JsValue, Error> {
        while self.next().await?.is_some() {}
        Ok(self.last)
    }

    fn finished(&self) -> Result<(), Error> {
        let status = look(&self.last).status;
        if self.next == Next::Over && status == SkillsGenerationStatus::Finished {
            return Ok(());
        }
        let message = match self.next {
            Next::NothingNew => "The refinement ended without a new version".to_owned(),
            _ => joined(&["The generation ended as ", status.as_str()]),
        };
        let failure = Failure::new(ErrorCode::SkillGeneration, &message).with(|failure| {
            failure.operation = Some(Operation::SkillsGet);
            failure.body = self.last.clone();
        });
        Err(failure.into())
    }

    fn ran_out(&self) -> Box<Failure> {
        let message =
            joined(&["Not finished within ", &whole(self.timeout_ms), " ms; the generation goes on"]);
        let elapsed_ms = Some(clock::now_ms() - self.started_ms);
        Failure::new(ErrorCode::Timeout, &message).with(|failure| {
            failure.operation = Some(Operation::SkillsGet);
            failure.retryable = true;
            failure.limit = Some(TimeLimit::Attempt);
            failure.elapsed_ms = elapsed_ms;
        })
    }
}

/// What of a skill tells whether it has changed. The answer was checked before.
fn look(skill: &JsValue) -> Look {
    let skill = Json(skill.clone());
    let text = |key| skill.get(key).and_then(|value| value.text()).unwrap_or_default();
    let version = skill.get("currentVersion").and_then(|value| value.number());
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float cast saturates")]
    let version = version.map(|version| version as u32);
    Look { status: text("status").into(), version, updated_at: text("updatedAt") }
}

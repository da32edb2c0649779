//! The client: drives the machines of `call` over `transport`. JavaScript and Rust callers share it.

mod answer;
mod attempts;
pub(crate) mod call;
mod config;
pub(crate) mod hooks;
pub(crate) mod key;
mod marketplace;
pub(crate) mod recovery;
mod request;
pub(crate) mod settings;
mod skills;
pub(crate) mod slot;
mod times;
pub(crate) mod watch;

use std::rc::Rc;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_wasm_bindgen::Serializer;
use uuid::Uuid;
use wasm_bindgen::JsValue;

pub use self::config::{Config, RequestOptions};
pub use self::key::KeyReason;
pub use self::marketplace::Marketplace;
use self::settings::{CallOptions, Settings};
pub use self::skills::Skills;
use self::watch::Watch;
use crate::api::operation::Operation;
use crate::api::problem::ErrorCode;
use crate::api::skill::SkillResponse;
use crate::api::text::joined;
use crate::error::{Error, Failure};
use crate::transport::clock;

/// A client of the skills of Browser Use Cloud, for Rust in a browser. Clones share everything.
#[derive(Clone, Debug)]
pub struct Client {
    settings: Rc<Settings>,
    options: Rc<CallOptions>,
}

impl Client {
    /// Makes a client.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidRequest`] if the configuration is not usable; its issues tell why.
    pub fn new(config: Config) -> Result<Self, Error> {
        Ok(Self { settings: Rc::new(config.into_settings()?), options: Rc::default() })
    }

    /// The same client with options for the calls that are made through it: a signal, a time limit.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidRequest`] if an option is not usable.
    pub fn with(&self, options: RequestOptions) -> Result<Self, Error> {
        Ok(Self { settings: Rc::clone(&self.settings), options: Rc::new(options.into_call_options()?) })
    }

    /// The skills of one's own project.
    #[must_use]
    pub const fn skills(&self) -> Skills<'_> {
        Skills(self)
    }

    /// Skills that others have published.
    #[must_use]
    pub const fn marketplace(&self) -> Marketplace<'_> {
        Marketplace(self)
    }

    async fn call<Answer: DeserializeOwned>(
        &self,
        operation: Operation,
        ids: &[&dyn ToString],
        input: Option<&impl Serialize>,
    ) -> Result<Answer, Error> {
        let ids: Vec<JsValue> = ids.iter().map(|id| id.to_string().into()).collect();
        let input = match input {
            None => JsValue::UNDEFINED,
            Some(input) => {
                input.serialize(&Serializer::json_compatible()).map_err(|error| broken(operation, error))?
            }
        };
        let answer = self.settings.call(operation, &ids, &input, &self.options).await?;
        serde_wasm_bindgen::from_value(answer.data).map_err(|error| broken(operation, error))
    }

    async fn wait(&self, skill_id: Uuid, newer_than: Option<u32>) -> Result<SkillResponse, Error> {
        let settings = Rc::clone(&self.settings);
        let options = (*self.options).clone();
        let id = skill_id.to_string().into();
        let watch = Watch::new(settings, id, options, newer_than, clock::now_ms(), f64::INFINITY, true);
        let skill = watch.finish().await?;
        serde_wasm_bindgen::from_value(skill).map_err(|error| broken(Operation::SkillsGet, error))
    }
}

/// What a Rust type could not be written as, or read from.
fn broken(operation: Operation, error: serde_wasm_bindgen::Error) -> Error {
    let message = joined(&["The value does not fit its Rust type: ", &error.to_string()]);
    let failure = Failure::new(ErrorCode::Response, &message);
    failure
        .with(|failure| {
            failure.operation = Some(operation);
            failure.cause = error.into();
        })
        .into()
}

/// No input, for operations that take none.
const NOTHING: Option<&()> = None;

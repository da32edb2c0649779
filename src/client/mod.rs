//! The client for Rust callers, and the engine's platform in a browser, which JavaScript callers share.

mod account;
mod batch;
mod batch_rows;
mod batch_store;
pub(crate) mod browser;
mod config;
pub(crate) mod faults;
mod journal;
pub(crate) mod key;
mod marketplace;
mod options;
pub(crate) mod request;
mod resume;
mod sessions;
mod skills;

use std::borrow::Cow;
use std::rc::Rc;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_wasm_bindgen::Serializer;
use uuid::Uuid;
use wasm_bindgen::JsValue;

use browser_use_skills_core::engine::{self, Engine, Watch, WatchOptions};

pub use self::account::{Billing, Profiles};
pub use self::batch::{Batch, BatchConfig, RowResult};
pub use self::batch_store::BatchStore;
use self::browser::Browser;
pub use self::config::Config;
use self::faults::Faults;
pub use self::journal::{Journal, JournalResult, StorageJournal};
pub use self::marketplace::Marketplace;
pub use self::options::{Recover, RequestOptions, WaitOptions};
use self::request::prepare;
pub use self::resume::ResumedExecution;
pub use self::sessions::Sessions;
pub use self::skills::Skills;
use crate::api::issue::Loc;
use crate::api::operation::Operation;
use crate::api::problem::ErrorCode;
use crate::api::skill::SkillResponse;
use crate::api::text::concat;
use crate::error::{Error, Failure, Json};

pub use browser_use_skills_core::batch::{PauseReason, Progress, RowStatus};
pub use browser_use_skills_core::engine::{ConcurrencyStats, Event, EventKind, KeyReason};

/// The engine in a browser.
pub(crate) type Core = Engine<Browser>;
/// The options of one call in a browser.
pub(crate) type CallOptions = engine::CallOptions<Browser>;

/// Client for the skills API of Browser Use Cloud. Clones share all state.
#[derive(Clone)]
pub struct Client {
    core: Rc<Core>,
    options: Rc<CallOptions>,
}

// Never shows the key.
impl std::fmt::Debug for Client {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Client").field("core", &self.core).finish_non_exhaustive()
    }
}

impl Client {
    /// Creates a client. Sends nothing.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidRequest`] if the configuration is invalid; see [`Error::issues`].
    pub fn new(config: Config) -> Result<Self, Error> {
        let mut faults = Faults::default();
        let core = config.into_core(&mut faults);
        Ok(Self { core: Rc::new(valid(faults, core)?), options: Rc::default() })
    }

    /// Returns a client that applies options to its calls. Shares all other state.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidRequest`] if an option is invalid.
    pub fn with(&self, options: RequestOptions) -> Result<Self, Error> {
        let mut faults = Faults::default();
        let options = options.into_call_options(&mut faults);
        Ok(Self { core: Rc::clone(&self.core), options: Rc::new(valid(faults, options)?) })
    }

    /// Returns the client for the requests of a wait.
    fn for_wait(&self, options: &mut WaitOptions) -> Result<Self, Error> {
        let mut faults = Faults::default();
        let call = options.call_options(&mut faults);
        let options = valid(faults, call)?.map_or_else(|| Rc::clone(&self.options), Rc::new);
        Ok(Self { core: Rc::clone(&self.core), options })
    }

    /// The skills of your project.
    #[must_use]
    pub const fn skills(&self) -> Skills<'_> {
        Skills(self)
    }

    /// The number of queued and running executions and creations.
    #[must_use]
    pub fn pending(&self) -> ConcurrencyStats {
        self.core.pending()
    }

    /// Changes the maximum number of concurrent executions and creations. That of the account's plan is `rate_limit` of
    /// [`Billing::account`]. Ignores 0.
    pub fn set_max_concurrent(&self, max: u32) {
        self.core.set_max_concurrent(f64::from(max));
    }

    /// Published skills.
    #[must_use]
    pub const fn marketplace(&self) -> Marketplace<'_> {
        Marketplace(self)
    }

    /// The sessions of your project.
    #[must_use]
    pub const fn sessions(&self) -> Sessions<'_> {
        Sessions(self)
    }

    /// The account of your project.
    #[must_use]
    pub const fn billing(&self) -> Billing<'_> {
        Billing(self)
    }

    /// The profiles of your project.
    #[must_use]
    pub const fn profiles(&self) -> Profiles<'_> {
        Profiles(self)
    }

    async fn call<Output: DeserializeOwned>(
        &self,
        operation: Operation,
        ids: &[&dyn ToString],
        input: Option<&impl Serialize>,
    ) -> Result<Output, Error> {
        let ids: Vec<JsValue> = ids.iter().map(|id| id.to_string().into()).collect();
        let input = match input {
            None => JsValue::UNDEFINED,
            Some(input) => input
                .serialize(&Serializer::json_compatible())
                .map_err(|error| decode_error(operation, error))?,
        };
        let prepared = prepare(&self.core, operation.spec(), &ids, &input, None).map_err(|failure| {
            Error::new(self.core.refuse(operation, failure, self.options.on_event.as_ref()))
        })?;
        let response = self.core.call(operation, &prepared, &self.options).await.map_err(Error::new)?;
        read(operation, response.data)
    }

    async fn wait(
        &self,
        skill_id: Uuid,
        newer_than: Option<u32>,
        options: WaitOptions,
    ) -> Result<SkillResponse, Error> {
        let operation = Operation::SkillsGet;
        let ids = [skill_id.to_string().into()];
        let prepared =
            prepare(&self.core, operation.spec(), &ids, &JsValue::UNDEFINED, None).map_err(Error::new)?;
        let WaitOptions { timeout_ms, on_status, .. } = options;
        let call = (*self.options).clone();
        let options = WatchOptions { call, newer_than, timeout_ms, must_finish: true };
        let mut watch = Watch::new(Rc::clone(&self.core), prepared, options);
        let mut last = None;
        while let Some(skill) = watch.next().await.map_err(Error::new)? {
            let skill = read(operation, skill)?;
            if let Some(on_status) = &on_status {
                on_status(&skill);
            }
            last = Some(skill);
        }
        // The first poll is always news.
        last.ok_or_else(|| Error::new(Failure::new(ErrorCode::Internal, "The skill was not polled")))
    }

    /// Resumes the executions in the journal: those that an earlier page or worker started with `recover` and did not
    /// deliver. Never repeats an execution, and costs no credits. Skips executions that another tab is still waiting for.
    ///
    /// # Errors
    /// [`ErrorCode::Journal`] if reading the journal fails.
    pub async fn resume(&self) -> Result<Vec<ResumedExecution>, Error> {
        let resumed = self.core.resume(&self.options).await.map_err(Error::new)?;
        Ok(resumed.into_iter().map(ResumedExecution).collect())
    }
}

/// Deserializes a response.
fn read<Output: DeserializeOwned>(operation: Operation, response: Json) -> Result<Output, Error> {
    serde_wasm_bindgen::from_value(response.0).map_err(|error| decode_error(operation, error))
}

/// The error of a value that does not match its Rust type.
fn decode_error(operation: Operation, error: serde_wasm_bindgen::Error) -> Error {
    Error::new(decode_failure(operation, error))
}

fn decode_failure(operation: Operation, error: serde_wasm_bindgen::Error) -> Box<Failure> {
    let message = concat(&["The value does not fit its Rust type: ", &error.to_string()]);
    Failure::new(ErrorCode::Response, &message).with(|failure| {
        failure.operation = Some(operation);
        failure.cause = Json(error.into());
    })
}

/// Returns the value, or an error with the violations by the names of their setters.
fn valid<Value>(mut faults: Faults, value: Value) -> Result<Value, Error> {
    for step in faults.issues.iter_mut().flat_map(|issue| &mut issue.loc) {
        if let Loc::Key(name) = step {
            *name = Cow::Owned(setter(name));
        }
    }
    faults.finish(value).map_err(Error::new)
}

/// Converts `maxRetries` to `max_retries`.
fn setter(name: &str) -> String {
    let mut setter = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            setter.push('_');
        }
        setter.push(letter.to_ascii_lowercase());
    }
    setter
}

/// Input of operations that take none.
const NOTHING: Option<&()> = None;

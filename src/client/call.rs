//! One call from its input to its answer.

use std::future::Future;
use std::pin::Pin;

use wasm_bindgen::JsValue;

use super::hooks::What;
use super::request::{Prepared, place};
use super::settings::{CallOptions, Settings};
use super::times::Times;
use crate::api::operation::Operation;
use crate::api::problem::ErrorCode;
use crate::error::{Error, Failure};
use crate::transport::engine::{self, Stop};

/// What a call resolves to.
#[cfg_attr(
    not(feature = "js"),
    allow(dead_code, reason = "all but the data is for withResponse() of JavaScript")
)]
pub(crate) struct Answered {
    /// The parsed body, or undefined for an operation that answers nothing.
    pub data: JsValue,
    /// The status of the answer.
    pub status: u16,
    /// The headers as `fetch` gave them.
    pub headers: JsValue,
    /// How many requests were sent.
    pub attempts: u32,
    /// How long was waited between them, in milliseconds.
    pub delay_ms: f64,
}

/// A call on its way. Boxed: recovery makes calls within a call.
pub(crate) type Calling<'a> = Pin<Box<dyn Future<Output = Result<Answered, Error>> + 'a>>;

/// One call.
pub(super) struct Call<'a> {
    pub settings: &'a Settings,
    pub operation: Operation,
    /// What fills in the path.
    pub ids: &'a [JsValue],
    pub prepared: Prepared,
    pub options: &'a CallOptions,
    pub times: Times,
    /// By which listeners tell it from other calls.
    pub number: u32,
}

impl Settings {
    /// Makes a call.
    pub fn call<'a>(
        &'a self,
        operation: Operation,
        ids: &'a [JsValue],
        input: &'a JsValue,
        options: &'a CallOptions,
    ) -> Calling<'a> {
        Box::pin(async move {
            let prepared = recoverable(operation, options)
                .and_then(|()| self.prepare(operation.row(), ids, input, options));
            let call = match prepared {
                Ok(prepared) => self.begin(operation, ids, prepared, options),
                Err(failure) => {
                    let number = self.hooks.next_call();
                    let error = failure.with(|failure| failure.operation = Some(operation)).into();
                    self.tell_of_error(number, operation, &error, 0.0);
                    return Err(error);
                }
            };
            let result = call.run().await.map_err(|error| call.named(error));
            if let Err(error) = &result {
                self.tell_of_error(call.number, operation, error, call.times.elapsed_ms());
            }
            result
        })
    }

    pub(super) fn begin<'a>(
        &'a self,
        operation: Operation,
        ids: &'a [JsValue],
        prepared: Prepared,
        options: &'a CallOptions,
    ) -> Call<'a> {
        let times = Times::new(prepared.row, options.limits.or(self.limits), options.begun_at);
        Call { settings: self, operation, ids, prepared, options, times, number: self.hooks.next_call() }
    }

    fn tell_of_error(&self, number: u32, operation: Operation, error: &Error, duration: f64) {
        let failure = error.failure();
        let what = What {
            status: failure.and_then(|failure| failure.status),
            code: failure.map_or("aborted", |failure| failure.code.as_str()),
            milliseconds: duration,
        };
        let attempts = failure.map_or(0, |failure| failure.attempts);
        self.hooks.tell("onError", number, operation, attempts, what);
    }
}

impl Call<'_> {
    async fn run(&self) -> Result<Answered, Error> {
        let recover = self.options.recover.as_ref();
        if let Some(recover) = recover.filter(|recover| !recover.turn.is_undefined()) {
            self.times.wait_for(&recover.turn, self.options).await?;
        }
        let _slot = if self.prepared.row.takes_session {
            Some(self.settings.slots.enter(self.options, &self.times).await?)
        } else {
            None
        };
        match recover {
            Some(recover) => self.execute(recover).await,
            None => self.attempts().await,
        }
    }

    /// An error that says what was called.
    fn named(&self, mut error: Error) -> Error {
        if let Error::Failed(failure) = &mut error {
            failure.operation = Some(self.operation);
        }
        error
    }
}

/// Refuses to recover what cannot be recovered.
fn recoverable(operation: Operation, options: &CallOptions) -> Result<(), Box<Failure>> {
    let fault = match options.recover {
        Some(_) if operation != Operation::SkillsExecute => {
            "is for skills.execute only: nothing else has a list of what was done"
        }
        Some(_) if options.always_resend => "does not go with retry: \"always\", which sends again",
        _ => return Ok(()),
    };
    Err(Failure::invalid(vec![place("options", "recover", "value_error", fault)]))
}

pub(super) fn stopped(stop: Stop) -> Error {
    match stop {
        Stop::Aborted(reason) => Error::Aborted(reason),
        Stop::TimedOut => Failure::new(ErrorCode::Timeout, "The time was up").into(),
        Stop::Failed(cause) => {
            Failure::new(ErrorCode::Internal, "A promise failed").with(|failure| failure.cause = cause).into()
        }
    }
}

/// Waits, unless the caller's signal is aborted.
pub(super) async fn pause(options: &CallOptions, milliseconds: f64) -> Result<(), Error> {
    match engine::pause(options.signal.as_ref(), milliseconds).await {
        Err(Stop::TimedOut) | Ok(_) => Ok(()),
        Err(stop) => Err(stopped(stop)),
    }
}

//! Options of calls and waits for Rust callers.

use std::fmt;
use std::rc::Rc;
use std::time::Duration;

use js_sys::{Function, Object};
use uuid::Uuid;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;
use web_sys::AbortSignal;

use browser_use_skills_core::engine::{self, Event, Listener};

use super::CallOptions;
use super::browser::Browser;
use super::faults::Faults;
use crate::api::skill::SkillResponse;
use crate::transport::json::{Json, set};

/// Options of the calls of [`Client::with`](super::Client::with).
#[derive(Clone, Default)]
#[must_use]
pub struct RequestOptions {
    call: CallOptions,
}

// Headers and the functions of `recover` may have secrets.
impl fmt::Debug for RequestOptions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("RequestOptions").field("limits", &self.call.limits).finish_non_exhaustive()
    }
}

impl RequestOptions {
    /// Aborts the call.
    pub fn signal(mut self, signal: AbortSignal) -> Self {
        self.call.signal = Some(signal);
        self
    }

    /// Retries every operation after a lost response. A paid operation may then run, and cost credits, twice.
    pub const fn always_resend(mut self) -> Self {
        self.call.always_resend = true;
        self
    }

    /// Recovers the execution if its response is lost. For `execute` of your own skills.
    pub fn recover(mut self, recover: Recover) -> Self {
        self.call.recover = Some(recover.0);
        self
    }

    /// Receives the events of the calls, besides [`Config::on_event`](super::Config::on_event).
    pub fn on_event(mut self, listener: impl Fn(&Event) + 'static) -> Self {
        self.call.on_event = Some(Listener::new(listener));
        self
    }

    /// Validates the options and converts them to the engine's.
    pub(super) fn into_call_options(self, faults: &mut Faults) -> CallOptions {
        faults.call(&self.call);
        self.call
    }
}

/// Options of the recovery of lost responses.
#[derive(Clone, Default)]
#[must_use]
pub struct Recover(engine::Recover<Browser>);

impl fmt::Debug for Recover {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Recover").field("tag", &self.0.tag).finish_non_exhaustive()
    }
}

impl Recover {
    /// Time within which an execution appears in the list. If it does not, its request never reached the server. Default: 20
    /// seconds.
    pub fn grace(mut self, grace: Duration) -> Self {
        self.0.grace_ms = milliseconds(grace);
        self
    }

    /// Your own label for the execution, stored in the journal.
    pub fn tag(mut self, tag: impl Into<String>) -> Self {
        self.0.tag = Some(tag.into());
        self
    }

    /// Stores the execution. Its journal entry is removed once the future resolves.
    pub fn deliver<Deliver, Done>(mut self, deliver: Deliver) -> Self
    where
        Deliver: Fn(JsValue) -> Done + 'static,
        Done: Future<Output = Result<(), JsValue>> + 'static,
    {
        let call = move |execution| {
            let done = deliver(execution);
            JsValue::from(future_to_promise(async { done.await.map(|()| JsValue::UNDEFINED) }))
        };
        self.0.deliver = Some(function_of(call));
        self
    }

    /// Returns whether a result belongs to this run, for shared accounts.
    pub fn accept(mut self, accept: impl Fn(JsValue) -> bool + 'static) -> Self {
        self.0.accept = Some(function_of(move |result| accept(result).into()));
        self
    }
}

fn function_of(call: impl Fn(JsValue) -> JsValue + 'static) -> Function {
    Closure::<dyn Fn(JsValue) -> JsValue>::new(call).into_js_value().unchecked_into()
}

type OnStatus = Rc<dyn Fn(&SkillResponse)>;

/// Options of a wait for a generation.
#[derive(Clone, Default)]
#[must_use]
pub struct WaitOptions {
    request: Option<RequestOptions>,
    pub(super) timeout_ms: Option<f64>,
    pub(super) on_status: Option<OnStatus>,
    pub(super) on_created: Option<Rc<dyn Fn(Uuid)>>,
}

impl fmt::Debug for WaitOptions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("WaitOptions").field("timeout_ms", &self.timeout_ms).finish_non_exhaustive()
    }
}

impl WaitOptions {
    /// Options of every request of the wait, including the creation or refinement, replacing those of
    /// [`Client::with`](super::Client::with). `total_timeout` limits each request with its attempts.
    pub fn request(mut self, options: RequestOptions) -> Self {
        self.request = Some(options);
        self
    }

    /// Timeout of the wait after the creation or refinement. Default: 15 minutes.
    pub fn wait_timeout(mut self, timeout: Duration) -> Self {
        self.timeout_ms = Some(milliseconds(timeout));
        self
    }

    /// Called with the skill immediately and after every change.
    pub fn on_status(mut self, call: impl Fn(&SkillResponse) + 'static) -> Self {
        self.on_status = Some(Rc::new(call));
        self
    }

    /// Called with the skill's id once its generation has started and credits are spent, by
    /// [`Skills::create_and_wait`](super::Skills::create_and_wait).
    pub fn on_created(mut self, call: impl Fn(Uuid) + 'static) -> Self {
        self.on_created = Some(Rc::new(call));
        self
    }

    /// Returns the options of each request, if set.
    pub(super) fn call_options(&mut self, faults: &mut Faults) -> Option<CallOptions> {
        faults.milliseconds("waitTimeout", self.timeout_ms);
        self.request.take().map(|request| request.into_call_options(faults))
    }
}

/// Setters of both [`Config`](super::Config) and [`RequestOptions`].
macro_rules! shared_settings {
    ($owner:ty $(, $part:ident)?) => {
        impl $owner {
            /// Timeout of one attempt. Default: 60 seconds; for executions 5 minutes.
            pub fn timeout(mut self, timeout: ::std::time::Duration) -> Self {
                self.$($part.)?limits.timeout_ms = Some($crate::client::options::milliseconds(timeout));
                self
            }

            /// Timeout of the whole call: all attempts and the delays between them. Default: no limit.
            pub fn total_timeout(mut self, timeout: ::std::time::Duration) -> Self {
                self.$($part.)?limits.total_timeout_ms = Some($crate::client::options::milliseconds(timeout));
                self
            }

            /// Longest `Retry-After` that is honoured. Default: 60 seconds.
            pub fn max_retry_after(mut self, delay: ::std::time::Duration) -> Self {
                self.$($part.)?limits.max_retry_after_ms = Some($crate::client::options::milliseconds(delay));
                self
            }

            /// Maximum number of retries, up to 100. Default: 2.
            pub fn max_retries(mut self, max_retries: u32) -> Self {
                self.$($part.)?limits.max_retries = Some(max_retries);
                self
            }

            /// Adds a header. Headers of a call override those of the client.
            pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
                let headers = &mut self.$($part.)?headers;
                *headers = $crate::client::options::with_header(headers, &name.into(), &value.into());
                self
            }
        }
    };
}
pub(super) use shared_settings;

shared_settings!(RequestOptions, call);

/// Returns a copy of the headers with one more: clones of the options share the original.
pub(super) fn with_header(headers: &Json, name: &str, value: &str) -> Json {
    let all = Object::assign(&Object::new(), headers.0.unchecked_ref());
    set(&all, name, &value.into());
    Json(all.into())
}

pub(super) fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

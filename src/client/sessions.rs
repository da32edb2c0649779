//! Sessions, for Rust callers.

use uuid::Uuid;

use super::{Client, NOTHING};
use crate::api::operation::Operation;
use crate::api::page::SessionListResponse;
use crate::api::session::{CreateSessionRequest, SessionItemView, SessionListParams, SessionView};
use crate::error::Error;

/// The sessions of your project.
#[derive(Clone, Copy, Debug)]
pub struct Sessions<'a>(pub(super) &'a Client);

#[allow(clippy::missing_errors_doc, reason = "said once, above the struct")]
impl Sessions<'_> {
    /// Starts a session: a browser that executions share by `session_id`. It counts against the plan's limit until
    /// [`Sessions::stop`].
    pub async fn create(self, request: &CreateSessionRequest) -> Result<SessionItemView, Error> {
        self.0.call(Operation::SessionsCreate, &[], Some(request)).await
    }

    /// Lists the sessions, one page per request.
    pub async fn list(self, params: &SessionListParams) -> Result<SessionListResponse, Error> {
        self.0.call(Operation::SessionsList, &[], Some(params)).await
    }

    /// Returns a session with its tasks.
    pub async fn get(self, session_id: Uuid) -> Result<SessionView, Error> {
        self.0.call(Operation::SessionsGet, &[&session_id], NOTHING).await
    }

    /// Stops a session and its tasks. Cannot be undone.
    pub async fn stop(self, session_id: Uuid) -> Result<SessionView, Error> {
        self.0.call(Operation::SessionsStop, &[&session_id], NOTHING).await
    }

    /// Deletes a session with its tasks and recordings.
    pub async fn delete(self, session_id: Uuid) -> Result<(), Error> {
        self.0.call(Operation::SessionsDelete, &[&session_id], NOTHING).await
    }
}

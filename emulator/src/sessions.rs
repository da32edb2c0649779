//! The operations on sessions.

use browser_use_skills::api::page::SessionListResponse;
use browser_use_skills::api::problem::ErrorCode;
use browser_use_skills::api::session::{
    CreateSessionRequest, SessionItemView, SessionListParams, SessionView,
};
use uuid::Uuid;

use crate::list;
use crate::rejection::Rejection;
use crate::session::Session;
use crate::state::Emulator;

impl Emulator {
    /// `sessions.create`
    pub(crate) fn create_session(
        &mut self,
        request: &CreateSessionRequest,
        now: u64,
    ) -> Result<SessionItemView, Rejection> {
        if request.profile_id.is_some_and(|id| id != self.profile().id) {
            return Err(ErrorCode::ProfileNotFound.into());
        }
        self.require_execution_credits()?;
        self.require_free_session(now)?;
        let session = Session {
            id: self.ids.uuid(),
            persist_memory: request.persist_memory.unwrap_or(true),
            keep_alive: request.keep_alive.unwrap_or(true),
            started_at: now,
            ends_at: now.saturating_add(self.settings.session_idle_ms),
        };
        let item = session.item(now);
        self.sessions.push(session);
        Ok(item)
    }

    /// `sessions.list`
    pub(crate) fn list_sessions(&self, params: &SessionListParams, now: u64) -> SessionListResponse {
        let items = self.sessions.iter().rev().map(|session| session.item(now));
        let matching =
            items.filter(|item| params.filter_by.as_ref().is_none_or(|status| *status == item.status));
        let page = list::page(matching.collect(), params.page_size, params.page_number);
        SessionListResponse {
            items: page.items,
            total_items: page.total_items,
            page_number: page.page_number,
            page_size: page.page_size,
        }
    }

    /// `sessions.get`
    pub(crate) fn get_session(&mut self, id: Uuid, now: u64) -> Result<SessionView, Rejection> {
        Ok(self.session_mut(id)?.view(now))
    }

    /// `sessions.stop`
    pub(crate) fn stop_session(&mut self, id: Uuid, now: u64) -> Result<SessionView, Rejection> {
        let session = self.session_mut(id)?;
        session.stop(now);
        Ok(session.view(now))
    }

    /// `sessions.delete`
    pub(crate) fn delete_session(&mut self, id: Uuid) -> Result<(), Rejection> {
        self.session_mut(id)?;
        self.sessions.retain(|session| session.id != id);
        Ok(())
    }

    fn session_mut(&mut self, id: Uuid) -> Result<&mut Session, Rejection> {
        let session = self.sessions.iter_mut().find(|session| session.id == id);
        session.ok_or_else(|| ErrorCode::SessionNotFound.into())
    }

    /// Rejects an execution whose session does not exist or has ended.
    pub(crate) fn require_active_session(&self, id: Uuid, now: u64) -> Result<(), Rejection> {
        let session = self.sessions.iter().find(|session| session.id == id);
        match session.ok_or(Rejection::Other(404, "Session not found"))? {
            session if session.is_active(now) => Ok(()),
            _ => Err(Rejection::Other(400, "Session is stopped")),
        }
    }

    /// Keeps a session active while an execution runs.
    pub(crate) fn use_session(&mut self, id: Option<Uuid>, until: u64) {
        let idle_ms = self.settings.session_idle_ms;
        if let Some(session) = self.sessions.iter_mut().find(|session| Some(session.id) == id) {
            session.execute(until, idle_ms);
        }
    }
}

//! A session: a browser that executions share.

use browser_use_skills::api::session::{SessionItemView, SessionView};
use browser_use_skills::api::value::SessionStatus;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::timestamp;

/// A session. Ends when it is stopped, or idle for too long.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Session {
    pub id: Uuid,
    pub persist_memory: bool,
    pub keep_alive: bool,
    pub started_at: u64,
    /// When it ends, unless it is used or stopped before.
    pub ends_at: u64,
}

impl Session {
    pub const fn is_active(&self, now: u64) -> bool {
        now < self.ends_at
    }

    /// Ends the session, if it has not ended.
    pub fn stop(&mut self, now: u64) {
        self.ends_at = self.ends_at.min(now);
    }

    /// Extends the session by an execution that ends at this time.
    pub fn execute(&mut self, until: u64, idle_ms: u64) {
        let idle_ms = if self.keep_alive { idle_ms } else { 0 };
        self.ends_at = until.saturating_add(idle_ms);
    }

    /// The session in a list.
    pub fn item(&self, now: u64) -> SessionItemView {
        let is_active = self.is_active(now);
        SessionItemView {
            id: self.id,
            status: if is_active { SessionStatus::Active } else { SessionStatus::Stopped },
            live_url: is_active.then(|| format!("https://live.example/{}", self.id)),
            recording_url: None,
            started_at: timestamp::format(self.started_at),
            finished_at: (!is_active).then(|| timestamp::format(self.ends_at)),
            persist_memory: self.persist_memory,
            keep_alive: self.keep_alive,
            proxy_used_mb: "0".to_owned(),
            proxy_cost: "0".to_owned(),
        }
    }

    /// The session with its tasks. Executions of skills are no tasks.
    pub fn view(&self, now: u64) -> SessionView {
        let SessionItemView {
            id,
            status,
            live_url,
            recording_url,
            started_at,
            finished_at,
            persist_memory,
            keep_alive,
            proxy_used_mb,
            proxy_cost,
        } = self.item(now);
        SessionView {
            id,
            status,
            live_url,
            recording_url,
            started_at,
            finished_at,
            tasks: Vec::new(),
            public_share_url: None,
            persist_memory,
            keep_alive,
            proxy_used_mb,
            proxy_cost,
        }
    }
}

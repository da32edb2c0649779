//! Resolves other runs of the skill by the journal and the ledger: abandoned ones get their executions before another
//! run starts, oldest first.

use super::call::Call;
use super::entry::{Entry, Record};
use super::error::{Error, TimeLimit};
use super::locks::entry_lock;
use super::platform::Platform;
use super::poll::POLL_LIMIT_MS;
use super::protect::{Protection, RecoveryMode};
use super::shared_state::{ProtectedRun, RunState};
use crate::policy::ledger::{RunKey, Verdict};

/// Maximum number of execution ids in the record.
const RECORD_LIMIT: usize = 400;
/// Maximum number of owners in the record.
const OWNER_LIMIT: usize = 100;

impl<P: Platform> Protection<'_, P> {
    /// The record of the skill, from this tab's state.
    pub(super) fn record(&self) -> Record {
        let ledger = self.ledger();
        let seen = ledger.seen();
        let newest = seen.get(seen.len().saturating_sub(RECORD_LIMIT)..).unwrap_or_default();
        let owned = self.skill.runs(|run| run.execution_id.is_some());
        let mut owners = self.skill.owners.borrow().clone();
        for (id, run) in owned.into_iter().filter_map(|run| Some((run.execution_id?, run.id))) {
            if !owners.iter().any(|(execution, _)| *execution == id) {
                owners.push((id, run));
            }
        }
        let excess = owners.len().saturating_sub(OWNER_LIMIT);
        owners.drain(..excess);
        Record { seen: newest.to_vec(), owners }
    }

    /// Reads the journal and resolves abandoned runs.
    pub async fn resolve_abandoned(&mut self, call: &Call<'_, P>) -> Result<(), Error<P::Value>> {
        if self.mode != RecoveryMode::ExecutionList {
            return Ok(());
        }
        if self.engine.platform.has_journal() {
            let values = call.journal_entries().await?;
            self.apply_record(&values);
            let mut entries: Vec<Entry> = values.iter().filter_map(Entry::read).collect();
            entries.retain(|entry| entry.skill_id == self.entry.skill_id && entry.id != self.entry.id);
            let is_recorded =
                |entry: &Entry| self.skill.owners.borrow().iter().any(|(_, run)| *run == entry.id);
            let now = self.engine.platform.epoch_ms();
            // While a run is searched for, it could claim the execution of an entry that is forgotten.
            let own = self.was_sent.then_some(&self.entry);
            let is_needed = |entry: &Entry| {
                let mut others = entries.iter().chain(own);
                entry.may_have_executed() && others.any(|other| other.is_rival(entry.responded_at))
            };
            let has_expired = |entry: &Entry| entry.has_expired(now) && !is_needed(entry);
            let is_done = |entry: &&Entry| has_expired(entry) || entry.is_past && is_recorded(entry);
            for done in entries.iter().filter(is_done) {
                self.engine.try_remove_entry(&done.id).await;
            }
            self.ledger().account(entries.iter().filter_map(|entry| entry.execution_id.as_deref()));
            for entry in &mut entries {
                self.restore_execution_id(entry).await;
            }
            self.forget_ended(&entries);
            for entry in entries.iter().filter(|entry| entry.is_unclaimed()) {
                self.apply_entry(entry).await;
            }
        }
        let mut backoff = self.polling();
        loop {
            let is_abandoned = |run: &ProtectedRun| {
                matches!(run.state, RunState::Abandoned(_)) && run.execution_id.is_none()
            };
            let abandoned = self.skill.runs(|run| is_abandoned(run) && run.id != self.entry.id);
            if abandoned.is_empty() {
                return Ok(());
            }
            let list = self.executions(call).newest(call.left_ms()).await?;
            self.apply_list(&list, false).await;
            for run in abandoned {
                let RunState::Abandoned(until_ms) = run.state else { continue };
                // The list that was just applied may have identified it.
                if self.skill.run(&run.id).is_none_or(|run| run.execution_id.is_some()) {
                    continue;
                }
                let is_over = list.sent_ms >= until_ms;
                let verdict =
                    if is_over { self.ledger().conclude(run.key) } else { self.ledger().claim(run.key) };
                if let Verdict::Claimed(id) = &verdict {
                    self.skill.claimed(run.key, id);
                } else if is_over {
                    self.ledger().concluded(run.key);
                    self.skill.set_state(run.key, RunState::Concluded);
                } else {
                    continue;
                }
                self.record_verdict(&run, verdict).await;
            }
            if call.left_ms() <= 0.0 {
                let limit = TimeLimit::Total;
                return Err(call.times.timeout_failure(&self.engine.platform, limit).into());
            }
            if self.skill.runs(is_abandoned).iter().any(|run| run.id != self.entry.id) {
                call.pause(backoff.next(self.engine.platform.random()).min(call.left_ms())).await?;
            }
        }
    }

    /// Removes runs that are not in the journal any more, or whose executions are identified there.
    fn forget_ended(&self, entries: &[Entry]) {
        let now_ms = self.engine.platform.now_ms();
        let is_other = |run: &ProtectedRun| run.id != self.entry.id;
        let is_pending = |run: &ProtectedRun| {
            matches!(run.state, RunState::InOtherTab | RunState::Responded | RunState::Abandoned(_))
                && run.execution_id.is_none()
        };
        for run in self.skill.runs(|run| is_pending(run) && is_other(run)) {
            let entry = entries.iter().find(|entry| entry.id == run.id);
            match entry {
                Some(entry) if !entry.is_unclaimed() => self.ledger().remove(run.key),
                Some(entry) => {
                    if entry.is_executed {
                        self.ledger().ended(run.key, now_ms, true);
                        self.skill.set_state(run.key, RunState::Responded);
                    } else if entry.concluded.is_some() {
                        self.skill.set_state(run.key, RunState::Concluded);
                    }
                    continue;
                }
                // Delivered or discarded: its execution may be listed a moment later.
                None => self.ledger().ended(run.key, now_ms, run.state == RunState::Responded),
            }
            self.skill.remove(run.key);
        }
    }

    /// Adds this run, which an earlier page started, to the ledger.
    pub fn adopt(&mut self) {
        match self.skill.run(&self.entry.id) {
            Some(ProtectedRun { execution_id: Some(id), .. }) => self.entry.execution_id = Some(id),
            Some(run) if self.ledger().is_open(run.key) => {
                self.ledger().exclude(run.key, &self.entry.listed_before);
                self.key = Some(run.key);
            }
            _ => {
                let key = self.add_entry(&self.entry);
                self.skill.add(&self.entry.id, key, RunState::Polling, self.engine.platform.now_ms());
                self.key = Some(key);
            }
        }
    }

    /// Adds a run of an earlier page or another tab to the ledger.
    fn add_entry(&self, entry: &Entry) -> RunKey {
        let after_ms = entry.started_after.unwrap_or(f64::NEG_INFINITY);
        let before_ms = entry.started_before.unwrap_or(f64::INFINITY);
        let key = self.ledger().add_of_server(after_ms, before_ms);
        if entry.is_executed {
            self.ledger().ended(key, self.engine.platform.now_ms(), true);
        }
        self.ledger().exclude(key, &entry.listed_before);
        key
    }

    /// Completes an entry from the record, if the entry's own write failed.
    async fn restore_execution_id(&self, entry: &mut Entry) {
        let owner = self.skill.owners.borrow().iter().find(|(_, id)| *id == entry.id).cloned();
        if let Some((execution_id, _)) = owner.filter(|_| entry.execution_id.is_none()) {
            entry.execution_id = Some(execution_id);
            if !entry.is_executed {
                self.engine.try_write_entry(entry).await;
            }
        }
    }

    fn apply_record(&mut self, values: &[P::Value]) {
        let Some(record) = Record::find(values, &self.entry.skill_id) else { return };
        self.ledger().account(record.seen.iter().map(String::as_str));
        *self.skill.owners.borrow_mut() = record.owners.clone();
        for (execution_id, id) in record.owners {
            if let Some(run) = self.skill.run(&id).filter(|run| run.execution_id.is_none()) {
                self.ledger().remove(run.key);
                self.skill.claimed(run.key, &execution_id);
            }
            if id == self.entry.id {
                self.entry.execution_id.get_or_insert(execution_id);
            }
        }
    }

    /// Adds a run of the journal that has no execution: it is in progress in another tab, or was abandoned.
    async fn apply_entry(&self, entry: &Entry) {
        let platform = &self.engine.platform;
        let key = match self.skill.run(&entry.id) {
            Some(ProtectedRun { state: RunState::InOtherTab, execution_id: None, key, .. }) => key,
            Some(_) => return,
            None => {
                let key = self.add_entry(entry);
                let state = if entry.is_executed { RunState::Responded } else { RunState::InOtherTab };
                self.skill.add(&entry.id, key, state, platform.now_ms());
                key
            }
        };
        let is_told = entry.is_executed || entry.is_past || entry.concluded.is_some();
        if !is_told && platform.lock(&entry_lock(&entry.id), None, 0.0).await.is_ok() {
            self.skill.abandon(key, entry, self.until_ms());
        }
    }

    /// Writes the verdict to the run's entry, for its call or for `resume`.
    pub(super) async fn record_verdict(&self, run: &ProtectedRun, verdict: Verdict) {
        // The call of a run that has responded writes its entry itself, and the record names the execution.
        if !self.engine.platform.has_journal() || run.state == RunState::Responded {
            return;
        }
        let read = self.engine.platform.journal_entries(None, POLL_LIMIT_MS).await;
        let entry = match read {
            Ok(values) => values.iter().filter_map(Entry::read).find(|entry| entry.id == run.id),
            // The entry of an abandoned run exists, even if it cannot be read.
            Err(_) => run.entry.clone(),
        };
        if let Some(mut entry) = entry {
            match &verdict {
                Verdict::Claimed(id) => entry.execution_id = Some(id.clone()),
                Verdict::NoMatch => entry.concluded = Some(Vec::new()),
                Verdict::Ambiguous(ids) => entry.concluded = Some(ids.clone()),
            }
            self.engine.try_write_entry(&entry).await;
        }
    }

    /// Reads this run's entry again: another tab or another run may have completed it. Returns whether it exists.
    pub async fn reload_entry(&mut self) -> bool {
        let Ok(values) = self.engine.platform.journal_entries(None, POLL_LIMIT_MS).await else { return true };
        let mut entries = values.iter().filter_map(Entry::read);
        let Some(entry) = entries.find(|entry| entry.id == self.entry.id) else { return false };
        let execution_id = self.entry.execution_id.take().or(entry.execution_id.clone());
        self.entry = Entry { execution_id, ..entry };
        true
    }
}

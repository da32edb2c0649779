//! What the journal holds: an entry for each run whose outcome was not acknowledged, and a record for each skill. No key,
//! no parameters, no results.

use super::call::Call;
use super::error::{Error, Failure};
use super::executions::text;
use super::platform::{Interrupted, Platform, Value};
use super::settings::Engine;
use crate::api::problem::ErrorCode;
use crate::api::text::joined;

/// The version of the format. Entries without one are of version 1: `{ id, skillId, known, sentAt, tag }`.
const VERSION: f64 = 2.0;
/// How long an entry without `deliver` is kept after its response arrived, in milliseconds: 10 minutes.
const ANSWERED_MS: f64 = 600_000.0;
/// Longest that the journal may take before a request, in milliseconds.
pub(super) const JOURNAL_MS: f64 = 10_000.0;
/// Longest that a write after the request may take, in milliseconds: the run itself must not wait for long.
const LATE_WRITE_MS: f64 = 5_000.0;

/// A run that may have been paid for. Times are since the epoch.
#[derive(Clone, Debug, Default)]
pub(super) struct Entry {
    pub id: String,
    pub skill_id: String,
    pub tag: Option<String>,
    pub sent_at: f64,
    /// Its execution, once it is known.
    pub execution_id: Option<String>,
    /// Between which times of the server's clock it starts, as far as that is known.
    pub started_after: Option<f64>,
    pub started_before: Option<f64>,
    /// When the response arrived.
    pub answered_at: Option<f64>,
    /// Whether a response proves that it was executed.
    pub is_executed: bool,
    /// Whether its outcome was delivered, or it was discarded. It is kept for a while because its execution was not listed so far, and must not be
    /// taken for that of another run.
    pub is_past: bool,
    /// Whether `deliver` removes it: then it does not expire.
    pub is_delivered: bool,
    /// What the list showed once every execution had to be in it: those that may be this run's, or none.
    pub concluded: Option<Vec<String>>,
    /// With idempotency keys: the key, which is all that recovery needs.
    pub idempotency_key: Option<String>,
    /// Ids that were listed before it was sent (version 1).
    pub known: Vec<String>,
}

/// What all tabs know of a skill.
#[derive(Clone, Debug, Default)]
pub(super) struct Record {
    /// Ids of executions that are accounted for.
    pub seen: Vec<String>,
    /// Executions and the entry ids of their runs, newest last: what an entry does not say if its write failed.
    pub owners: Vec<(String, String)>,
}

impl Entry {
    /// Reads an entry. Nothing for a record, and for what is neither.
    pub fn read<V: Value>(value: &V) -> Option<Self> {
        Some(Self {
            id: text(value, "id")?,
            skill_id: text(value, "skillId")?,
            sent_at: value.get("sentAt")?.number()?,
            tag: text(value, "tag"),
            execution_id: text(value, "executionId"),
            started_after: value.get("startedAfter").and_then(|at| at.number()),
            started_before: value.get("startedBefore").and_then(|at| at.number()),
            answered_at: value.get("answeredAt").and_then(|at| at.number()),
            is_executed: is_true(value, "executed"),
            is_past: is_true(value, "past"),
            is_delivered: is_true(value, "deliver"),
            concluded: value.get("concluded").map(|_| texts(value, "concluded")),
            idempotency_key: text(value, "idempotencyKey"),
            known: texts(value, "known"),
        })
    }

    pub fn write<V: Value>(&self) -> V {
        let string = |text: &Option<String>| text.as_deref().map(V::from_text).unwrap_or_default();
        let truth = |truth: bool| if truth { V::from_truth(true) } else { V::default() };
        // JSON has no infinity.
        let number = |number: Option<f64>| {
            number.filter(|number| number.is_finite()).map(V::from_number).unwrap_or_default()
        };
        V::object(&[
            ("version", V::from_number(VERSION)),
            ("id", V::from_text(&self.id)),
            ("skillId", V::from_text(&self.skill_id)),
            ("tag", string(&self.tag)),
            ("sentAt", V::from_number(self.sent_at)),
            ("executionId", string(&self.execution_id)),
            ("startedAfter", number(self.started_after)),
            ("startedBefore", number(self.started_before)),
            ("answeredAt", number(self.answered_at)),
            ("executed", truth(self.is_executed)),
            ("past", truth(self.is_past)),
            ("deliver", truth(self.is_delivered)),
            ("concluded", self.concluded.as_deref().map(list).unwrap_or_default()),
            ("idempotencyKey", string(&self.idempotency_key)),
            ("known", if self.known.is_empty() { V::default() } else { list(&self.known) }),
        ])
    }

    /// Whether its response arrived so long ago that it is not handed over again.
    pub fn has_expired(&self, epoch_ms: f64) -> bool {
        (!self.is_delivered || self.is_past) && self.answered_at.is_some_and(|at| epoch_ms - at > ANSWERED_MS)
    }

    /// Whether it is not known which execution is its own, and it may have one.
    pub fn is_unclaimed(&self) -> bool {
        let is_missing = !self.is_executed && self.concluded.as_ref().is_some_and(Vec::is_empty);
        self.execution_id.is_none() && !is_missing && self.idempotency_key.is_none()
    }
}

impl Record {
    /// The id of a skill's record.
    pub fn id(skill_id: &str) -> String {
        joined(&["skill:", skill_id])
    }

    /// The record of a skill among the values of the journal.
    pub fn find<V: Value>(values: &[V], skill_id: &str) -> Option<Self> {
        let id = Self::id(skill_id);
        values.iter().find(|value| text(*value, "id").as_ref() == Some(&id)).map(Self::read)
    }

    fn read<V: Value>(value: &V) -> Self {
        let mut owners = Vec::new();
        let mut texts_of_owners = texts(value, "owners").into_iter();
        while let (Some(execution), Some(run)) = (texts_of_owners.next(), texts_of_owners.next()) {
            owners.push((execution, run));
        }
        Self { seen: texts(value, "seen"), owners }
    }

    pub fn write<V: Value>(&self, skill_id: &str) -> V {
        V::object(&[
            ("version", V::from_number(VERSION)),
            ("id", V::from_text(&Self::id(skill_id))),
            ("seen", list(&self.seen)),
            ("owners", V::list(self.owners.iter().flat_map(pair).collect())),
        ])
    }
}

fn is_true<V: Value>(value: &V, key: &str) -> bool {
    value.get(key).and_then(|truth| truth.truth()) == Some(true)
}

fn pair<V: Value>((execution, run): &(String, String)) -> [V; 2] {
    [V::from_text(execution), V::from_text(run)]
}

fn list<V: Value>(texts: &[String]) -> V {
    V::list(texts.iter().map(|text| V::from_text(text)).collect())
}

fn texts<V: Value>(value: &V, key: &str) -> Vec<String> {
    let items = value.get(key).map(|list| list.items()).unwrap_or_default();
    items.iter().filter_map(|item| item.text()).collect()
}

/// The name of the lock that a run's call holds.
pub(super) fn entry_lock(id: &str) -> String {
    joined(&["run:", id])
}

/// The name of the lock of the tab that has resumed a run. It is another one: until the resumed run is found, it is one that
/// the next run of the skill must resolve first.
pub(super) fn resume_lock(id: &str) -> String {
    joined(&["resume:", id])
}

/// The name of the lock that a run holds from its baseline to its claim: one for each skill of a server.
pub(super) fn skill_lock<P: Platform>(engine: &Engine<P>, skill_id: &str) -> String {
    joined(&["skill:", engine.base_url().as_str(), "/", skill_id])
}

impl<P: Platform> Engine<P> {
    /// Writes an entry after its request may have left. What fails now must not hide the outcome.
    pub(super) async fn write_late(&self, entry: &Entry) {
        self.write_value_late(&entry.id, Some(&entry.write())).await;
    }

    /// Removes an entry.
    pub(super) async fn remove_late(&self, id: &str) {
        self.write_value_late(id, None).await;
    }

    /// The outcome of a run was delivered: removes its entry.
    pub(super) async fn delivered(&self, entry: &Entry) {
        let values = self.platform.journal_entries(None, LATE_WRITE_MS).await.unwrap_or_default();
        self.write_value_late(&entry.id, self.past(entry, &values).as_ref()).await;
    }

    /// What is left of an entry whose run is not resumed any more, for other runs: whose an execution is, unless the record
    /// says so, or that one is still to be listed.
    fn past(&self, entry: &Entry, values: &[P::Value]) -> Option<P::Value> {
        let record = Record::find(values, &entry.skill_id).unwrap_or_default();
        let is_recorded = record.owners.iter().any(|(_, run)| *run == entry.id);
        let is_needed = entry.is_unclaimed() || entry.execution_id.is_some() && !is_recorded;
        let answered_at = entry.answered_at.or(Some(self.platform.epoch_ms()));
        let past = || Entry { is_past: true, answered_at, ..entry.clone() }.write();
        (is_needed && !self.options.shared_account).then(past)
    }

    pub(super) async fn write_value_late(&self, id: &str, value: Option<&P::Value>) {
        if self.platform.has_journal() {
            let _ = self.platform.journal_write(id, value, None, LATE_WRITE_MS).await;
        }
    }

    /// Removes an entry of the journal for good: its run is not recovered.
    ///
    /// # Errors
    /// [`ErrorCode::Journal`] if the journal cannot be written.
    pub async fn discard(&self, entry_id: &str) -> Result<(), Error<P::Value>> {
        let failed = |interrupted| journal_error(interrupted, "The journal could not be written");
        let values = self.platform.journal_entries(None, LATE_WRITE_MS).await.map_err(failed)?;
        let entry = values.iter().filter_map(Entry::read).find(|entry| entry.id == entry_id);
        let past = entry.and_then(|entry| self.past(&entry, &values));
        self.platform.journal_write(entry_id, past.as_ref(), None, LATE_WRITE_MS).await.map_err(failed)?;
        // Not before: another tab could resume it.
        self.platform.local().unacknowledged.borrow_mut().retain(|(id, _)| id != entry_id);
        Ok(())
    }
}

impl<P: Platform> Call<'_, P> {
    /// Writes to the journal before anything is sent.
    pub async fn journal(&self, id: &str, value: &P::Value) -> Result<(), Error<P::Value>> {
        let limit_ms = self.left_ms().min(JOURNAL_MS);
        let written = self.engine.platform.journal_write(id, Some(value), self.signal(), limit_ms).await;
        let message = "The journal could not be written; nothing was sent";
        written.map_err(|interrupted| self.journal_error(interrupted, message))
    }

    /// Reads the journal before anything is sent.
    pub async fn journal_entries(&self) -> Result<Vec<P::Value>, Error<P::Value>> {
        let limit_ms = self.left_ms().min(JOURNAL_MS);
        let read = self.engine.platform.journal_entries(self.signal(), limit_ms).await;
        let message = "The journal could not be read; nothing was sent";
        read.map_err(|interrupted| self.journal_error(interrupted, message))
    }

    fn journal_error(&self, interrupted: Interrupted<P::Value>, message: &str) -> Error<P::Value> {
        match interrupted {
            Interrupted::TimedOut if self.left_ms() <= 0.0 => {
                self.times.interrupted(&self.engine.platform, interrupted)
            }
            other => journal_error(other, message),
        }
    }
}

/// The error of a journal that failed.
pub(super) fn journal_error<V: Value>(interrupted: Interrupted<V>, message: &str) -> Error<V> {
    match interrupted {
        Interrupted::Aborted(reason) => Error::Aborted(reason),
        Interrupted::TimedOut => Failure::new(ErrorCode::Journal, message).into(),
        Interrupted::Failed(cause) => {
            Failure::new(ErrorCode::Journal, message).with(|failure| failure.cause = cause).into()
        }
    }
}

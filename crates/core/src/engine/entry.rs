//! What the journal stores: an entry for each run whose outcome was not acknowledged, and a record for each skill. No key,
//! no parameters, no results.

use super::value::{Value, text};
use crate::api::text::joined;

/// The version of the format. Entries without one are of version 1: `{ id, skillId, known, sentAt, tag }`.
const VERSION: f64 = 2.0;
/// How long an entry without `deliver` is kept after its response arrived, in milliseconds: 10 minutes.
const ANSWERED_MS: f64 = 600_000.0;
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

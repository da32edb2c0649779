//! Data in the journal: an entry for each run whose outcome is not acknowledged, and a record for each skill. Contains
//! no key, parameters or results. The field names are a storage format.

use super::value::{Value, string_field};
use crate::api::text::concat;

/// Version of the storage format. Entries without one have version 1: `{ id, skillId, known, sentAt, tag }`.
const VERSION: f64 = 2.0;
/// Retention of an entry without `deliver` after its response, in milliseconds: 10 minutes.
const RESPONSE_RETENTION_MS: f64 = 600_000.0;
/// A run that may have been charged. Times are in milliseconds since the epoch.
#[derive(Clone, Debug, Default)]
pub(super) struct Entry {
    pub id: String,
    pub skill_id: String,
    pub tag: Option<String>,
    pub sent_at: f64,
    /// The run's execution, once identified.
    pub execution_id: Option<String>,
    /// Bounds of the execution's start on the server's clock, as far as known.
    pub started_after: Option<f64>,
    pub started_before: Option<f64>,
    /// When the response was received.
    pub responded_at: Option<f64>,
    /// Whether a response proves that the run executed.
    pub is_executed: bool,
    /// Whether the outcome was delivered or discarded. The entry is kept until the run's execution is listed, so that
    /// no other run claims it.
    pub is_past: bool,
    /// Whether `deliver` removes the entry. Such an entry does not expire.
    pub is_delivered: bool,
    /// The executions that may be this run's, decided once its execution must have been listed.
    pub concluded: Option<Vec<String>>,
    /// The idempotency key, if the server supports them. It is sufficient for recovery.
    pub idempotency_key: Option<String>,
    /// The row, for a run of a batch. Only that batch resumes it, so that no other caller gets its result.
    pub row: Option<BatchRow>,
    /// Unassigned executions that were listed before the request was sent.
    pub listed_before: Vec<String>,
}

/// The row of a batch that a run executes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BatchRow {
    /// Id of the batch.
    pub batch: String,
    /// Index of the row.
    pub index: i64,
    /// Number of this start of the row. A start that executed nothing counts.
    pub start: u32,
    /// Number of this execution of the row.
    pub attempt: u32,
    /// Hash of the parameters.
    pub hash: String,
}

/// Facts about a skill, shared by all tabs.
#[derive(Clone, Debug, Default)]
pub(super) struct Record {
    /// Ids of executions that are assigned or older than all open runs.
    pub seen: Vec<String>,
    /// Pairs of execution id and entry id, newest last. Completes entries whose last write failed.
    pub owners: Vec<(String, String)>,
}

impl Entry {
    /// Reads an entry. Returns `None` for a record and for invalid data.
    pub fn read<V: Value>(value: &V) -> Option<Self> {
        Some(Self {
            id: string_field(value, "id")?,
            skill_id: string_field(value, "skillId")?,
            sent_at: value.get("sentAt")?.as_f64()?,
            tag: string_field(value, "tag"),
            execution_id: string_field(value, "executionId"),
            started_after: value.get("startedAfter").and_then(|at| at.as_f64()),
            started_before: value.get("startedBefore").and_then(|at| at.as_f64()),
            responded_at: value.get("answeredAt").and_then(|at| at.as_f64()),
            is_executed: is_true(value, "executed"),
            is_past: is_true(value, "past"),
            is_delivered: is_true(value, "deliver"),
            concluded: value.get("concluded").map(|_| string_array_field(value, "concluded")),
            idempotency_key: string_field(value, "idempotencyKey"),
            row: value.get("batch").and_then(|row| BatchRow::read(&row)),
            listed_before: string_array_field(value, "known"),
        })
    }

    pub fn write<V: Value>(&self) -> V {
        let string = |text: &Option<String>| text.as_deref().map(V::from_string).unwrap_or_default();
        let flag = |flag: bool| if flag { V::from_bool(true) } else { V::default() };
        // JSON has no infinity.
        let number = |number: Option<f64>| {
            number.filter(|number| number.is_finite()).map(V::from_number).unwrap_or_default()
        };
        V::object(&[
            ("version", V::from_number(VERSION)),
            ("id", V::from_string(&self.id)),
            ("skillId", V::from_string(&self.skill_id)),
            ("tag", string(&self.tag)),
            ("sentAt", V::from_number(self.sent_at)),
            ("executionId", string(&self.execution_id)),
            ("startedAfter", number(self.started_after)),
            ("startedBefore", number(self.started_before)),
            ("answeredAt", number(self.responded_at)),
            ("executed", flag(self.is_executed)),
            ("past", flag(self.is_past)),
            ("deliver", flag(self.is_delivered)),
            ("concluded", self.concluded.as_deref().map(string_array).unwrap_or_default()),
            ("idempotencyKey", string(&self.idempotency_key)),
            ("batch", self.row.as_ref().map(BatchRow::write).unwrap_or_default()),
            (
                "known",
                if self.listed_before.is_empty() { V::default() } else { string_array(&self.listed_before) },
            ),
        ])
    }

    /// Whether the retention period has passed.
    pub fn has_expired(&self, epoch_ms: f64) -> bool {
        (!self.is_delivered || self.is_past)
            && self.responded_at.is_some_and(|at| epoch_ms - at > RESPONSE_RETENTION_MS)
    }

    /// Whether the run's execution is searched for, or will be, and that of a run which responded at a time could be taken
    /// for it.
    pub fn is_rival(&self, responded_at: Option<f64>) -> bool {
        let has_outcome = self.responded_at.is_some() || self.concluded.is_some() || self.is_past;
        let is_late = |at: f64| self.sent_at - at > RESPONSE_RETENTION_MS;
        self.is_unclaimed() && !has_outcome && !responded_at.is_some_and(is_late)
    }

    /// Whether the run may have an execution that is not identified yet.
    pub fn is_unclaimed(&self) -> bool {
        self.execution_id.is_none() && self.may_have_executed() && self.idempotency_key.is_none()
    }

    /// Whether the run may have an execution, identified or not.
    pub fn may_have_executed(&self) -> bool {
        let is_missing = !self.is_executed && self.concluded.as_ref().is_some_and(Vec::is_empty);
        self.execution_id.is_some() || !is_missing
    }
}

impl BatchRow {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float cast saturates")]
    fn read<V: Value>(value: &V) -> Option<Self> {
        let number = |key| value.get(key).and_then(|number| number.as_f64());
        Some(Self {
            batch: string_field(value, "id")?,
            index: number("row")? as i64,
            start: number("start")? as u32,
            attempt: number("attempt")? as u32,
            hash: string_field(value, "parameters")?,
        })
    }

    #[allow(clippy::cast_precision_loss, reason = "a row has an index below 2^53")]
    fn write<V: Value>(&self) -> V {
        V::object(&[
            ("id", V::from_string(&self.batch)),
            ("row", V::from_number(self.index as f64)),
            ("start", V::from_number(f64::from(self.start))),
            ("attempt", V::from_number(f64::from(self.attempt))),
            ("parameters", V::from_string(&self.hash)),
        ])
    }
}

impl Record {
    /// The id of a skill's record.
    pub fn id(skill_id: &str) -> String {
        concat(&["skill:", skill_id])
    }

    /// Finds the record of a skill among the values of the journal.
    pub fn find<V: Value>(values: &[V], skill_id: &str) -> Option<Self> {
        let id = Self::id(skill_id);
        values.iter().find(|value| string_field(*value, "id").as_ref() == Some(&id)).map(Self::read)
    }

    fn read<V: Value>(value: &V) -> Self {
        let mut owners = Vec::new();
        let mut owner_texts = string_array_field(value, "owners").into_iter();
        while let (Some(execution), Some(run)) = (owner_texts.next(), owner_texts.next()) {
            owners.push((execution, run));
        }
        Self { seen: string_array_field(value, "seen"), owners }
    }

    pub fn write<V: Value>(&self, skill_id: &str) -> V {
        V::object(&[
            ("version", V::from_number(VERSION)),
            ("id", V::from_string(&Self::id(skill_id))),
            ("seen", string_array(&self.seen)),
            ("owners", V::array(self.owners.iter().flat_map(pair).collect())),
        ])
    }
}

fn is_true<V: Value>(value: &V, key: &str) -> bool {
    value.get(key).and_then(|flag| flag.as_bool()) == Some(true)
}

fn pair<V: Value>((execution, run): &(String, String)) -> [V; 2] {
    [V::from_string(execution), V::from_string(run)]
}

fn string_array<V: Value>(texts: &[String]) -> V {
    V::array(texts.iter().map(|text| V::from_string(text)).collect())
}

fn string_array_field<V: Value>(value: &V, key: &str) -> Vec<String> {
    let items = value.get(key).map(|list| list.items()).unwrap_or_default();
    items.iter().filter_map(|item| item.as_string()).collect()
}

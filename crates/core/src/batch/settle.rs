//! The end of a run: its row is finished, or starts again because nothing was executed. Resumes the runs of earlier
//! pages, and those whose outcome is not known yet.

use std::rc::Rc;

use super::progress::PauseReason;
use super::record::{Record, RowState, RowStatus};
use super::row::Row;
use super::source::RowSource;
use super::state::{FAILURES, Slot, State};
use super::store::BatchStore;
use super::verdict::{Verdict, error_value, verdict};
use crate::api::node::Node;
use crate::api::problem::ErrorCode;
use crate::engine::{BatchRow, CallResponse, Error, Platform, Resumed, ResumedRuns, Value};

/// Number of times that the server may refuse a row although a later start may succeed.
const REFUSALS: u32 = 5;
/// Number of failed requests for the stored response of an idempotency key, after which a run is unknown: the proxy may have
/// stored an error.
const SEARCHES: u32 = 20;

/// Number of timeouts of a request for the stored response of an idempotency key, after which a run is unknown. Each waits
/// as long as an execution may take.
const TIMEOUTS: u32 = 2;

/// Result of a run.
type RunResult<P> = Result<CallResponse<<P as Platform>::Value>, Error<<P as Platform>::Value>>;

impl<P: Platform, S: RowSource<P::Value>, T: BatchStore<P::Value>> State<P, S, T> {
    /// Resumes the runs that an earlier page has started.
    pub async fn settle_all(self: &Rc<Self>) {
        for run in self.resume(None).await {
            let Some(start) = run.row() else { continue };
            if self.remove_obsolete(&run, &start).await {
                continue;
            }
            self.settling.borrow_mut().push(start.index);
            let slot = Slot::new(self);
            let state = Rc::clone(self);
            self.spawn(async move {
                let result = run.result().await;
                state.conclude(start, None, result, Some(run)).await;
                drop(slot);
            });
        }
    }

    /// Removes the entry of a start whose outcome is in the store. Returns whether it is there.
    async fn remove_obsolete(&self, run: &Resumed<P>, start: &BatchRow) -> bool {
        let Some(record) = self.record(start.index).await else { return false };
        let is_later = record.start > start.start;
        let is_obsolete = is_later || record.start == start.start && record.state != RowState::Running;
        if is_obsolete {
            let is_returned =
                matches!(record.state, RowState::Queued | RowState::Finished(RowStatus::Rejected));
            // A later start has the same number of the attempt if this one executed nothing.
            let attempt = record.attempts.saturating_add(u32::from(is_returned));
            let executed_nothing = if is_later { attempt <= start.attempt } else { is_returned };
            if executed_nothing {
                run.forget().await;
            } else {
                let _ = run.acknowledge().await;
            }
        }
        is_obsolete
    }

    /// Removes the entries of the batch whose removal has failed.
    pub async fn sweep(self: &Rc<Self>) {
        let options = self.call_options(None);
        let Ok(left) = self.engine.resume_batch(&self.options.id, None, &options).await else { return };
        for run in left.runs {
            let Some(start) = run.row() else { continue };
            self.remove_obsolete(&run, &start).await;
        }
    }

    /// Returns the runs of the batch in the journal, or of one start. Tries until no other tab has one of them.
    async fn resume(self: &Rc<Self>, start: Option<(i64, u32)>) -> Vec<Resumed<P>> {
        let options = self.call_options(None);
        let mut failures = 0_u32;
        loop {
            match self.engine.resume_batch(&self.options.id, start, &options).await {
                Ok(ResumedRuns { runs, is_complete: true }) => {
                    self.unpause(PauseReason::Journal);
                    return runs;
                }
                Ok(_) | Err(_) => failures = failures.saturating_add(1),
            }
            if failures >= FAILURES {
                self.pause(PauseReason::Journal);
            }
            self.sleep(self.delay_ms(failures)).await;
        }
    }

    /// Ends a run. `row` is absent for that of an earlier page, whose row may not be scanned yet.
    pub async fn conclude(
        self: &Rc<Self>,
        start: BatchRow,
        row: Option<Row<P::Value>>,
        result: RunResult<P>,
        resumed: Option<Resumed<P>>,
    ) {
        let is_of_earlier_page = resumed.is_some();
        let (mut result, mut resumed) = (result, resumed);
        let (mut tries, mut searches, mut timeouts) = (0_u32, 0_u32, 0_u32);
        let record = loop {
            let error = match result {
                Ok(_) => {
                    self.failures.set(0);
                    break self.take_stored(start.index);
                }
                Err(error) => error,
            };
            let is_concluded = resumed.as_ref().is_some_and(Resumed::is_concluded);
            match verdict(&error) {
                Verdict::Rejected => break Some(self.rejected(&start, &error).await),
                Verdict::Paused(reason) => {
                    self.pause(reason);
                    break Some(self.given_back(&start).await);
                }
                Verdict::Later { is_refused } => {
                    let refusals = row.as_ref().map_or(0, |row| row.refusals);
                    if is_refused && refusals >= REFUSALS {
                        break Some(self.rejected(&start, &error).await);
                    }
                    let is_journal = error.code() == Some(ErrorCode::Journal);
                    self.delay(if is_journal { PauseReason::Journal } else { PauseReason::Network });
                    let record = self.given_back(&start).await;
                    let row = row
                        .map(|row| Row { refusals: refusals.saturating_add(u32::from(is_refused)), ..row });
                    return self.ended(start.index, Some(record), row);
                }
                Verdict::Lost(_) if is_concluded || searches >= SEARCHES || timeouts >= TIMEOUTS => {
                    break Some(self.unknown(&start, &error, resumed.as_ref()).await);
                }
                Verdict::Unknown => break Some(self.unknown(&start, &error, resumed.as_ref()).await),
                Verdict::Lost(reason) => {
                    if resumed.is_some() {
                        let is_idempotent = self.engine.is_idempotent();
                        let is_timeout = error.code() == Some(ErrorCode::Timeout);
                        timeouts = timeouts.saturating_add(u32::from(is_timeout && is_idempotent));
                        tries = tries.saturating_add(1);
                        searches = searches.saturating_add(u32::from(is_idempotent));
                        self.back_off(tries, reason).await;
                    }
                    if error.code() == Some(ErrorCode::Journal) {
                        // The late write of an earlier page may have removed the entry.
                        resumed = None;
                    }
                    if resumed.is_none() {
                        resumed = self.resume(Some((start.index, start.start))).await.pop();
                    }
                    match &resumed {
                        Some(run) => result = run.result().await,
                        // The earlier page has removed the entry because nothing was executed: it stores a result first.
                        None if is_of_earlier_page => break Some(self.stored_or_given_back(&start).await),
                        None => break Some(self.unknown(&start, &error, None).await),
                    }
                }
            }
        };
        self.ended(start.index, record, row);
    }

    /// Ends a run whose record is written or requested.
    fn ended(&self, index: i64, record: Option<Record<P::Value>>, row: Option<Row<P::Value>>) {
        let is_settled = row.is_none();
        let row = row.or_else(|| self.take_row(index));
        if is_settled {
            let mut settling = self.settling.borrow_mut();
            if let Some(place) = settling.iter().position(|other| *other == index) {
                settling.swap_remove(place);
            }
            drop(settling);
            // The scan may have read the record before it was written.
            self.outdate_page();
        }
        if let (Some(record), Some(row)) = (record, row) {
            self.finish(index, record, Some(row));
        }
        self.touch();
    }

    /// Returns the reservation of a start that executed nothing.
    fn give_back(&self, start: &BatchRow, state: RowState) -> Record<P::Value> {
        self.executions.set(self.executions.get().saturating_sub(1));
        Record::new(state, start.start, start.attempt.saturating_sub(1), &start.hash)
    }

    async fn given_back(&self, start: &BatchRow) -> Record<P::Value> {
        let record = self.give_back(start, RowState::Queued);
        self.write(start.index, &record).await;
        record
    }

    async fn stored_or_given_back(&self, start: &BatchRow) -> Record<P::Value> {
        let stored = self.record(start.index).await;
        match stored.filter(|record| matches!(record.state, RowState::Finished(_))) {
            Some(record) => record,
            None => self.given_back(start).await,
        }
    }

    async fn rejected(&self, start: &BatchRow, error: &Error<P::Value>) -> Record<P::Value> {
        let mut record = self.give_back(start, RowState::Finished(RowStatus::Rejected));
        record.error = error_value(error);
        self.write(start.index, &record).await;
        record
    }

    /// Stores that the outcome of a start is unknown, and removes its journal entry.
    async fn unknown(
        self: &Rc<Self>,
        start: &BatchRow,
        error: &Error<P::Value>,
        resumed: Option<&Resumed<P>>,
    ) -> Record<P::Value> {
        let state = RowState::Finished(RowStatus::Unknown);
        let mut record = Record::new(state, start.start, start.attempt, &start.hash);
        record.error = error_value(error);
        if let Some(failure) = error.failure() {
            record.execution_id.clone_from(&failure.execution_id);
            let listed = failure.candidates.items();
            let known =
                failure.execution_id.as_deref().map(|id| V::<P>::object(&[("id", V::<P>::from_string(id))]));
            let candidates = if listed.is_empty() { known.into_iter().collect() } else { listed };
            record.candidates = V::<P>::array(candidates);
        }
        self.write(start.index, &record).await;
        // An entry that stays is removed by the sweep, or by the next batch with this id.
        if let Some(run) = resumed {
            let _ = run.acknowledge().await;
        } else {
            let options = self.call_options(None);
            let of_start = Some((start.index, start.start));
            let found = self.engine.resume_batch(&self.options.id, of_start, &options).await;
            if let Some(run) = found.ok().and_then(|found| found.runs.into_iter().next()) {
                let _ = run.acknowledge().await;
            }
        }
        record
    }

    /// Delays the next starts, longer after every failure, and pauses after several.
    fn delay(self: &Rc<Self>, reason: PauseReason) {
        if self.is_delayed.replace(true) {
            return;
        }
        self.failures.set(self.failures.get().saturating_add(1));
        if self.failures.get().checked_rem(FAILURES) == Some(0) {
            self.pause(reason);
        }
        let state = Rc::clone(self);
        self.spawn(async move {
            state.sleep(state.delay_ms(state.failures.get())).await;
            state.is_delayed.set(false);
            state.touch();
        });
    }
}

/// The values of a platform.
type V<P> = <P as Platform>::Value;

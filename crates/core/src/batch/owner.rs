//! Works on the batch: settles the runs of earlier pages, and starts rows.

use std::rc::Rc;

use super::record::Header;
use super::row::Row;
use super::source::RowSource;
use super::state::State;
use super::store::{BatchStore, HEADER};
use crate::api::issue::Issue;
use crate::engine::{Failure, Platform};

impl<P: Platform, S: RowSource<P::Value>, T: BatchStore<P::Value>> State<P, S, T> {
    /// Runs the batch until all rows are finished.
    pub async fn run(self: Rc<Self>) {
        if self.take_over().await && self.load().await {
            // The rows that were read have records of the previous owner.
            self.refresh().await;
            self.settle_all().await;
            self.is_owner.set(true);
            self.start_rows().await;
            self.sweep().await;
        }
        self.until(|| self.writes.is_idle()).await;
        self.control.end();
    }

    /// Reads the header. Returns false if the batch cannot be continued.
    async fn load(&self) -> bool {
        let entries = self.read(HEADER, 0).await;
        let Some((_, value)) = entries.iter().find(|(index, _)| *index == HEADER) else { return true };
        let message = match Header::read(value) {
            Some(header) if header.skill_id == self.options.skill_id => {
                self.executions.set(header.executions);
                return true;
            }
            Some(_) => "names a batch of another skill in this store: use another id",
            None => "names a batch of a newer version of this package, which this version cannot continue",
        };
        self.fail(Failure::invalid(vec![Issue::at("options", "id", message)]).into());
        false
    }

    /// Starts rows until all are finished.
    async fn start_rows(self: &Rc<Self>) {
        loop {
            self.until(|| self.next_row().is_some() || self.is_done()).await;
            let Some(index) = self.next_row() else { return };
            let Some(row) = self.take_row(index) else { continue };
            self.start(row);
        }
    }

    /// The row that can start now.
    fn next_row(&self) -> Option<i64> {
        let may_start = self.control.pause.get().is_none()
            && !self.is_delayed.get()
            && self.running.get() < self.concurrency
            && self.has_room_for_results();
        if !may_start {
            return None;
        }
        let settling = self.settling.borrow();
        let is_free =
            |row: &&Row<P::Value>| !settling.contains(&row.index) && (row.is_reserved() || self.has_budget());
        self.rows.borrow().iter().find(is_free).map(|row| row.index)
    }

    /// Whether a row may be reserved. A budget of another unit is checked here, too.
    fn has_budget(&self) -> bool {
        !self.is_budget_spent()
    }

    fn is_done(&self) -> bool {
        self.is_source_done.get()
            && self.rows.borrow().is_empty()
            && self.running.get() == 0
            && self.writes.is_idle()
    }
}

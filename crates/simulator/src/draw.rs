//! Draws a plan from a seed. Each world enables a few classes of faults at random and disables most, so that pairs of rare
//! faults occur without the noise of all others.

use crate::executor::{Time, micros};
use crate::plan::{
    BatchPlan, BatchTabPlan, CloudPlan, JournalPlan, KeyPlan, LagKind, ListPlan, Moment, NetPlan, Order,
    Plan, RecoverPlan, ResumePlan, RunPlan, Style, TabPlan,
};
use crate::rng::Rng;

const SKILL_IDS: [&str; 2] = ["0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d", "1f2e3d4c-5b6a-4978-8695-a4b3c2d1e0f0"];

/// Draws a plan from a seed.
pub fn draw_plan(rng: &Rng) -> Plan {
    let fault_rate = *rng.pick(&[0.0, 0.03, 0.06, 0.06, 0.12, 0.12, 0.25]);
    let draw = Draw { rng, fault_rate };
    let shared_account = rng.chance(0.15);
    let idempotency = rng.chance(0.1);
    let skills =
        SKILL_IDS[..if rng.chance(0.25) { 2 } else { 1 }].iter().map(|id| (*id).to_owned()).collect();
    let tabs = draw.tabs();
    let runs = draw.runs(&tabs, if rng.chance(0.25) { 2 } else { 1 }, shared_account);
    let resumes = draw.resumes(&tabs);
    let foreign = draw.foreign(shared_account);
    Plan {
        shared_account,
        idempotency,
        shared_locks: !draw.is_enabled(),
        skills,
        resumes,
        all_resume: rng.chance(0.3),
        foreign,
        journal: draw.journal(),
        list: draw.list(),
        cloud: draw.cloud(),
        paid: draw.net(true),
        free: if draw.is_enabled() || draw.is_enabled() { draw.net(false) } else { draw.reliable() },
        key: draw.key(),
        skew_ms: if draw.is_enabled() { rng.between(-1e7, 1e7) } else { 0.0 },
        jumps: draw.jumps(),
        deliver_slow: if draw.is_enabled() || draw.is_enabled() { 0.5 } else { 0.0 },
        deliver_fails: draw.rate(),
        tabs,
        runs,
        batch: None,
    }
}

/// Draws the plan of a world with a batch.
pub fn draw_batch_plan(rng: &Rng) -> Plan {
    let mut plan = draw_plan(rng);
    let fault_rate = *rng.pick(&[0.0, 0.06, 0.12, 0.25, 0.25]);
    let draw = Draw { rng, fault_rate };
    if fault_rate == 0.0 {
        draw.calm(&mut plan);
    }
    plan.shared_locks = true;
    plan.journal.exists = true;
    plan.list.old = plan.list.old.min(30);
    plan.runs.truncate(if rng.chance(0.5) { 0 } else { 2 });
    if fault_rate == 0.0 || rng.chance(0.5) {
        plan.runs.clear();
    }
    draw.restarts(&mut plan);
    let batch = draw.batch(&mut plan);
    plan.batch = Some(batch);
    plan
}

/// Draws the parts of a plan.
struct Draw<'a> {
    rng: &'a Rng,
    /// The probability that a class of faults is enabled.
    fault_rate: f64,
}

impl Draw<'_> {
    /// Removes the faults of a plan.
    fn calm(&self, plan: &mut Plan) {
        plan.tabs = (0..1 + self.rng.below(3)).map(|_| self.tab(None)).collect();
        plan.shared_account = false;
        plan.foreign.clear();
        plan.resumes.clear();
        plan.jumps.clear();
        plan.skew_ms = 0.0;
        (plan.deliver_fails, plan.deliver_slow) = (0.0, 0.0);
        (plan.journal, plan.cloud, plan.key) = Default::default();
        (plan.paid, plan.free) = (self.reliable(), self.reliable());
        plan.list = ListPlan { lag_ms: plan.list.lag_ms.min(2_000.0), ..self.list() };
        plan.list.incomplete = 0.0;
        plan.list.nulls = 0.0;
    }

    /// Kills tabs at the worst moments, more often than in other worlds.
    fn restarts(&self, plan: &mut Plan) {
        if self.fault_rate == 0.0 {
            return;
        }
        for _ in 0..*self.rng.pick(&[0, 1, 1, 2, 4]) {
            let last = plan.tabs.len() - 1;
            plan.tabs[last].kill_at.get_or_insert_with(|| {
                if self.rng.chance(0.8) {
                    Moment::Step(1 + self.rng.magnitude(1.0, 400.0) as u32)
                } else {
                    Moment::At(self.magnitude(10.0, 300_000.0))
                }
            });
            let delay_ms = *self.rng.pick(&[0.0, 0.0, 100.0, 3_000.0, 700_000.0]);
            plan.tabs.push(self.tab(Some((last, delay_ms))));
        }
    }

    fn batch(&self, plan: &mut Plan) -> BatchPlan {
        let rng = self.rng;
        let rows = *rng.pick(&[3, 3, 3, 3, 4, 4, 4, 5, 5, 6, 8]);
        let rows = if rng.chance(0.02) { *rng.pick(&[12, 30]) } else { rows };
        let (skill, first_run) = (0, plan.runs.len());
        let base = self.magnitude(50.0, 60_000.0);
        let never_ends = self.rate() * 0.3;
        for _ in 0..rows {
            let duration = if rng.chance(never_ends) {
                None
            } else {
                Some((base as f64 * rng.between(0.3, 2.0)) as Time)
            };
            plan.runs.push(RunPlan {
                tab: 0,
                client: 0,
                skill,
                spelling: 0,
                start: 0,
                recover: Some(RecoverPlan { grace_ms: 20_000.0, has_deliver: true, has_accept: false }),
                timeout_ms: None,
                total_timeout_ms: None,
                max_retries: None,
                abort: None,
                duration,
                fails: false,
            });
        }
        let fails = self.rate();
        let retry_failed = if self.fault_rate > 0.0 { *rng.pick(&[0, 0, 1, 2]) } else { 0 };
        let fails_for = (0..rows).map(|_| if rng.chance(fails) { 1 + rng.below(3) as u32 } else { 0 });
        let fails_for = fails_for.collect();
        let has_budget = self.fault_rate > 0.0 && rng.chance(0.4);
        let max_executions = has_budget.then(|| 1 + rng.below(rows + 1) as u32);
        let store = JournalPlan {
            exists: true,
            slow: self.rate() * 0.5,
            fails: self.rate(),
            hangs: self.rate() * 0.3,
            unreadable: self.rate(),
        };
        let mut tabs = Vec::new();
        for tab in 0..plan.tabs.len() {
            if tab == 0 || plan.tabs[tab].follows.is_some() || rng.chance(0.7) {
                tabs.push(BatchTabPlan {
                    tab,
                    start: if rng.chance(0.5) { 0 } else { self.time(0.0, 5_000.0) },
                    concurrency: *rng.pick(&[1, 2, 3, 5, 10]),
                    is_ordered: rng.chance(0.3),
                    is_driven: rng.chance(0.7),
                    consumes: *rng.pick(&[0, 0, 1_000, 3_000_000]),
                    cancel_after: self.is_enabled().then(|| self.magnitude(1.0, 100_000.0)),
                    pause_after: self.is_enabled().then(|| self.magnitude(1.0, 100_000.0)),
                    changed: self.is_enabled().then(|| rng.below(rows)),
                });
            }
        }
        BatchPlan {
            first_run,
            rows,
            skill,
            retry_failed,
            fails_for,
            max_executions,
            grace_ms: 20_000.0,
            store,
            no_credits: self.rate() * 0.3,
            tabs,
            is_calm: self.fault_rate == 0.0,
        }
    }

    fn is_enabled(&self) -> bool {
        self.rng.chance(self.fault_rate)
    }

    /// The probability of a fault per opportunity: 0 if its class is disabled.
    fn rate(&self) -> f64 {
        if self.is_enabled() { *self.rng.pick(&[0.1, 0.3, 0.6]) } else { 0.0 }
    }

    fn time(&self, low_ms: f64, high_ms: f64) -> Time {
        micros(self.rng.between(low_ms, high_ms)).unwrap_or_default()
    }

    fn magnitude(&self, low_ms: f64, high_ms: f64) -> Time {
        micros(self.rng.magnitude(low_ms, high_ms)).unwrap_or_default()
    }

    fn tabs(&self) -> Vec<TabPlan> {
        let rng = self.rng;
        let mut tabs = Vec::new();
        for _ in 0..*rng.pick(&[1, 1, 2, 3]) {
            tabs.push(self.tab(None));
        }
        for index in 0..tabs.len() {
            if tabs[index].kill_at.is_some() && rng.chance(0.7) {
                let delay_ms = *rng.pick(&[0.0, 0.0, 100.0, 3_000.0, 60_000.0]);
                tabs.push(self.tab(Some((index, delay_ms))));
            }
        }
        tabs
    }

    fn tab(&self, follows: Option<(usize, f64)>) -> TabPlan {
        let rng = self.rng;
        let kill_at = if rng.chance(self.fault_rate * 2.5) {
            Some(if rng.chance(0.15) {
                Moment::Deliver(1 + rng.below(2) as u32)
            } else if rng.chance(0.6) {
                Moment::Step(1 + rng.magnitude(1.0, 60.0) as u32)
            } else {
                Moment::At(self.magnitude(1.0, 600_000.0))
            })
        } else {
            None
        };
        TabPlan {
            follows,
            clients: if self.is_enabled() { 2 } else { 1 },
            max_concurrent: if self.is_enabled() { *rng.pick(&[1.0, 2.0, 3.0]) } else { f64::INFINITY },
            kill_at,
            clock_ms: if self.is_enabled() { *rng.pick(&[1.0, 100.0]) } else { 0.001 },
            throttled: if self.is_enabled() { *rng.pick(&[0.1, 0.5, 1.0]) } else { 0.0 },
            offline: self.is_enabled().then(|| {
                let from = self.magnitude(1.0, 60_000.0);
                (from, from + self.magnitude(10.0, 60_000.0))
            }),
        }
    }

    fn runs(&self, tabs: &[TabPlan], skills: usize, shared_account: bool) -> Vec<RunPlan> {
        let rng = self.rng;
        let spread_ms = *rng.pick(&[0.0, 0.0, 500.0, 5_000.0, 60_000.0]);
        let base = self.magnitude(50.0, 200_000.0);
        let is_constant = rng.chance(0.3);
        let never_ends = self.rate();
        let fails = self.rate();
        let is_spelled = self.is_enabled();
        let has_deliver = rng.chance(0.5);
        let (timeouts, totals, aborts) = (self.rate(), self.rate(), self.rate());
        let unprotected = self.rate();
        let grace_ms = *rng.pick(&[20_000.0, 20_000.0, 20_000.0, 5_000.0, 60_000.0, 1_000.0]);
        let count = *rng.pick(&[1, 2, 2, 3, 3, 4, 5, 8]);
        (0..count)
            .map(|_| {
                let tab = rng.below(tabs.len());
                RunPlan {
                    tab,
                    client: rng.below(tabs[tab].clients),
                    skill: rng.below(skills),
                    spelling: if is_spelled { rng.below(4) } else { 0 },
                    start: self.time(0.0, spread_ms),
                    recover: (!rng.chance(unprotected)).then(|| RecoverPlan {
                        grace_ms,
                        has_deliver,
                        has_accept: shared_account && rng.chance(0.5),
                    }),
                    timeout_ms: rng.chance(timeouts).then(|| rng.magnitude(1.0, 600_000.0)),
                    total_timeout_ms: rng.chance(totals).then(|| rng.magnitude(1.0, 900_000.0)),
                    max_retries: if rng.chance(0.1) { Some(rng.below(5) as u32) } else { None },
                    abort: rng.chance(aborts).then(|| {
                        if rng.chance(0.5) {
                            Moment::Step(1 + rng.below(40) as u32)
                        } else {
                            Moment::At(self.magnitude(1.0, 300_000.0))
                        }
                    }),
                    duration: if rng.chance(never_ends) {
                        None
                    } else if is_constant {
                        Some(base)
                    } else if rng.chance(0.1) {
                        Some(self.magnitude(50.0, 600_000.0))
                    } else {
                        Some((base as f64 * rng.between(0.3, 2.0)) as Time)
                    },
                    fails: rng.chance(fails),
                }
            })
            .collect()
    }

    fn resumes(&self, tabs: &[TabPlan]) -> Vec<ResumePlan> {
        let rng = self.rng;
        let style = || *rng.pick(&[Style::Acknowledge, Style::Acknowledge, Style::Deliver, Style::Ignore]);
        let grace_ms = *rng.pick(&[20_000.0, 20_000.0, 60_000.0, 5_000.0]);
        let mut resumes = Vec::new();
        for (tab, plan) in tabs.iter().enumerate() {
            let is_new = plan.follows.is_some();
            if is_new || self.is_enabled() {
                let start = if is_new { self.time(0.0, 500.0) } else { self.magnitude(1.0, 300_000.0) };
                let abort_after = self.is_enabled().then(|| self.magnitude(1.0, 300_000.0));
                resumes.push(ResumePlan { tab, start, grace_ms, style: style(), abort_after });
            }
        }
        resumes
    }

    fn jumps(&self) -> Vec<(Time, f64)> {
        let jump = || {
            let size = self.rng.magnitude(100.0, 1e8);
            (self.magnitude(1.0, 100_000.0), if self.rng.chance(0.5) { size } else { -size })
        };
        (0..if self.is_enabled() { 1 + self.rng.below(2) } else { 0 }).map(|_| jump()).collect()
    }

    fn foreign(&self, shared_account: bool) -> Vec<(Time, usize)> {
        let rng = self.rng;
        if !(if shared_account { rng.chance(0.7) } else { self.is_enabled() }) {
            return Vec::new();
        }
        let spread_ms = rng.magnitude(500.0, 300_000.0);
        (0..1 + rng.below(5)).map(|_| (self.time(0.0, spread_ms), rng.below(2))).collect()
    }

    fn journal(&self) -> JournalPlan {
        JournalPlan {
            exists: !self.is_enabled(),
            slow: self.rate(),
            fails: self.rate(),
            hangs: self.rate() / 2.0,
            unreadable: self.rate(),
        }
    }

    fn list(&self) -> ListPlan {
        let rng = self.rng;
        let old = if self.is_enabled() { *rng.pick(&[99, 100, 120, 210]) } else { rng.below(4) };
        let unreadable_times = self.is_enabled();
        ListPlan {
            lag: *rng.pick(&[LagKind::Constant, LagKind::PerExecution, LagKind::Replicas]),
            lag_ms: if rng.chance(0.4) {
                0.0
            } else if self.is_enabled() {
                rng.between(15_000.0, 90_000.0)
            } else {
                rng.magnitude(10.0, 15_000.0)
            },
            order: if self.is_enabled() || (old > 90 && rng.chance(0.5)) {
                *rng.pick(&[Order::Oldest, Order::None])
            } else {
                Order::Newest
            },
            incomplete: self.rate(),
            old,
            nulls: self.rate(),
            unknown_status: self.is_enabled(),
            unknown_member: self.is_enabled(),
            coarse_times: !unreadable_times && rng.chance(0.2),
            unreadable_times,
            is_date_readable: rng.chance(0.5),
            skew_ms: if self.is_enabled() { *rng.pick(&[5.0, 25.0, 300.0]) } else { 0.0 },
            clock_offset_ms: if self.is_enabled() {
                rng.between(-1e7, 1e7)
            } else {
                rng.between(-500.0, 500.0)
            },
        }
    }

    fn cloud(&self) -> CloudPlan {
        CloudPlan {
            error_after: self.rate(),
            error_before: self.rate(),
            busy: self.rate(),
            busy_in_body: self.rate(),
            busy_bare: self.rate(),
            rate_limit: self.rate(),
            sessions: self.is_enabled().then(|| 1 + self.rng.below(3)),
            no_skill: self.rate(),
            broken_contract: self.rate(),
            key_unresolved: if self.rng.chance(0.2) { 0.3 } else { 0.0 },
            list_error: self.rate(),
            output_missing: self.rate(),
            download_expired: self.rate(),
        }
    }

    fn reliable(&self) -> NetPlan {
        NetPlan { latency_ms: *self.rng.pick(&[1.0, 10.0, 50.0, 200.0]), ..NetPlan::default() }
    }

    fn net(&self, is_paid: bool) -> NetPlan {
        // Lost responses are what recovery is for, so they are frequent.
        let loss =
            || if is_paid && self.fault_rate > 0.0 && self.rng.chance(0.2) { 0.4 } else { self.rate() };
        NetPlan {
            lost_before: loss(),
            lost_after: loss(),
            silence: self.rate(),
            stalled: self.rate(),
            cut_short: self.rate(),
            status_zero: self.rate(),
            slow: self.rate(),
            not_sent: self.rate(),
            ..self.reliable()
        }
    }

    fn key(&self) -> KeyPlan {
        KeyPlan {
            slow: self.rate(),
            fails: self.rate(),
            expires: self.is_enabled().then(|| self.magnitude(1.0, 100_000.0)),
            may_change: self.rng.chance(0.5),
        }
    }
}

//! Runs the tasks of one world on one thread in virtual time. Deterministic: tasks run in the order in which they were
//! woken, and timers fire in the order of their times.

use std::cell::{Cell, RefCell};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

/// Microseconds since the world began.
pub type Time = u64;

/// Converts a duration of the engine (milliseconds) to the time of the world, rounded up so that time passes in every wait.
/// None if it is infinite or longer than 115 days.
pub fn micros(milliseconds: f64) -> Option<Time> {
    (milliseconds < 1e10).then(|| (milliseconds.max(0.0) * 1_000.0).ceil() as Time)
}

pub fn millis(time: Time) -> f64 {
    time as f64 / 1_000.0
}

/// The owner of a task: a tab, or the world.
pub type Owner = Option<usize>;

thread_local! {
    static READY: RefCell<VecDeque<u32>> = const { RefCell::new(VecDeque::new()) };
}

struct TaskWaker(u32);

impl Wake for TaskWaker {
    fn wake(self: Arc<Self>) {
        READY.with(|ready| ready.borrow_mut().push_back(self.0));
    }

    fn wake_by_ref(self: &Arc<Self>) {
        READY.with(|ready| ready.borrow_mut().push_back(self.0));
    }
}

type Work = Pin<Box<dyn Future<Output = ()>>>;

struct Task {
    owner: Owner,
    work: Option<Work>,
    has_ended: bool,
    waker: Waker,
}

enum Alarm {
    Wake(Waker),
    Act(Box<dyn FnOnce()>),
}

#[derive(Default)]
struct Timers {
    heap: BinaryHeap<Reverse<(Time, u32, u32)>>,
    slots: Vec<Option<(u32, Alarm)>>,
    free: Vec<u32>,
    last: u32,
}

/// Identifies a timer, to cancel it.
#[derive(Clone, Copy)]
pub struct TimerId {
    slot: u32,
    number: u32,
}

/// Why [`Executor::run`] returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// No tasks are runnable and no timers are set.
    Idle,
    /// The time limit was reached.
    TimedOut,
    /// Tasks keep waking each other while no time passes.
    Livelock,
}

/// The maximum number of polls at one point in time.
const POLLS_AT_ONCE: u32 = 10_000;

#[derive(Default)]
pub struct Executor {
    now: Cell<Time>,
    tasks: RefCell<Vec<Task>>,
    timers: RefCell<Timers>,
    /// Tabs whose tasks are dropped as soon as the running task yields.
    killed_tabs: RefCell<Vec<usize>>,
}

impl Executor {
    pub fn new(now: Time) -> Self {
        READY.with(|ready| ready.borrow_mut().clear());
        Self { now: Cell::new(now), ..Self::default() }
    }

    pub fn now(&self) -> Time {
        self.now.get()
    }

    pub fn spawn(&self, owner: Owner, work: impl Future<Output = ()> + 'static) {
        let mut tasks = self.tasks.borrow_mut();
        let id = tasks.len() as u32;
        let waker = Waker::from(Arc::new(TaskWaker(id)));
        tasks.push(Task { owner, work: Some(Box::pin(work)), has_ended: false, waker });
        READY.with(|ready| ready.borrow_mut().push_back(id));
    }

    /// Calls a function at a time, independently of the tasks.
    pub fn at(&self, time: Time, act: impl FnOnce() + 'static) {
        self.set_timer(time, Alarm::Act(Box::new(act)));
    }

    fn set_timer(&self, time: Time, alarm: Alarm) -> TimerId {
        let mut timers = self.timers.borrow_mut();
        timers.last += 1;
        let number = timers.last;
        let slot = timers.free.pop().unwrap_or(timers.slots.len() as u32);
        if slot as usize == timers.slots.len() {
            timers.slots.push(None);
        }
        timers.slots[slot as usize] = Some((number, alarm));
        timers.heap.push(Reverse((time.max(self.now.get()), number, slot)));
        TimerId { slot, number }
    }

    pub fn wake_at(&self, time: Time, waker: Waker) -> TimerId {
        self.set_timer(time, Alarm::Wake(waker))
    }

    pub fn cancel(&self, timer: TimerId) {
        let mut timers = self.timers.borrow_mut();
        let slot = &mut timers.slots[timer.slot as usize];
        if slot.as_ref().is_some_and(|(number, _)| *number == timer.number) {
            let cancelled = slot.take();
            timers.free.push(timer.slot);
            drop(timers);
            drop(cancelled);
        }
    }

    /// Drops all tasks of a tab as soon as the running task yields.
    pub fn kill(&self, tab: usize) {
        self.killed_tabs.borrow_mut().push(tab);
    }

    /// The number of tasks of a tab, or of all, that have not ended.
    pub fn alive(&self, tab: Option<usize>) -> usize {
        let is_counted = |task: &&Task| !task.has_ended && (tab.is_none() || task.owner == tab);
        self.tasks.borrow().iter().filter(is_counted).count()
    }

    /// Runs until there is nothing to do, or until a time.
    pub fn run(&self, until: Time) -> Ended {
        let mut polls = 0;
        loop {
            while let Some(id) = READY.with(|ready| ready.borrow_mut().pop_front()) {
                self.poll(id as usize);
                self.drop_killed();
                polls += 1;
                if polls > POLLS_AT_ONCE {
                    return Ended::Livelock;
                }
            }
            self.drop_killed();
            if READY.with(|ready| !ready.borrow().is_empty()) {
                continue;
            }
            let Some((time, alarm)) = self.next_alarm(until) else {
                return if self.timers.borrow().heap.is_empty() { Ended::Idle } else { Ended::TimedOut };
            };
            if time > self.now.get() {
                polls = 0;
            }
            self.now.set(time);
            match alarm {
                Alarm::Wake(waker) => waker.wake(),
                Alarm::Act(act) => act(),
            }
        }
    }

    fn next_alarm(&self, until: Time) -> Option<(Time, Alarm)> {
        let mut timers = self.timers.borrow_mut();
        loop {
            let Reverse((time, number, slot)) = *timers.heap.peek()?;
            let is_live = timers.slots[slot as usize].as_ref().is_some_and(|(live, _)| *live == number);
            if is_live && time > until {
                return None;
            }
            timers.heap.pop();
            if is_live {
                timers.free.push(slot);
                return timers.slots[slot as usize].take().map(|(_, alarm)| (time, alarm));
            }
        }
    }

    fn poll(&self, id: usize) {
        let taken = self.tasks.borrow_mut().get_mut(id).and_then(|task| {
            let work = task.work.take()?;
            Some((work, task.waker.clone()))
        });
        let Some((mut work, waker)) = taken else { return };
        let result = work.as_mut().poll(&mut Context::from_waker(&waker));
        match result {
            Poll::Pending => self.tasks.borrow_mut()[id].work = Some(work),
            Poll::Ready(()) => {
                self.tasks.borrow_mut()[id].has_ended = true;
                drop(work);
            }
        }
    }

    fn drop_killed(&self) {
        while let Some(tab) = { self.killed_tabs.borrow_mut().pop() } {
            let mut index = 0;
            loop {
                let mut tasks = self.tasks.borrow_mut();
                let Some(task) = tasks.get_mut(index) else { break };
                index += 1;
                if task.owner == Some(tab) {
                    task.has_ended = true;
                    let work = task.work.take();
                    drop(tasks);
                    drop(work);
                }
            }
        }
    }

    /// Drops all tasks and timers, which breaks the reference cycles of the world.
    pub fn clear(&self) {
        let tasks = std::mem::take(&mut *self.tasks.borrow_mut());
        drop(tasks);
        let timers = std::mem::take(&mut *self.timers.borrow_mut());
        drop(timers);
    }
}

/// Waits until a time; forever if there is none.
pub struct Sleep {
    executor: Rc<Executor>,
    until: Option<Time>,
    timer: Option<TimerId>,
}

impl Sleep {
    pub fn until(executor: &Rc<Executor>, until: Option<Time>) -> Self {
        Self { executor: Rc::clone(executor), until, timer: None }
    }
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let Some(until) = self.until else { return Poll::Pending };
        if self.executor.now() >= until {
            return Poll::Ready(());
        }
        if self.timer.is_none() {
            self.timer = Some(self.executor.wake_at(until, context.waker().clone()));
        }
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        if let Some(timer) = self.timer {
            self.executor.cancel(timer);
        }
    }
}

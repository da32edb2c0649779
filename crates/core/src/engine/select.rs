//! Waits for the first of two futures, and a notification within one thread.

use std::cell::{Cell, RefCell};
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::rc::Rc;
use std::task::{Poll, Waker};

/// Output of the future that completed first.
pub(crate) enum Either<First, Second> {
    /// The first future.
    First(First),
    /// The second future.
    Second(Second),
}

/// Polls two futures until one completes, and drops the other. The first has precedence.
pub(crate) async fn select<First: Future, Second: Future>(
    first: First,
    second: Second,
) -> Either<First::Output, Second::Output> {
    let mut first = pin!(first);
    let mut second = pin!(second);
    poll_fn(|context| {
        if let Poll::Ready(output) = first.as_mut().poll(context) {
            return Poll::Ready(Either::First(output));
        }
        second.as_mut().poll(context).map(Either::Second)
    })
    .await
}

/// A notification that occurs once.
#[derive(Clone, Default)]
pub(super) struct Notice(Rc<(Cell<bool>, RefCell<Option<Waker>>)>);

impl Notice {
    /// Notifies the waiting task.
    pub fn notify(&self) {
        self.0.0.set(true);
        // Without a borrow, because the task may continue at once.
        let waker = self.0.1.borrow_mut().take();
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// Whether it has occurred.
    pub fn is_notified(&self) -> bool {
        self.0.0.get()
    }

    /// Waits for the notification.
    pub async fn wait(&self) {
        poll_fn(|context| {
            if self.is_notified() {
                return Poll::Ready(());
            }
            *self.0.1.borrow_mut() = Some(context.waker().clone());
            Poll::Pending
        })
        .await;
    }
}

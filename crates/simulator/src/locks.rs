//! Named locks like Web Locks: exclusive, first come, first served, released when their tab is closed.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

#[derive(Default)]
pub struct Locks(RefCell<Vec<Lock>>);

struct Lock {
    /// The tab, if tabs have no shared locks.
    scope: usize,
    name: Rc<str>,
    /// The tickets of the holder and of those that wait, in order.
    queue: Vec<(u64, Option<Waker>)>,
}

/// A place in the queue of a lock. The lock is held while it is the first.
pub struct Guard {
    locks: Rc<Locks>,
    scope: usize,
    name: Rc<str>,
    ticket: u64,
}

impl Guard {
    pub fn queue(locks: &Rc<Locks>, scope: usize, name: &str, ticket: u64) -> Self {
        let mut all = locks.0.borrow_mut();
        let found = all.iter_mut().find(|lock| lock.scope == scope && &*lock.name == name);
        let name = match found {
            Some(lock) => {
                lock.queue.push((ticket, None));
                Rc::clone(&lock.name)
            }
            None => {
                let name: Rc<str> = Rc::from(name);
                all.push(Lock { scope, name: Rc::clone(&name), queue: vec![(ticket, None)] });
                name
            }
        };
        drop(all);
        Self { locks: Rc::clone(locks), scope, name, ticket }
    }

    pub fn is_held(&self) -> bool {
        let locks = self.locks.0.borrow();
        let lock = locks.iter().find(|lock| lock.scope == self.scope && lock.name == self.name);
        lock.and_then(|lock| lock.queue.first()).is_some_and(|(ticket, _)| *ticket == self.ticket)
    }

    /// Waits until the lock is held.
    pub fn held(&self) -> Held<'_> {
        Held(self)
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        let mut locks = self.locks.0.borrow_mut();
        let index = locks.iter().position(|lock| lock.scope == self.scope && lock.name == self.name);
        let Some(index) = index else { return };
        let lock = &mut locks[index];
        lock.queue.retain(|(ticket, _)| *ticket != self.ticket);
        let next = lock.queue.first_mut().and_then(|(_, waker)| waker.take());
        if lock.queue.is_empty() {
            locks.remove(index);
        }
        drop(locks);
        if let Some(next) = next {
            next.wake();
        }
    }
}

pub struct Held<'a>(&'a Guard);

impl Future for Held<'_> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.0.is_held() {
            return Poll::Ready(());
        }
        let mut locks = self.0.locks.0.borrow_mut();
        let guard = self.0;
        let lock = locks.iter_mut().find(|lock| lock.scope == guard.scope && lock.name == guard.name);
        let place = lock.and_then(|lock| lock.queue.iter_mut().find(|(ticket, _)| *ticket == guard.ticket));
        if let Some((_, waker)) = place {
            *waker = Some(context.waker().clone());
        }
        Poll::Pending
    }
}

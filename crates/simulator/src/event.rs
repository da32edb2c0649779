//! An event that occurs once: an abort, a response.

use std::cell::RefCell;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

/// An event that occurs once, with a value.
pub struct Event<T>(Rc<RefCell<(Option<T>, Vec<Waker>)>>);

impl<T> Clone for Event<T> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<T> Default for Event<T> {
    fn default() -> Self {
        Self(Rc::new(RefCell::new((None, Vec::new()))))
    }
}

impl<T: Clone> Event<T> {
    /// Sets the value, unless it is set, and wakes the tasks that wait for it.
    pub fn set(&self, value: T) {
        let mut event = self.0.borrow_mut();
        if event.0.is_none() {
            event.0 = Some(value);
            let wakers = std::mem::take(&mut event.1);
            drop(event);
            wakers.into_iter().for_each(Waker::wake);
        }
    }

    pub fn get(&self) -> Option<T> {
        self.0.borrow().0.clone()
    }

    pub fn is_set(&self) -> bool {
        self.0.borrow().0.is_some()
    }

    pub fn poll(&self, context: &Context<'_>) -> Poll<T> {
        let mut event = self.0.borrow_mut();
        if let Some(value) = &event.0 {
            return Poll::Ready(value.clone());
        }
        if !event.1.iter().any(|waker| waker.will_wake(context.waker())) {
            event.1.push(context.waker().clone());
        }
        Poll::Pending
    }
}

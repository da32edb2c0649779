//! Futures as promises, without a queue: `wait.js` calls back when a wait has ended, and the task is polled at once.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

use js_sys::Promise;
use slab::Slab;
use wasm_bindgen::JsValue;

use super::promise;

type Running = Pin<Box<dyn Future<Output = Result<JsValue, JsValue>>>>;

/// A future and the promise of its result. The future is `None` while it is polled.
struct Task {
    future: Option<Running>,
    deferred: JsValue,
}

thread_local! {
    static TASKS: RefCell<Slab<Task>> = const { RefCell::new(Slab::new()) };
}

/// Polls a task. Its future never wakes it while it is polled, because `wait.js` only calls back later.
struct Awakening(usize);

impl Wake for Awakening {
    fn wake(self: Arc<Self>) {
        go_on(self.0);
    }
}

/// Starts a future and returns a promise of its result. The future may only wait for [`super::wait::Waiting`].
pub fn promise(future: impl Future<Output = Result<JsValue, JsValue>> + 'static) -> Promise {
    let deferred = promise::deferred();
    let promise = promise::promise_of(&deferred);
    let task = Task { future: Some(Box::pin(future)), deferred };
    let id = TASKS.with_borrow_mut(|tasks| tasks.insert(task));
    go_on(id);
    promise
}

fn go_on(id: usize) {
    let taken = TASKS.with_borrow_mut(|tasks| tasks.get_mut(id)?.future.take());
    let Some(mut future) = taken else { return };
    let waker = Waker::from(Arc::new(Awakening(id)));
    match future.as_mut().poll(&mut Context::from_waker(&waker)) {
        Poll::Pending => TASKS.with_borrow_mut(|tasks| {
            if let Some(task) = tasks.get_mut(id) {
                task.future = Some(future);
            }
        }),
        Poll::Ready(result) => {
            let ended = TASKS.with_borrow_mut(|tasks| tasks.try_remove(id));
            let (is_ok, value) = match result {
                Ok(value) => (true, value),
                Err(error) => (false, error),
            };
            if let Some(task) = ended {
                promise::settle(&task.deferred, is_ok, &value);
            }
        }
    }
}

//! Wakes the page while it is hidden. There, browsers run a page's own timers once a minute, but not those of a worker.

use crate::browser;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{MessageEvent, Worker};

/// The worker's script (`style/public/wake.js`): it takes milliseconds, and answers when they are over.
const SCRIPT: &str = "/wake.js";

/// Starts the worker when the page is hidden for the first time.
#[derive(Clone, Copy)]
pub struct Waker {
    worker: StoredValue<Option<Worker>, LocalStorage>,
}

impl Waker {
    pub fn new() -> Self {
        Self {
            worker: StoredValue::new_local(None),
        }
    }

    /// Calls `wake` in so many milliseconds, if the page is hidden now; not at the time that was set before.
    pub fn set(self, millis: i64, wake: impl Fn() + 'static) {
        if browser::is_visible() {
            return;
        }
        self.worker.update_value(|worker| {
            // Without workers it is late.
            let Some(worker) = worker.take().or_else(|| Worker::new(SCRIPT).ok()) else {
                return;
            };
            let woken = Closure::<dyn Fn(MessageEvent)>::new(move |_| wake());
            worker.set_onmessage(Some(woken.into_js_value().unchecked_ref()));
            let _ = worker.post_message(&(millis as f64).into());
        });
    }
}

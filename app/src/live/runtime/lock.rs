//! A Web Lock: one tab of the browser has it at a time (W3C Web Locks API).

use crate::browser;
use js_sys::{Function, Object, Promise, Reflect};
use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::{JsFuture, future_to_promise, spawn_local};
use web_sys::AbortController;

/// How a lock is requested.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Request {
    /// Wait until it is free.
    Queue,
    /// Take it from the tab that has it.
    Steal,
}

/// What happens to a request.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum LockEvent {
    Granted,
    /// Another tab took the lock.
    Lost,
}

/// A lock that is held or waited for. Dropping it gives it back, without an event.
pub struct Lock {
    abort: Option<AbortController>,
    /// Ends the promise that holds the lock.
    release: Rc<RefCell<Option<Function>>>,
    is_dropped: Rc<Cell<bool>>,
}

/// Whether the browser has locks: on secure origins only.
pub fn is_supported() -> bool {
    manager().is_some()
}

/// `navigator.locks`.
pub fn manager() -> Option<JsValue> {
    let navigator = browser::window()?.navigator();
    Reflect::get(&navigator, &"locks".into())
        .ok()
        .filter(JsValue::is_object)
}

/// `navigator.locks.request(name, options, work)`.
///
/// # Errors
/// The exception of the browser.
pub fn request(name: &str, options: &JsValue, work: &JsValue) -> Result<Promise, JsValue> {
    let manager = manager().ok_or(JsValue::UNDEFINED)?;
    let request = Reflect::get(&manager, &"request".into())?.dyn_into::<Function>()?;
    request.call3(&manager, &name.into(), options, work)?.dyn_into()
}

/// Does work while this tab has the lock of a name; at once where the browser has no locks.
pub async fn hold<T, F>(name: &str, work: impl Fn() -> F + 'static) -> Option<T>
where
    T: 'static,
    F: Future<Output = T> + 'static,
{
    let work = Rc::new(work);
    let answer = Rc::new(RefCell::new(None));
    let (slot, locked) = (answer.clone(), work.clone());
    let locked: Closure<dyn FnMut(JsValue) -> Promise> = Closure::new(move |_| {
        let (slot, work) = (slot.clone(), locked.clone());
        future_to_promise(async move {
            let result = work().await;
            *slot.borrow_mut() = Some(result);
            Ok(JsValue::UNDEFINED)
        })
    });
    match request(name, &Object::new(), locked.as_ref()) {
        Ok(promise) => {
            let _ = JsFuture::from(promise).await;
            answer.borrow_mut().take()
        }
        Err(_) => Some(work().await),
    }
}

impl Lock {
    /// Requests the lock of this name.
    pub fn new(name: &str, how: Request, on_event: impl Fn(LockEvent) + Clone + 'static) -> Self {
        let release = Rc::new(RefCell::new(None));
        let is_dropped = Rc::new(Cell::new(false));
        let options = Object::new();
        let abort = match how {
            Request::Queue => AbortController::new().ok(),
            // A request that takes the lock cannot be aborted (Web Locks API, "request()").
            Request::Steal => None,
        };
        if let Some(abort) = &abort {
            let _ = Reflect::set(&options, &"signal".into(), &abort.signal());
        } else {
            let _ = Reflect::set(&options, &"steal".into(), &JsValue::TRUE);
        }
        let (slot, dropped, granted) = (release.clone(), is_dropped.clone(), on_event.clone());
        let work = Closure::once_into_js(move |_lock: JsValue| {
            let held = Promise::new(&mut |resolve, _| {
                if dropped.get() {
                    let _ = resolve.call0(&JsValue::UNDEFINED);
                } else {
                    *slot.borrow_mut() = Some(resolve);
                }
            });
            if !dropped.get() {
                granted(LockEvent::Granted);
            }
            JsValue::from(held)
        });
        if let Ok(promise) = request(name, &options, &work) {
            let dropped = is_dropped.clone();
            spawn_local(async move {
                if JsFuture::from(promise).await.is_err() && !dropped.get() {
                    on_event(LockEvent::Lost);
                }
            });
        }
        Self {
            abort,
            release,
            is_dropped,
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        self.is_dropped.set(true);
        if let Some(abort) = &self.abort {
            abort.abort();
        }
        if let Some(release) = self.release.borrow_mut().take() {
            let _ = release.call0(&JsValue::UNDEFINED);
        }
    }
}

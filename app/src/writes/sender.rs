//! Sends the pending writes in their order, from one tab of the browser at a time.

use super::{
    PendingWrite, UNDO_MILLIS, Write, Writes,
    request::{self, Sent},
    storage::WriteStorage,
};
use crate::{
    browser,
    live::{TokenSource, wait_for_lock},
};
use gloo_timers::callback::Timeout;
use leptos::{prelude::window_event_listener_untyped, task::spawn_local};
use std::cell::{Cell, RefCell};
use wasm_bindgen::JsCast;
use web_sys::StorageEvent;

/// The delay before the first attempt after a failure, in milliseconds; it doubles up to the longest.
const RETRY_MILLIS: u32 = 2_000;
const LONGEST_RETRY_MILLIS: u32 = 60_000;

/// What the page has to do.
pub enum Outcome {
    /// The pending writes have changed: show the page's data with the edits that wait.
    Changed,
    /// All writes are answered: read the page again.
    Drained,
    /// The server refused a write, with this message.
    Refused(String),
    /// A write can be undone for a while: its sentence and its id.
    Undoable(String, String),
}

type Report = Box<dyn Fn(Outcome)>;

/// What sends the writes of this page.
struct Sender {
    storage: WriteStorage,
    tokens: TokenSource,
    waiting: Writes,
    report: Report,
    lock: String,
}

thread_local! {
    static SENDER: RefCell<Option<Sender>> = const { RefCell::new(None) };
    static IS_SENDING: Cell<bool> = const { Cell::new(false) };
    static RETRY: RefCell<(u32, Option<Timeout>)> = const { RefCell::new((RETRY_MILLIS, None)) };
}

/// Starts to send a user's writes, those of earlier pages first.
pub fn start(user: &str, tokens: TokenSource, waiting: Writes, report: impl Fn(Outcome) + 'static) {
    SENDER.set(Some(Sender {
        storage: WriteStorage::of(user),
        tokens,
        waiting,
        report: Box::new(report),
        lock: format!("lockstep.writes.{user}"),
    }));
    // Another tab has made, sent or undone a write.
    let listener = window_event_listener_untyped("storage", |event| {
        let key = event.dyn_ref::<StorageEvent>().and_then(StorageEvent::key);
        let is_ours = |sender: &Sender| key.as_deref().is_some_and(|key| sender.storage.owns(key));
        if with_sender(is_ours).unwrap_or(false) {
            changed();
        }
    });
    std::mem::forget(listener);
    changed();
    wake();
}

/// Keeps a write and sends it.
pub fn send(write: Write, edit: Option<String>) {
    let now = browser::device_millis();
    let id = format!("{now:016}-{}", browser::random_uuid());
    let undo = write.undo.clone();
    let pending = PendingWrite {
        id: id.clone(),
        page: browser::path(),
        edit,
        not_before: undo.as_ref().map_or(0.0, |_| now + UNDO_MILLIS),
        write,
    };
    SENDER.with_borrow_mut(|sender| {
        if let Some(sender) = sender {
            sender.storage.keep(pending);
        }
    });
    count();
    if let Some(sentence) = undo {
        report(Outcome::Undoable(sentence, id));
    }
    wake();
}

/// Takes a write back that was not sent yet.
pub fn undo(id: &str) {
    SENDER.with_borrow_mut(|sender| {
        if let Some(sender) = sender {
            sender.storage.forget(id);
        }
    });
    changed();
}

/// The edits of a page that wait, as JSON.
pub fn edits_of(page: &str) -> Vec<String> {
    let writes = all().into_iter().filter(|write| write.page == page);
    writes.filter_map(|write| write.edit).collect()
}

/// Sends what waits, now: there may be a network again.
pub fn wake() {
    if IS_SENDING.replace(true) {
        return;
    }
    spawn_local(async {
        let lock = with_sender(|sender| sender.lock.clone()).unwrap_or_default();
        let wait = wait_for_lock(&lock, send_all).await.flatten();
        IS_SENDING.set(false);
        // What was made meanwhile could not start another round.
        let wait = wait.or_else(|| (!all().is_empty()).then_some(1));
        if let Some(wait) = wait {
            set_retry(wait);
        }
    });
}

/// Sends writes until none is due. Returns the milliseconds until the next attempt, if there is something to send.
async fn send_all() -> Option<u32> {
    let mut sent_any = false;
    loop {
        let now = browser::device_millis();
        let waiting = all();
        let Some(next) = waiting.first().cloned() else {
            if sent_any {
                report(Outcome::Drained);
            }
            RETRY.with_borrow_mut(|retry| retry.0 = RETRY_MILLIS);
            return None;
        };
        // Writes keep their order: one that can be undone holds back those after it, which may depend on it.
        if next.not_before > now {
            return Some((next.not_before - now).clamp(1.0, UNDO_MILLIS) as u32);
        }
        let tokens = with_sender(|sender| sender.tokens.clone())?;
        let Some(token) = tokens.token().await else {
            return Some(back_off());
        };
        match request::send(&next.write, &token).await {
            Sent::Done => {
                sent_any = true;
                forget(&next.id);
            }
            Sent::Refused(message) => {
                sent_any = true;
                forget(&next.id);
                report(Outcome::Refused(message));
            }
            Sent::TokenRefused => {
                tokens.refuse();
                return Some(back_off());
            }
            Sent::Later(seconds) => {
                return Some(seconds.map_or_else(back_off, |seconds| seconds.saturating_mul(1_000)));
            }
        }
    }
}

fn set_retry(millis: u32) {
    RETRY.with_borrow_mut(|retry| retry.1 = Some(Timeout::new(millis.max(1), wake)));
}

fn back_off() -> u32 {
    RETRY.with_borrow_mut(|retry| {
        let wait = retry.0;
        retry.0 = (wait * 2).min(LONGEST_RETRY_MILLIS);
        wait
    })
}

fn forget(id: &str) {
    SENDER.with_borrow_mut(|sender| {
        if let Some(sender) = sender {
            sender.storage.forget(id);
        }
    });
    count();
}

fn changed() {
    count();
    report(Outcome::Changed);
}

fn count() {
    let waiting = all().len();
    if let Some(counter) = with_sender(|sender| sender.waiting) {
        counter.set(waiting);
    }
}

fn all() -> Vec<PendingWrite> {
    with_sender(|sender| sender.storage.all()).unwrap_or_default()
}

fn report(outcome: Outcome) {
    SENDER.with_borrow(|sender| {
        if let Some(sender) = sender {
            (sender.report)(outcome);
        }
    });
}

fn with_sender<T>(read: impl FnOnce(&Sender) -> T) -> Option<T> {
    SENDER.with_borrow(|sender| sender.as_ref().map(read))
}

//! Browser events after which the connection must be checked.

use crate::browser;
use leptos::prelude::{on_cleanup, window_event_listener_untyped};
use wasm_bindgen::JsCast;
use web_sys::StorageEvent;

/// Calls `wake` when the page is shown again or the network is back.
pub fn on_wake(wake: impl Fn() + Clone + 'static) {
    for event in ["visibilitychange", "pageshow", "online", "focus"] {
        let wake = wake.clone();
        // `visibilitychange` bubbles from the document to the window.
        let listener = window_event_listener_untyped(event, move |_| {
            if browser::is_visible() {
                wake();
            }
        });
        on_cleanup(move || listener.remove());
    }
}

/// Calls `gone` when the device loses its network.
pub fn on_offline(gone: impl Fn() + 'static) {
    let listener = window_event_listener_untyped("offline", move |_| gone());
    on_cleanup(move || listener.remove());
}

/// Calls `left` when another tab of this browser has signed out.
pub fn on_signed_out_elsewhere(left: impl Fn() + 'static) {
    let listener = window_event_listener_untyped("storage", move |event| {
        let event = event.dyn_ref::<StorageEvent>();
        if event.and_then(StorageEvent::key).as_deref() == Some(browser::SIGNED_OUT_KEY) {
            left();
        }
    });
    on_cleanup(move || listener.remove());
}

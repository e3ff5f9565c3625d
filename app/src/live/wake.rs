//! The moments at which a page that was asleep should look around.

use leptos::prelude::{on_cleanup, window_event_listener_untyped};

/// Calls `wake` when the page is shown again or the network is back.
pub fn on_wake(wake: impl Fn() + Clone + 'static) {
    for event in ["visibilitychange", "pageshow", "online", "focus"] {
        let wake = wake.clone();
        // `visibilitychange` bubbles from the document to the window.
        let listener = window_event_listener_untyped(event, move |_| {
            if crate::browser::is_visible() {
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

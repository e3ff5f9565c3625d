//! The controls of a timer.

use crate::live::{Live, TimerItem, Wish};
use leptos::prelude::*;
use protocol::timers::{Action, TimerStatus};
use std::time::Duration;

/// How long Cancel waits for its second press.
const CONFIRM_TIMEOUT: Duration = Duration::from_secs(4);

/// Pause or Resume, Stop, and Cancel with a second press. Disabled until scripts run and until the server has
/// acknowledged the timer.
#[component]
pub fn TimerControls(
    current: Memo<TimerItem>,
    /// The id of its title, which labels the buttons for screen readers.
    title_id: String,
) -> impl IntoView {
    let live = expect_context::<Live>();
    let confirming = RwSignal::new(false);
    let reset_timer = StoredValue::new(None::<TimeoutHandle>);
    let paused = Memo::new(move |_| current.with(|shown| shown.timer.status == TimerStatus::Paused));
    let disabled = Memo::new(move |_| !live.hydrated.get() || current.with(|shown| shown.provisional));
    let act = move |action| live.wish(Wish::Act(action, current.with_untracked(|shown| shown.timer.id)));
    let toggle = move |_| {
        let action = if paused.get_untracked() {
            Action::Resume
        } else {
            Action::Pause
        };
        act(action);
    };
    let cancel = move |_| {
        if confirming.get_untracked() {
            act(Action::Cancel);
        } else {
            confirming.set(true);
            let reset = move || {
                let _ = confirming.try_set(false);
            };
            let previous = reset_timer
                .try_update_value(|slot| std::mem::replace(slot, set_timeout_with_handle(reset, CONFIRM_TIMEOUT).ok()));
            if let Some(previous) = previous.flatten() {
                previous.clear();
            }
        }
    };
    view! {
        <div class="controls">
            <button
                class="button primary"
                type="button"
                disabled=disabled
                aria-describedby=title_id.clone()
                on:click=toggle
            >
                {move || if paused.get() { "Resume" } else { "Pause" }}
            </button>
            <button
                class="button"
                type="button"
                disabled=disabled
                aria-describedby=title_id.clone()
                on:click=move |_| act(Action::Stop)
            >
                "Stop"
            </button>
            <button
                class="button quiet"
                class:danger=confirming
                type="button"
                disabled=disabled
                aria-describedby=title_id
                on:click=cancel
                on:blur=move |_| confirming.set(false)
            >
                {move || if confirming.get() { "Confirm cancel" } else { "Cancel" }}
            </button>
        </div>
    }
    .into_any()
}

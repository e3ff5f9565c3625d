//! The controls of a timer.

use crate::{
    state::{Clock, Commands, PageCommand, TimerEntry},
    texts::{LayoutTexts, TimersTexts, texts},
};
use leptos::prelude::*;
use protocol::timers::{Action, TimerCommand, TimerStatus};
use std::time::Duration;

/// How long Cancel waits for its second press.
const CONFIRM_TIMEOUT: Duration = Duration::from_secs(4);

/// Pause or Resume, Stop, and Cancel with a second press. Disabled until scripts run and until the server has
/// acknowledged the timer.
#[component]
pub fn TimerControls(
    entry: StoredValue<TimerEntry>,
    /// The id of its title, which labels the buttons for screen readers.
    title_id: String,
) -> impl IntoView {
    let (clock, commands) = (expect_context::<Clock>(), expect_context::<Commands>());
    let (t, l) = (texts::<TimersTexts>(), texts::<LayoutTexts>());
    let current = move || entry.with_value(TimerEntry::item);
    let confirming = RwSignal::new(false);
    let reset_timer = StoredValue::new(None::<TimeoutHandle>);
    let paused = Memo::new(move |_| current().timer.status == TimerStatus::Paused);
    let disabled = Memo::new(move |_| !clock.is_hydrated() || current().provisional);
    let act = move |action| {
        let timer_id = entry.with_value(TimerEntry::item_untracked).timer.id;
        commands.give(PageCommand::Timer(TimerCommand::Act { action, timer_id }));
    };
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
                disabled=move || disabled.get()
                aria-describedby=title_id.clone()
                on:click=toggle
            >
                {move || if paused.get() { l.resume } else { l.pause }}
            </button>
            <button
                class="button"
                type="button"
                disabled=move || disabled.get()
                aria-describedby=title_id.clone()
                on:click=move |_| act(Action::Stop)
            >
                {l.stop}
            </button>
            <button
                class="button quiet"
                class:danger=move || confirming.get()
                type="button"
                disabled=move || disabled.get()
                aria-describedby=title_id
                on:click=cancel
                on:blur=move |_| confirming.set(false)
            >
                {move || if confirming.get() { t.cancel_again } else { t.cancel }}
            </button>
        </div>
    }
    .into_any()
}

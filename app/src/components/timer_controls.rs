//! The controls of a timer.

use crate::{
    locale::Locale,
    state::{Clock, Commands, PageCommand, TimerEntry},
    texts::{LayoutTexts, TimersTexts},
};
use leptos::prelude::*;
use protocol::timers::{Action, TimerCommand, TimerStatus};

/// Pause or Resume, Stop, and Cancel, which can be undone. Disabled until scripts run and until the server has
/// acknowledged the timer.
#[component]
pub fn TimerControls(
    entry: StoredValue<TimerEntry>,
    /// The id of its title, which labels the buttons for screen readers.
    title_id: String,
) -> impl IntoView {
    let (clock, commands) = (expect_context::<Clock>(), expect_context::<Commands>());
    let locale = Locale::current();
    let (t, l) = (locale.texts::<TimersTexts>(), locale.texts::<LayoutTexts>());
    let current = move || entry.with_value(TimerEntry::item);
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
        let timer = &entry.with_value(TimerEntry::item_untracked).timer;
        let sentence = (t.cancelled)(locale.title(timer.title.as_deref()));
        commands.give(PageCommand::Cancel(timer.id, sentence));
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
                type="button"
                disabled=move || disabled.get()
                aria-describedby=title_id
                on:click=cancel
            >
                {t.cancel}
            </button>
        </div>
    }
    .into_any()
}

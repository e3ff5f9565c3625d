//! The newest timer that runs or is paused, on every page.

use super::icon::Icon;
use crate::{
    components::When,
    locale::{self, Locale},
    state::{Clock, Commands, PageCommand, TimerEntry, TimerList},
    texts::LayoutTexts,
};
use leptos::prelude::*;
use protocol::{
    id::TimerId,
    timers::{Action, TimerCommand, TimerStatus},
};

/// Its title and time, with pause and stop; nothing when no timer is active.
#[component]
pub fn NowRunning() -> impl IntoView {
    let timers = expect_context::<TimerList>();
    let (clock, commands) = (expect_context::<Clock>(), expect_context::<Commands>());
    let locale = Locale::current();
    let t = locale.texts::<LayoutTexts>();
    let current = Memo::new_with_compare(move |_| newest(timers), |before, after| key(before) != key(after));
    let item = move || current.get().map(|entry| entry.item());
    // What it has run and what it was to run.
    let seconds = move || {
        let entry = current.get()?;
        Some((entry.elapsed_seconds(), entry.item().timer.allocated_seconds))
    };
    let time = move || seconds().map(|(elapsed, allocated)| locale::timer_time(elapsed, allocated));
    let up = move || seconds().is_some_and(|(elapsed, allocated)| elapsed >= allocated);
    let paused = Memo::new(move |_| item().is_some_and(|item| item.timer.status == TimerStatus::Paused));
    let title = move || item().map(|item| locale.title(item.timer.title.as_deref()).to_owned());
    let disabled = Memo::new(move |_| !clock.is_hydrated() || item().is_none_or(|item| item.provisional));
    let others = Memo::new(move |_| timers.active().len().saturating_sub(1));
    let act = move |action| {
        if let Some(entry) = current.get_untracked() {
            let timer_id = entry.item_untracked().timer.id;
            commands.give(PageCommand::Timer(TimerCommand::Act { action, timer_id }));
        }
    };
    let toggle = move |_| {
        act(match paused.get_untracked() {
            true => Action::Resume,
            false => Action::Pause,
        });
    };
    view! {
        <When holds=move || current.get().is_some()>
            <section class="now" aria-label=t.runs_now data-testid="now" class:paused=move || paused.get()>
                <a class="now-title" href="/">
                    {move || title().unwrap_or_default()}
                </a>
                <span class="now-time" class:up=up>
                    {move || time().unwrap_or_default()}
                </span>
                <button
                    class="icon-button"
                    type="button"
                    aria-label=move || if paused.get() { t.resume } else { t.pause }
                    disabled=move || disabled.get()
                    on:click=toggle
                >
                    {move || if paused.get() { Icon::Play.view() } else { Icon::Pause.view() }}
                </button>
                <button
                    class="icon-button"
                    type="button"
                    aria-label=t.stop
                    disabled=move || disabled.get()
                    on:click=move |_| act(Action::Stop)
                >
                    {Icon::Stop.view()}
                </button>
                <When holds=move || { others.get() > 0 }>
                    <a class="now-others" href="/">
                        {move || (t.more_running)(others.get())}
                    </a>
                </When>
            </section>
        </When>
    }
    .into_any()
}

/// The newest running timer, or the newest paused one.
pub fn newest(timers: TimerList) -> Option<TimerEntry> {
    let active = timers.active();
    let running = active
        .iter()
        .find(|entry| entry.item().timer.status == TimerStatus::Running);
    running.or(active.first()).cloned()
}

fn key(entry: Option<&Option<TimerEntry>>) -> Option<TimerId> {
    entry?.as_ref().map(TimerEntry::key)
}

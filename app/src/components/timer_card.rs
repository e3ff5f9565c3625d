//! One running or paused timer.

use crate::{
    components::{dial::Dial, links::TimerLinks, timer_controls::TimerControls},
    live::{Live, Status, TimerItem},
    text,
};
use leptos::prelude::*;
use protocol::timers::TimerStatus;

/// The timer, its time and its controls. The card is kept while its timer changes.
#[component]
pub fn TimerCard(
    /// The timer as it was when the card was built.
    shown: TimerItem,
) -> impl IntoView {
    let live = expect_context::<Live>();
    let key = shown.key;
    let title_id = format!("title-{key}");
    let (labelled_by, described_by) = (title_id.clone(), title_id.clone());
    let current = Memo::new(move |last: Option<&TimerItem>| {
        let found = live
            .timers
            .with(|timers| timers.iter().find(|shown| shown.key == key).cloned());
        found.unwrap_or_else(|| last.unwrap_or(&shown).clone())
    });
    let elapsed = Memo::new(move |_| current.with(|shown| shown.timer.elapsed_seconds_at(live.now.get())));
    let allocated = Memo::new(move |_| current.with(|shown| shown.timer.allocated_seconds));
    let remaining = Memo::new(move |_| allocated.get() - elapsed.get());
    let status = Memo::new(move |_| current.with(|shown| shown.timer.status));
    let up = Memo::new(move |_| remaining.get() <= 0);
    let title = move || current.with(|shown| text::title(shown.timer.title.as_deref()).to_owned());
    let sum = move || format!("{} of {}", text::span(elapsed.get()), text::span(allocated.get()));
    let linked = Memo::new(move |_| current.with(|shown| shown.linked.clone()));
    let waits = Memo::new(move |_| match live.status.get() {
        _ if !current.with(|shown| shown.waiting) => None,
        Status::Live => None,
        Status::SignedOut => Some("Takes effect once you sign in again"),
        _ => Some("Takes effect once you’re back online"),
    });
    let size = move || match text::clock(remaining.get()).len() {
        ..=5 => "remaining",
        6 | 7 => "remaining long",
        _ => "remaining longest",
    };
    view! {
        <article
            class="timer"
            class:up=up
            class:provisional=move || current.with(|shown| shown.provisional)
            aria-labelledby=labelled_by
            data-testid="timer"
            data-timer-id=move || current.with(|shown| shown.timer.id.to_string())
            data-status=move || status.get().as_str()
        >
            <div class="timer-face">
                <Dial remaining allocated />
                <div class="timer-reading">
                    <span class=size data-testid="remaining" role="timer" aria-live="off">
                        {move || text::clock(remaining.get())}
                    </span>
                    <span class="timer-state">{move || state_word(status.get(), up.get())}</span>
                </div>
            </div>
            <div class="timer-body">
                <h3 id=title_id>{title}</h3>
                <p class="timer-sum">{sum}</p>
                <TimerLinks linked />
                <TimerControls current title_id=described_by />
                {move || waits.get().map(|sentence| view! { <p class="timer-waits">{sentence}</p> })}
            </div>
            <span class="visually-hidden" role="status">
                {move || (up.get() && status.get() == TimerStatus::Running).then_some("Time is up")}
            </span>
        </article>
    }
    .into_any()
}

fn state_word(status: TimerStatus, up: bool) -> &'static str {
    match (status, up) {
        (TimerStatus::Running, true) => "Over time",
        (status, _) => text::status(status),
    }
}

//! Timers that ended today.

use crate::{
    components::{Rows, When, links::TimerLinks, rows},
    live::TimerItem,
    locale::Locale,
    state::{Clock, TimerList},
    texts::TimersTexts,
};
use leptos::prelude::*;
use protocol::timers::TimerStatus;
use std::sync::Arc;

/// Today's completed and cancelled timers, the last one first.
#[component]
pub fn FinishedTimers() -> impl IntoView {
    let (timers, clock) = (expect_context::<TimerList>(), expect_context::<Clock>());
    let finished = Memo::new(move |_| {
        let day_start = clock.day_start();
        let is_of_today = |item: &Arc<TimerItem>| item.timer.ended_at.is_some_and(|ended| ended >= day_start);
        timers.ended().into_iter().filter(is_of_today).collect::<Vec<_>>()
    });
    let locale = Locale::current();
    let t = locale.texts::<TimersTexts>();
    let sum = move || finished.with(|finished| sum(finished, locale));
    let items = move || {
        rows(
            move || finished.get(),
            // An ended timer changes only by an edit, and its content is part of the key.
            |shown| (shown.key, shown.timer.updated_at, shown.linked.clone()),
            |shown| view! { <FinishedTimer shown /> }.into_any(),
        )
    };
    view! {
        <section class="finished" aria-labelledby="finished-heading">
            <div class="finished-head">
                <h2 id="finished-heading">{t.ended_today}</h2>
                <p class="finished-sum">{move || sum()}</p>
            </div>
            <When
                holds=move || !finished.with(Vec::is_empty)
                fallback=move || {
                    view! { <p class="side-empty">{t.ended_none}</p> }
                }
            >
                <ol class="finished-list">
                    <Rows each=items() />
                </ol>
            </When>
            <When holds=move || timers.has_more_ended()>
                <p class="side-empty">{t.ended_more}</p>
            </When>
        </section>
    }
    .into_any()
}

#[component]
fn FinishedTimer(shown: Arc<TimerItem>) -> impl IntoView {
    let (clock, locale) = (expect_context::<Clock>(), Locale::current());
    let linked = Signal::stored(shown.linked.clone());
    let timer = &shown.timer;
    let ended = timer.ended_at.unwrap_or(timer.updated_at);
    // Not with `Timestamp::websocket`, which would pull the whole timezone database into the WebAssembly.
    let datetime = ended.to_utc().to_rfc3339();
    let done = timer.status == TimerStatus::Completed;
    let class = if done {
        "finished-item"
    } else {
        "finished-item cancelled"
    };
    let ran = locale.part(timer.elapsed_millis / 1000, timer.allocated_seconds);
    view! {
        <li class=class data-testid="finished" data-status=timer.status.as_str()>
            <svg class="finished-mark" viewBox="0 0 16 16" aria-hidden="true">
                <path d=if done { "M3 8.5 l3.2 3.2 L13 4.5" } else { "M4 4 l8 8 M12 4 l-8 8" } />
            </svg>
            <a class="finished-title title-link" href=format!("/timers/{}", timer.id)>
                {locale.title(timer.title.as_deref()).to_owned()}
            </a>
            <time class="finished-time" datetime=datetime>
                {move || locale.time(clock.local(ended))}
            </time>
            <span class="finished-ran">{format!("{} · {ran}", locale.status(timer.status))}</span>
            <TimerLinks linked />
        </li>
    }
    .into_any()
}

/// How many were completed, and how long they ran; empty for none.
fn sum(finished: &[Arc<TimerItem>], locale: Locale) -> String {
    let done = finished
        .iter()
        .filter(|shown| shown.timer.status == TimerStatus::Completed);
    let (count, millis) = done.fold((0, 0), |(count, millis), shown| {
        (count + 1, millis + shown.timer.elapsed_millis)
    });
    match count {
        0 => String::new(),
        _ => (locale.texts::<TimersTexts>().ended_sum)(count, &locale.span(millis / 1000)),
    }
}

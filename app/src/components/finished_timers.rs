//! Timers that ended today.

use crate::{
    components::{links::TimerLinks, wall_clock::wall_clock},
    live::{Live, TimerItem},
    text,
};
use leptos::prelude::*;
use protocol::timers::TimerStatus;

/// Today's completed and cancelled timers, the last one first.
#[component]
pub fn FinishedTimers() -> impl IntoView {
    let live = expect_context::<Live>();
    let finished = Memo::new(move |_| {
        let day_start = live.day_start.get();
        let mut finished: Vec<TimerItem> = live.timers.with(|timers| {
            let today = timers
                .iter()
                .filter(|shown| shown.timer.ended_at.is_some_and(|ended| ended >= day_start));
            today.cloned().collect()
        });
        finished.sort_by_key(|shown| std::cmp::Reverse(shown.timer.ended_at));
        finished
    });
    let sum = move || finished.with(|finished| sum(finished));
    view! {
        <section class="finished" aria-labelledby="finished-heading">
            <div class="finished-head">
                <h2 id="finished-heading">"Today"</h2>
                <p class="finished-sum">{sum}</p>
            </div>
            <Show
                when=move || !finished.with(Vec::is_empty)
                fallback=|| {
                    view! { <p class="side-empty">"Timers you stop or cancel are listed here until midnight."</p> }
                }
            >
                <ol class="finished-list">
                    // An ended timer changes only by an edit, and its content is part of the key.
                    <For
                        each=move || finished.get()
                        key=|shown| (shown.key, shown.timer.updated_at, shown.linked.clone())
                        let:shown
                    >
                        <FinishedTimer shown />
                    </For>
                </ol>
            </Show>
            <Show when=move || live.has_more_ended.get()>
                <p class="side-empty">"Only the newest are listed here: there are more."</p>
            </Show>
        </section>
    }
    .into_any()
}

#[component]
fn FinishedTimer(shown: TimerItem) -> impl IntoView {
    let live = expect_context::<Live>();
    let linked = Signal::stored(shown.linked);
    let timer = shown.timer;
    let ended = timer.ended_at.unwrap_or(timer.updated_at);
    // Not with `Timestamp::websocket`, which would pull the whole timezone database into the WebAssembly.
    let datetime = ended.to_utc().to_rfc3339();
    let done = timer.status == TimerStatus::Completed;
    let ran = format!(
        "{} of {}",
        text::span(timer.elapsed_millis / 1000),
        text::span(timer.allocated_seconds)
    );
    view! {
        <li class="finished-item" class:cancelled=!done data-testid="finished" data-status=timer.status.as_str()>
            <svg class="finished-mark" viewBox="0 0 16 16" aria-hidden="true">
                <path d=if done { "M3 8.5 l3.2 3.2 L13 4.5" } else { "M4 4 l8 8 M12 4 l-8 8" } />
            </svg>
            <span class="finished-title">{text::title(timer.title.as_deref()).to_owned()}</span>
            <time class="finished-time" datetime=datetime>
                {move || wall_clock(live, ended).to_string()}
            </time>
            <span class="finished-ran">{format!("{} · {ran}", text::status(timer.status))}</span>
            <TimerLinks linked />
        </li>
    }
    .into_any()
}

fn sum(finished: &[TimerItem]) -> Option<String> {
    let done = finished
        .iter()
        .filter(|shown| shown.timer.status == TimerStatus::Completed);
    let (count, millis) = done.fold((0, 0), |(count, millis), shown| {
        (count + 1, millis + shown.timer.elapsed_millis)
    });
    (count > 0).then(|| format!("{count} done · {}", text::span(millis / 1000)))
}

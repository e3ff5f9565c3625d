//! The running and paused timers.

use crate::{
    components::{
        dial::{DialMask, TICKS},
        timer_card::TimerCard,
    },
    live::{Live, TimerItem},
};
use leptos::prelude::*;

/// One card per timer, newest first; a hint when there are none.
#[component]
pub fn ActiveTimers() -> impl IntoView {
    let live = expect_context::<Live>();
    let active = Memo::new(move |_| {
        live.timers.with(|timers| {
            let active = timers.iter().filter(|shown| shown.timer.status.is_active());
            active.cloned().collect::<Vec<TimerItem>>()
        })
    });
    view! {
        <section class="active" aria-labelledby="active-heading">
            <h2 id="active-heading" class="visually-hidden">
                "Running and paused"
            </h2>
            <Show when=move || active.with(Vec::is_empty)>
                <div class="empty">
                    <svg class="empty-dial" viewBox="0 0 200 200" aria-hidden="true">
                        <circle class="dial-track" cx="100" cy="100" r="89" pathLength=TICKS />
                    </svg>
                    <p class="empty-title">"Nothing is running"</p>
                    <p>
                        "Name what you want to do, choose how long, and start. It will count on every device you are signed in on."
                    </p>
                </div>
            </Show>
            <DialMask />
            <div class="timers">
                <For each=move || active.get() key=|shown| shown.key let:shown>
                    <TimerCard shown />
                </For>
            </div>
        </section>
    }
    .into_any()
}

//! The running and paused timers.

use crate::{
    components::{
        dial::{DialMask, TICKS},
        timer_card::TimerCard,
    },
    state::{TimerEntry, TimerList},
};
use leptos::prelude::*;

/// One card per timer, newest first; a hint when there are none.
#[component]
pub fn ActiveTimers() -> impl IntoView {
    let timers = expect_context::<TimerList>();
    view! {
        <section class="active" aria-labelledby="active-heading">
            <h2 id="active-heading" class="visually-hidden">
                "Running and paused"
            </h2>
            <Show when=move || timers.is_idle()>
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
                <For each=move || timers.active() key=TimerEntry::key let:entry>
                    <TimerCard entry />
                </For>
            </div>
        </section>
    }
    .into_any()
}

//! The running and paused timers.

use crate::{
    components::{Rows, When, dial::DialMask, rows, timer_card::TimerCard},
    state::{TimerEntry, TimerList},
    texts::{TimersTexts, texts},
};
use leptos::prelude::*;

/// One card per timer, newest first; a hint when there are none.
#[component]
pub fn ActiveTimers() -> impl IntoView {
    let timers = expect_context::<TimerList>();
    let t = texts::<TimersTexts>();
    let cards = rows(
        move || timers.active(),
        TimerEntry::key,
        |entry| view! { <TimerCard entry /> }.into_any(),
    );
    view! {
        <section class="active" aria-labelledby="active-heading">
            <h2 id="active-heading" class="visually-hidden">
                {t.active}
            </h2>
            <When holds=move || timers.is_idle()>
                <div class="empty">
                    <svg class="empty-dial" viewBox="0 0 200 200" aria-hidden="true">
                        <circle class="dial-track" cx="100" cy="100" r="89" pathLength="60" />
                    </svg>
                    <p class="empty-title">{t.idle}</p>
                    <p>{t.idle_hint}</p>
                </div>
            </When>
            <DialMask />
            <div class="timers">
                <Rows each=cards />
            </div>
        </section>
    }
    .into_any()
}

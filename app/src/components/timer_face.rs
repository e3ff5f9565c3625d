//! The dial of a timer with its time.

use crate::{
    components::dial::Dial,
    locale::{self, Locale},
    texts::TimersTexts,
};
use leptos::prelude::*;
use protocol::timers::TimerStatus;

/// The dial, the remaining time (that of an ended timer: the elapsed one) and the status. All times are in seconds.
#[component]
pub fn TimerFace(elapsed: Memo<i64>, allocated: Memo<i64>, status: Memo<TimerStatus>) -> impl IntoView {
    let locale = Locale::current();
    let remaining = Memo::new(move |_| allocated.get() - elapsed.get());
    let reading = move || match status.get().is_active() {
        true => locale::timer_time(elapsed.get(), allocated.get()),
        false => locale::countdown(elapsed.get()),
    };
    view! {
        <div class="timer-face">
            <Dial remaining allocated />
            <div class="timer-reading">
                <span class=move || size_class(&reading()) data-testid="remaining" role="timer" aria-live="off">
                    {move || reading()}
                </span>
                <span class="timer-state">{move || state_word(status.get(), remaining.get() <= 0, locale)}</span>
            </div>
        </div>
    }
    .into_any()
}

/// Long times have smaller letters.
fn size_class(time: &str) -> &'static str {
    match time.len() {
        ..=5 => "remaining",
        6 | 7 => "remaining long",
        _ => "remaining longest",
    }
}

fn state_word(status: TimerStatus, up: bool, locale: Locale) -> &'static str {
    match (status, up) {
        (TimerStatus::Running, true) => locale.texts::<TimersTexts>().over_time,
        (status, _) => locale.status(status),
    }
}

//! One running or paused timer.

use crate::{
    components::{When, dial::Dial, links::TimerLinks, timer_controls::TimerControls},
    live::Status,
    locale::{self, Locale},
    state::{Connection, TimerEntry},
    texts::TimersTexts,
};
use leptos::prelude::*;
use protocol::timers::TimerStatus;

/// The timer, its time and its controls. The card is kept while its timer changes.
#[component]
pub fn TimerCard(entry: TimerEntry) -> impl IntoView {
    let (connection, locale) = (expect_context::<Connection>(), Locale::current());
    let t = locale.texts::<TimersTexts>();
    let title_id = format!("title-{}", entry.key());
    let (labelled_by, described_by) = (title_id.clone(), title_id.clone());
    let entry = StoredValue::new(entry);
    let current = move || entry.with_value(TimerEntry::item);
    let elapsed = move || entry.with_value(TimerEntry::elapsed_seconds);
    let allocated = Memo::new(move |_| current().timer.allocated_seconds);
    let remaining = Memo::new(move |_| allocated.get() - elapsed());
    let time = move || locale::timer_time(elapsed(), allocated.get());
    let status = Memo::new(move |_| current().timer.status);
    let up = Memo::new(move |_| remaining.get() <= 0);
    let title = move || locale.title(current().timer.title.as_deref()).to_owned();
    let sum = move || locale.part(elapsed(), allocated.get());
    let linked = Memo::new(move |_| current().linked.clone());
    let waits = Memo::new(move |_| match connection.status() {
        _ if !current().waiting => None,
        Status::Live => None,
        Status::SignedOut => Some(t.waits_for_sign_in),
        _ => Some(t.waits_for_network),
    });
    view! {
        <article
            class="timer"
            class:up=move || up.get()
            class:provisional=move || current().provisional
            aria-labelledby=labelled_by
            data-testid="timer"
            data-timer-id=move || current().timer.id.to_string()
            data-status=move || status.get().as_str()
        >
            <div class="timer-face">
                <Dial remaining allocated />
                <div class="timer-reading">
                    <span class=move || size_class(&time()) data-testid="remaining" role="timer" aria-live="off">
                        {move || time()}
                    </span>
                    <span class="timer-state">{move || state_word(status.get(), up.get(), locale)}</span>
                </div>
            </div>
            <div class="timer-body">
                <h3 id=title_id>{move || title()}</h3>
                <p class="timer-sum">{move || sum()}</p>
                <TimerLinks linked />
                <TimerControls entry title_id=described_by />
                <When holds=move || waits.get().is_some()>
                    <p class="timer-waits">{move || waits.get().unwrap_or_default()}</p>
                </When>
            </div>
            <span class="visually-hidden" role="status">
                {move || if up.get() && status.get() == TimerStatus::Running { t.time_is_up } else { "" }}
            </span>
        </article>
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

//! One running or paused timer.

use crate::{
    components::{When, links::TimerLinks, timer_controls::TimerControls, timer_face::TimerFace},
    live::Status,
    locale::Locale,
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
    let elapsed = Memo::new(move |_| entry.with_value(TimerEntry::elapsed_seconds));
    let allocated = Memo::new(move |_| current().timer.allocated_seconds);
    let status = Memo::new(move |_| current().timer.status);
    let up = Memo::new(move |_| elapsed.get() >= allocated.get());
    let title = move || locale.title(current().timer.title.as_deref()).to_owned();
    // The server has not assigned the id of a new one yet.
    let href = move || {
        let item = current();
        (!item.provisional).then(|| format!("/timers/{}", item.timer.id))
    };
    let sum = move || locale.part(elapsed.get(), allocated.get());
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
            <TimerFace elapsed allocated status />
            <div class="timer-body">
                <h3 id=title_id>
                    <a class="title-link" href=href>
                        {move || title()}
                    </a>
                </h3>
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

//! A timer in the history.

use super::{View, data::Row};
use crate::{
    components::TimerLinks,
    state::{Commands, PageCommand, TimerEntry},
};
use leptos::prelude::*;
use protocol::{
    id::TimerId,
    timers::{NewTimer, TimerCommand},
};

/// Its times, with a box to select it and a button to start it again. What is known live precedes what was read.
#[component]
pub fn Entry(view: View, row: Row, focused: RwSignal<Option<TimerId>>, stop: Memo<Option<TimerId>>) -> impl IntoView {
    let commands = expect_context::<Commands>();
    let (t, locale, times) = (view.t, view.locale, view.times);
    let id = row.id;
    let live = Memo::new_with_compare(move |_| view.timers.find(id), |before, after| key(before) != key(after));
    let (loaded_title, loaded_seconds, loaded_status) = (row.title.clone(), row.seconds, row.status);
    let title = Memo::new(move |_| match live.get() {
        Some(entry) => locale.title(entry.item().timer.title.as_deref()).to_owned(),
        None => locale.title(loaded_title.as_deref()).to_owned(),
    });
    let status = Memo::new(move |_| live.get().map_or(loaded_status, |entry| entry.item().timer.status));
    let seconds = move || live.get().map_or(loaded_seconds, |entry| entry.elapsed_seconds());
    let (started, ended, allocated) = (row.started, row.ended, row.allocated_seconds);
    let span = move || {
        let from = times.local(started);
        let Some(until) = ended.map(|ended| times.local(ended)) else {
            return (t.since)(&locale.time(from));
        };
        let until = match until.days_since(from) {
            0 => locale.time(until),
            _ => format!("{}, {}", locale.date(until.date()), locale.time(until)),
        };
        format!("{} – {until}", locale.time(from))
    };
    let ran = move || {
        let part = locale.part(seconds(), allocated);
        format!("{} · {part}", locale.status(status.get()))
    };
    let linked = Signal::stored(row.linked.clone());
    let is_selected = move || view.selected.with(|selected| selected.contains(&id));
    let select = move |_| {
        view.selected
            .update(|selected| match selected.iter().position(|known| *known == id) {
                Some(index) => drop(selected.remove(index)),
                None => selected.push(id),
            });
    };
    let row = StoredValue::new(row);
    let again = move |_| commands.give(PageCommand::Timer(row.with_value(again)));
    let is_stop = move || !view.clock.is_hydrated() || stop.get() == Some(id);
    let tab = move || if is_stop() { "0" } else { "-1" };
    view! {
        <li
            class="entry"
            data-row
            data-testid="entry"
            data-status=move || status.get().as_str()
            class:selected=is_selected
            on:focusin=move |_| focused.set(Some(id))
        >
            <label class="entry-box">
                <input
                    type="checkbox"
                    tabindex=tab
                    disabled=move || !view.clock.is_hydrated()
                    prop:checked=is_selected
                    on:change=select
                />
                <span class="visually-hidden">{move || (t.select)(&title.get())}</span>
            </label>
            <a class="entry-title title-link" tabindex=tab href=format!("/timers/{id}")>
                {move || title.get()}
            </a>
            <span class="entry-time">{move || span()}</span>
            <span class="entry-ran">{move || ran()}</span>
            <TimerLinks linked />
            <button
                class="button quiet entry-again"
                type="button"
                tabindex=tab
                disabled=move || !view.clock.is_hydrated()
                aria-label=move || (t.again_named)(&title.get())
                on:click=again
            >
                {t.again}
            </button>
        </li>
    }
    .into_any()
}

fn key(entry: Option<&Option<TimerEntry>>) -> Option<TimerId> {
    entry?.as_ref().map(TimerEntry::key)
}

/// The same timer anew.
fn again(row: &Row) -> TimerCommand {
    TimerCommand::Create {
        new: NewTimer {
            allocated_seconds: row.allocated_seconds,
            title: row.title.clone(),
            description: row.description.clone(),
            schedule_id: row.schedule_id,
            todo_id: row.todo_id,
        },
        tag_ids: row.linked.tags.iter().map(|tag| tag.id).collect(),
    }
}

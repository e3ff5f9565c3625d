//! The fields of the form: not generic, so that all of them share their code in the WebAssembly.

use crate::pages::calendar::{actions::Calendar, draft::Draft};
use leptos::prelude::*;
use protocol::limits;

/// A field: its id, label and type, how it is read from the draft and how it is written.
pub fn field(
    calendar: Calendar,
    (id, label, kind): (&'static str, &'static str, &'static str),
    read: fn(&Draft) -> String,
    write: fn(Calendar, &mut Draft, String),
) -> AnyView {
    let value = Memo::new(move |_| {
        calendar
            .draft
            .with(|draft| draft.as_ref().map(read).unwrap_or_default())
    });
    view! {
        <div class="cal-field">
            <label for=id>{label}</label>
            <input
                id=id
                type=kind
                maxlength=limits::TITLE_CHARS.to_string()
                autocomplete="off"
                prop:value=move || value.get()
                on:input:target=move |event| {
                    let text = event.target().value();
                    calendar.type_in(|draft| write(calendar, draft, text));
                }
            />
        </div>
    }
    .into_any()
}

/// A choice: its id and label, its options, and how it is read and written.
pub fn choice(
    calendar: Calendar,
    (id, label): (&'static str, &'static str),
    options: Vec<(String, String)>,
    read: fn(&Draft) -> String,
    write: fn(&mut Draft, String),
) -> AnyView {
    let value = Memo::new(move |_| {
        calendar
            .draft
            .with(|draft| draft.as_ref().map(read).unwrap_or_default())
    });
    let options = options.into_iter().map(|(word, name)| {
        let selected = word.clone();
        view! {
            <option value=word selected=move || value.with(|value| *value == selected)>
                {name}
            </option>
        }
        .into_any()
    });
    view! {
        <div class="cal-field">
            <label for=id>{label}</label>
            <select
                id=id
                autocomplete="off"
                on:change:target=move |event| {
                    let word = event.target().value();
                    calendar.type_in(|draft| write(draft, word));
                }
            >
                {options.collect_view()}
            </select>
        </div>
    }
    .into_any()
}

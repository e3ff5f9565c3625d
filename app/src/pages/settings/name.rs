//! The name that others see.

use super::{Data, SettingsEdit};
use crate::{state::Clock, texts::SettingsTexts};
use leptos::prelude::*;

/// A field for the name, which is saved when the field is left; without a text the name stays.
#[component]
pub fn NameField(data: Data, t: &'static SettingsTexts) -> impl IntoView {
    let clock = expect_context::<Clock>();
    // A memo, so that what is typed stays when something else changes.
    let name = Memo::new(move |_| data.with(|data| data.account.display_name.clone().unwrap_or_default()));
    let change = move |text: String| {
        let text = text.trim();
        if !text.is_empty() && text != name.get_untracked() {
            let edit = SettingsEdit::Name(text.to_owned());
            let write = edit.write();
            data.edit(edit, write);
        }
    };
    view! {
        <div class="setting">
            <label for="name">{t.name}</label>
            <input
                id="name"
                type="text"
                maxlength=protocol::limits::TITLE_CHARS.to_string()
                autocomplete="name"
                aria-describedby="name-hint"
                value=name.get_untracked()
                prop:value=move || name.get()
                disabled=move || !clock.is_hydrated()
                on:change:target=move |event| change(event.target().value())
            />
            <p class="hint" id="name-hint">
                {t.name_hint}
            </p>
        </div>
    }
    .into_any()
}

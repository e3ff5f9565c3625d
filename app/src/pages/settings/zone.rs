//! The timezone: that of the device, or another by its name.

use super::{Data, SettingsEdit};
use crate::{components::When, state::Clock, texts::SettingsTexts};
use leptos::prelude::*;

/// A field that the browser completes with the names that it knows.
#[component]
pub fn ZoneField(data: Data, t: &'static SettingsTexts) -> impl IntoView {
    let clock = expect_context::<Clock>();
    let zone = Memo::new(move |_| data.with(|data| data.preferences.time_zone.clone().unwrap_or_default()));
    let zones = RwSignal::new(Vec::<String>::new());
    let unknown = RwSignal::new(false);
    Effect::new(move |_| zones.set(known_zones()));
    let change = move |text: String| {
        let name = text.trim().to_owned();
        let is_known = name.is_empty() || zones.with_untracked(|zones| zones.is_empty() || zones.contains(&name));
        unknown.set(!is_known);
        if is_known {
            let edit = SettingsEdit::TimeZone(Some(name).filter(|name| !name.is_empty()));
            let write = edit.write();
            data.edit(edit, write);
        }
    };
    view! {
        <div class="setting">
            <label for="time-zone">{t.time_zone}</label>
            <input
                id="time-zone"
                type="text"
                list="time-zones"
                placeholder=t.as_device
                autocomplete="off"
                spellcheck="false"
                value=zone.get_untracked()
                prop:value=move || zone.get()
                disabled=move || !clock.is_hydrated()
                aria-invalid=move || unknown.get().then_some("true")
                on:change:target=move |event| change(event.target().value())
            />
            <datalist id="time-zones">
                {move || {
                    zones.get().into_iter().map(|name| view! { <option value=name></option> }.into_any()).collect_view()
                }}
            </datalist>
            <When holds=move || unknown.get()>
                <p class="setting-problem" role="alert">
                    {t.zone_unknown}
                </p>
            </When>
        </div>
    }
    .into_any()
}

/// The names that the browser knows; none where it does not list them.
#[cfg(feature = "hydrate")]
fn known_zones() -> Vec<String> {
    crate::browser::time_zones()
}

#[cfg(not(feature = "hydrate"))]
fn known_zones() -> Vec<String> {
    Vec::new()
}

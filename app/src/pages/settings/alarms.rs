//! Sound and notifications of timers whose time is up.

use super::{Data, SettingsEdit};
use crate::{components::When, state::Clock, texts::SettingsTexts};
use leptos::prelude::*;
use protocol::preferences::Preferences;

/// Two switches and a test. The browser asks for its permission when notifications are switched on, never before.
#[component]
pub fn Alarms(data: Data, t: &'static SettingsTexts) -> impl IntoView {
    let clock = expect_context::<Clock>();
    let denied = RwSignal::new(false);
    let give = move |edit: SettingsEdit| {
        let write = edit.write();
        data.edit(edit, write);
    };
    let notify = move |on: bool| match on {
        true => ask(move |granted| {
            denied.set(!granted);
            give(SettingsEdit::Notifications(granted));
        }),
        false => give(SettingsEdit::Notifications(false)),
    };
    let sound = switch(
        data,
        "sound",
        t.sound,
        |preferences| preferences.sound,
        move |on| give(SettingsEdit::Sound(on)),
    );
    let notifications = switch(
        data,
        "notifications",
        t.notifications,
        |preferences| preferences.notifications,
        notify,
    );
    view! {
        {sound}
        {notifications}
        <When holds=move || denied.get()>
            <p class="setting-problem" role="alert">
                {t.denied}
            </p>
        </When>
        <div class="setting">
            <span class="setting-label">{t.test_hint}</span>
            <button
                class="button"
                type="button"
                disabled=move || !clock.is_hydrated()
                on:click=move |_| ring(data, t.test_title)
            >
                {t.test}
            </button>
        </div>
    }
    .into_any()
}

/// A labelled checkbox.
fn switch(
    data: Data,
    id: &'static str,
    label: &'static str,
    current: fn(&Preferences) -> bool,
    change: impl Fn(bool) + 'static,
) -> AnyView {
    let clock = expect_context::<Clock>();
    let on = move || data.with(|data| current(&data.preferences));
    view! {
        <div class="setting">
            <label for=id>{label}</label>
            <input
                class="switch"
                id=id
                type="checkbox"
                role="switch"
                checked=untrack(on)
                prop:checked=on
                disabled=move || !clock.is_hydrated()
                on:change:target=move |event| change(event.target().checked())
            />
        </div>
    }
    .into_any()
}

#[cfg(feature = "hydrate")]
fn ask(then: impl Fn(bool) + 'static) {
    leptos::task::spawn_local(async move { then(crate::alarm::ask_permission().await) });
}

#[cfg(not(feature = "hydrate"))]
fn ask(_: impl Fn(bool) + 'static) {}

/// Rings as a timer would.
fn ring(data: Data, title: &str) {
    #[cfg(feature = "hydrate")]
    data.with_untracked(|data| crate::alarm::ring("test".to_owned(), title.to_owned(), &data.preferences));
    #[cfg(not(feature = "hydrate"))]
    let _ = (data, title);
}

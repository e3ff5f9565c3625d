//! The palette: finds pages, timers, todos and schedules, and does what buttons do.

mod entries;

use super::overlay::Overlays;
use crate::{
    navigation::Navigator,
    state::{Clock, Commands, FriendsActivity, PageCommand, TimerList},
    texts::{LayoutTexts, texts},
};
use entries::{Deed, Entry, MAX_SHOWN};
use leptos::{ev::KeyboardEvent, html::Input, prelude::*};

/// A field and the entries that match it; arrow keys choose, Enter does.
#[component]
pub fn Palette() -> impl IntoView {
    let t = texts::<LayoutTexts>();
    let timers = expect_context::<TimerList>();
    let (navigator, commands) = (expect_context::<Navigator>(), expect_context::<Commands>());
    let overlays = expect_context::<Overlays>();
    let locale = crate::locale::Locale::current();
    let input = NodeRef::<Input>::new();
    let text = RwSignal::new(String::new());
    let chosen = RwSignal::new(0_usize);
    // Who they are does not depend on the time, and the palette is open for moments only.
    let (friends, clock) = (expect_context::<FriendsActivity>(), expect_context::<Clock>());
    let known = untrack(|| friends.shown(clock.now()));
    let all = Memo::new(move |_| entries::all(timers, &known, locale));
    let found = Memo::new(move |_| {
        text.with(|text| all.with(|all| entries::matching(all, text, t)))
            .into_iter()
            .take(MAX_SHOWN)
            .collect::<Vec<Entry>>()
    });
    Effect::new(move |_| {
        if let Some(input) = input.get() {
            let _ = input.focus();
        }
    });
    let act = move |entry: Option<Entry>| {
        let Some(entry) = entry else {
            return;
        };
        overlays.close();
        match entry.deed {
            Deed::Go(href) => navigator.go(&href),
            Deed::Give(command) => commands.give(PageCommand::Timer(command)),
        }
    };
    let on_key = move |event: KeyboardEvent| {
        let count = found.with_untracked(Vec::len);
        match event.key().as_str() {
            "ArrowDown" if count > 0 => chosen.update(|chosen| *chosen = (*chosen + 1) % count),
            "ArrowUp" if count > 0 => chosen.update(|chosen| *chosen = (*chosen + count - 1) % count),
            // Enter also ends the composition of a syllable.
            "Enter" if !event.is_composing() => {
                act(found.with_untracked(|found| found.get(chosen.get_untracked()).cloned()))
            }
            _ => return,
        }
        event.prevent_default();
    };
    let option = move |(index, entry): (usize, Entry)| {
        let selected = move || (chosen.get() == index).to_string();
        let (kind, name) = (entry.kind, entry.name.clone());
        view! {
            <li
                class="palette-entry"
                id=format!("palette-{index}")
                role="option"
                aria-selected=selected
                on:click=move |_| act(Some(entry.clone()))
                on:pointermove=move |_| chosen.set(index)
            >
                <span class="palette-name">{name}</span>
                <span class="palette-kind">{kind}</span>
            </li>
        }
        .into_any()
    };
    view! {
        <div class="palette">
            <input
                class="palette-input"
                node_ref=input
                type="text"
                role="combobox"
                aria-expanded="true"
                aria-controls="palette-list"
                aria-label=t.palette_hint
                aria-activedescendant=move || format!("palette-{}", chosen.get())
                placeholder=t.palette_hint
                autocomplete="off"
                on:input:target=move |event| {
                    text.set(event.target().value());
                    chosen.set(0);
                }
                on:keydown=on_key
            />
            <ul class="palette-list" id="palette-list" role="listbox" aria-label=t.palette>
                {move || found.get().into_iter().enumerate().map(option).collect_view()}
            </ul>
            {move || {
                found.with(Vec::is_empty).then(|| view! { <p class="palette-empty">{t.palette_empty}</p> }.into_any())
            }}
        </div>
    }
    .into_any()
}

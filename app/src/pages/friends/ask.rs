//! Asks somebody to be a friend.

use super::state::FriendsState;
use crate::{
    components::When,
    state::Clock,
    texts::{FriendsTexts, texts},
};
use leptos::{ev::SubmitEvent, html::Input, prelude::*};
use protocol::limits;

/// A field for a code, a link or an address; with the code of an opened link.
#[component]
pub fn Ask() -> impl IntoView {
    let (state, clock) = (expect_context::<FriendsState>(), expect_context::<Clock>());
    let t = texts::<FriendsTexts>();
    let input = NodeRef::<Input>::new();
    // Whether the last attempt was good, and what to say about it.
    let result = RwSignal::new(None::<(bool, &'static str)>);
    let is_asked = Memo::new(move |_| state.data.with(|data| data.asked.is_some()));
    let asks_self = Memo::new(move |_| state.data.with(|data| data.asks_self()));
    let text = state.data.with_untracked(|data| match data.asks_self() {
        true => String::new(),
        false => data.asked.clone().unwrap_or_default(),
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(input) = input.get_untracked() else {
            return;
        };
        match state.ask(&input.value()) {
            Ok(said) => {
                input.set_value("");
                result.set(Some((true, said)));
            }
            Err(problem) => result.set(Some((false, problem))),
        }
        let _ = input.focus();
    };
    let is_refused = move || result.get().is_some_and(|(is_good, _)| !is_good);
    view! {
        <section class="ask" aria-labelledby="ask-heading">
            <h2 id="ask-heading">{t.ask}</h2>
            <When holds=move || is_asked.get()>
                <p class="banner">{move || if asks_self.get() { t.own_code } else { t.link_opened }}</p>
            </When>
            <form class="ask-form" novalidate on:submit=submit>
                <label for="ask-target">{t.ask_label}</label>
                <input
                    id="ask-target"
                    node_ref=input
                    type="text"
                    inputmode="email"
                    maxlength=limits::TITLE_CHARS.to_string()
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    data-search
                    value=text
                    disabled=move || !clock.is_hydrated()
                    aria-invalid=move || is_refused().then_some("true")
                    aria-describedby="ask-result"
                    on:input=move |_| result.set(None)
                />
                <button class="button primary" type="submit" disabled=move || !clock.is_hydrated()>
                    {t.ask_send}
                </button>
                <p class="ask-result" id="ask-result" role="status" class:refused=is_refused>
                    {move || result.get().map(|(_, said)| said)}
                </p>
            </form>
        </section>
    }
    .into_any()
}

//! The search field of a page: a GET form, whose text is a part of the page's address.

use crate::{navigation::Navigator, query::Query};
use leptos::{ev::SubmitEvent, html::Input, prelude::*};

/// A field for the query's `q`; the page is read again a moment after the last key.
#[component]
pub fn SearchField(
    /// The page's path.
    action: &'static str,
    label: &'static str,
    /// What was searched for.
    text: String,
) -> impl IntoView {
    let navigator = expect_context::<Navigator>();
    let input = NodeRef::<Input>::new();
    let search = move || input.get_untracked().map(|input| input.value()).unwrap_or_default();
    view! {
        <form
            class="search"
            role="search"
            method="get"
            action=action
            on:submit=move |event: SubmitEvent| {
                event.prevent_default();
                search_now(navigator, &search());
            }
        >
            <input
                node_ref=input
                type="search"
                name="q"
                data-search
                aria-label=label
                placeholder=label
                maxlength=protocol::limits::SEARCH_CHARS.to_string()
                autocomplete="off"
                value=text
                on:input=move |_| search_soon(navigator, search())
            />
        </form>
    }
    .into_any()
}

fn search_now(navigator: Navigator, text: &str) {
    navigator.set_query(&Query::default().with("q", text.trim()).into_text());
}

#[cfg(feature = "hydrate")]
fn search_soon(navigator: Navigator, text: String) {
    use gloo_timers::callback::Timeout;
    use std::cell::RefCell;

    /// Keys within so many milliseconds are searched for together.
    const WAIT_MILLIS: u32 = 200;
    thread_local! {
        static WAITING: RefCell<Option<Timeout>> = const { RefCell::new(None) };
    }
    let search = Timeout::new(WAIT_MILLIS, move || search_now(navigator, &text));
    WAITING.set(Some(search));
}

#[cfg(not(feature = "hydrate"))]
fn search_soon(_: Navigator, _: String) {}

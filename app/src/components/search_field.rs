//! The search field of a page: a GET form, whose text is a part of the page's address.

use crate::navigation::Navigator;
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

/// A text as a value of a query, percent-encoded.
pub fn query_value(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    text.bytes().map(byte).collect()
}

fn search_now(navigator: Navigator, text: &str) {
    let query = match text.trim() {
        "" => String::new(),
        text => format!("q={}", query_value(text)),
    };
    navigator.set_query(&query);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_a_query_is_percent_encoded() {
        assert_eq!(query_value("a&b 일"), "a%26b%20%EC%9D%BC");
    }
}

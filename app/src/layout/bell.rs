//! The way to the notifications, with the number of those that are unread.

use super::icon::Icon;
use crate::{
    navigation::Navigator,
    state::UnreadCount,
    texts::{LayoutTexts, texts},
};
use leptos::prelude::*;

/// The greatest number that is written out.
const MOST: u64 = 99;

/// A link, named after what it shows.
#[component]
pub fn Bell() -> impl IntoView {
    let t = texts::<LayoutTexts>();
    let (unread, navigator) = (expect_context::<UnreadCount>(), expect_context::<Navigator>());
    let shown = move || match unread.get() {
        0 => String::new(),
        count if count > MOST => format!("{MOST}+"),
        count => count.to_string(),
    };
    let name = move || match unread.get() {
        0 => t.notifications.to_owned(),
        count => (t.unread_notifications)(count),
    };
    view! {
        <a
            class="button quiet bell"
            href="/notifications"
            data-testid="bell"
            aria-label=name
            aria-current=move || (navigator.path() == "/notifications").then_some("page")
        >
            {Icon::Bell.view()}
            <span class="bell-count" hidden=move || unread.get() == 0>
                {shown}
            </span>
        </a>
    }
    .into_any()
}

//! The page for unknown paths.

use crate::{
    components::{Brand, set_page_title},
    page,
};
use leptos::prelude::*;

/// Answers with status 404.
pub fn not_found() -> AnyView {
    page::respond_with(404);
    set_page_title("Not found – Lockstep");
    view! {
        <main class="notice">
            <Brand />
            <p class="notice-code">"404"</p>
            <h1>"This page is out of step"</h1>
            <p>"There is nothing at this address. It may have moved, or never have been here."</p>
            <a class="button primary" href="/">
                "Go to your timers"
            </a>
        </main>
    }
    .into_any()
}

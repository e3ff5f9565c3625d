//! The page for unknown paths.

use crate::{
    components::{Brand, PageTitle},
    page,
};
use leptos::prelude::*;

/// Answers with status 404.
#[component]
pub fn NotFound() -> impl IntoView {
    page::respond_with(404);
    page::mark_hydrated();
    view! {
        <PageTitle text="Not found – Lockstep" />
        <main class="notice">
            <Brand />
            <p class="notice-code">"404"</p>
            <h1>"This page is out of step"</h1>
            <p>"There is nothing at this address. It may have moved, or never have been here."</p>
            <a class="button primary" href="/" rel="external">
                "Go to your timers"
            </a>
        </main>
    }
}

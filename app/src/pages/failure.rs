//! The page for server errors.

use crate::{
    api::PageError,
    components::{Brand, PageTitle},
    page,
};
use leptos::prelude::*;

/// Shows the error with status 503, and offers to try again.
#[component]
pub fn Failure(error: PageError) -> impl IntoView {
    page::respond_with(503);
    page::mark_hydrated();
    view! {
        <PageTitle text="Not available – Lockstep" />
        <main class="notice">
            <Brand />
            <h1>"We missed a beat"</h1>
            <p role="alert">{error.to_string()}</p>
            <p>"Your timers lose nothing meanwhile: they go on from where they stand."</p>
            <a class="button primary" href="" rel="external">
                "Try again"
            </a>
        </main>
    }
}

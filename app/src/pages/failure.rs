//! The page for server errors.

use crate::{
    api::PageError,
    components::{Brand, set_page_title},
    page,
};
use leptos::prelude::*;

/// Shows the error with status 503, and offers to try again.
pub fn failure(error: PageError) -> AnyView {
    page::respond_with(503);
    set_page_title("Not available – Lockstep");
    view! {
        <main class="notice">
            <Brand />
            <h1>"We missed a beat"</h1>
            <p role="alert">{error.to_string()}</p>
            <p>"Your timers lose nothing meanwhile: they go on from where they stand."</p>
            <a class="button primary" href="">
                "Try again"
            </a>
        </main>
    }
    .into_any()
}

//! The page for unknown paths.

use crate::{
    components::{Brand, set_page_title},
    page,
    texts::{FailureTexts, texts},
};
use leptos::prelude::*;

/// Answers with status 404.
pub fn not_found() -> AnyView {
    page::respond_with(404);
    let t = texts::<FailureTexts>();
    set_page_title(t.not_found_title);
    view! {
        <main class="notice">
            <Brand />
            <p class="notice-code">"404"</p>
            <h1>{t.not_found_heading}</h1>
            <p>{t.not_found}</p>
            <a class="button primary" href="/">
                {t.to_timers}
            </a>
        </main>
    }
    .into_any()
}

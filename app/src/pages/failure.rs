//! The page for server errors.

use crate::{
    api::PageError,
    components::{Brand, set_page_title},
    page,
    texts::{AuthTexts, CommonTexts, FailureTexts, texts},
};
use leptos::prelude::*;

/// Shows the error with status 503, and offers to try again.
pub fn failure(error: PageError) -> AnyView {
    page::respond_with(503);
    let t = texts::<FailureTexts>();
    set_page_title(t.failed_title);
    view! {
        <main class="notice">
            <Brand />
            <h1>{t.failed_heading}</h1>
            <p role="alert">{error.text(texts::<AuthTexts>())}</p>
            <p>{t.failed}</p>
            <a class="button primary" href="">
                {texts::<CommonTexts>().try_again}
            </a>
        </main>
    }
    .into_any()
}

//! What is around the pages, in the server's document and in the browser.

use crate::page::Opened;
use leptos::prelude::*;

/// The content of the document's `body`: the page that is shown.
#[component]
pub fn App(
    /// The page.
    first: Opened,
) -> impl IntoView {
    #[cfg(feature = "hydrate")]
    crate::hydrate::mark_hydrated();
    first.view()
}

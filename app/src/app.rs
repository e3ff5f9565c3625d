//! What is around the pages, in the server's document and in the browser.

use crate::{
    layout::{Layout, LayoutData},
    page::Opened,
};
use leptos::prelude::*;

/// The content of the document's `body`: a page in its layout.
#[component]
pub fn App(
    layout: LayoutData,
    /// The page.
    first: Opened,
) -> impl IntoView {
    provide_context(layout.locale);
    #[cfg(feature = "hydrate")]
    crate::hydrate::mark_hydrated();
    view! { <Layout data=layout first /> }
}

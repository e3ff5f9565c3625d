//! What the document around a page needs to know.

use super::Opened;
use crate::{
    api::PageError,
    pages::{failure, not_found},
};
use leptos::prelude::use_context;
use std::sync::Arc;

/// A page of which only the document is missing: see `shell.rs`.
#[derive(Clone)]
pub struct RenderedPage {
    pub(crate) opened: Opened,
    pub(crate) scripts: Scripts,
}

/// The scripts of a document.
#[derive(Clone)]
pub(crate) enum Scripts {
    /// A few lines for forms.
    Plain,
    /// The WebAssembly, which hydrates the page.
    Hydration {
        /// The part with the page's view.
        chunk: &'static str,
        /// The page's data as JSON.
        data: String,
    },
}

impl RenderedPage {
    /// The page for unknown paths.
    pub fn not_found() -> Self {
        Self::plain(Opened(Arc::new(not_found)))
    }

    /// The page for server errors.
    pub fn failure(error: PageError) -> Self {
        Self::plain(Opened(Arc::new(move || failure(error.clone()))))
    }

    fn plain(opened: Opened) -> Self {
        Self {
            opened,
            scripts: Scripts::Plain,
        }
    }
}

/// Sets the response's status.
pub fn respond_with(status: u16) {
    if let (Some(response), Ok(status)) = (
        use_context::<leptos_axum::ResponseOptions>(),
        http::StatusCode::from_u16(status),
    ) {
        response.set_status(status);
    }
}

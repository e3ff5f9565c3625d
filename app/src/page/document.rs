//! What the document around a page needs to know.

use super::Opened;
use crate::{
    api::PageError,
    layout::LayoutData,
    locale::Locale,
    pages::{failure, not_found},
};
use leptos::prelude::*;
use std::sync::Arc;

/// A page of which only the document is missing: see `shell.rs`.
#[derive(Clone)]
pub struct RenderedPage {
    pub(crate) locale: Locale,
    pub(crate) content: Content,
}

/// What is in a document.
#[derive(Clone)]
pub(crate) enum Content {
    /// HTML and forms, with a few lines of scripts.
    Plain(Arc<dyn Fn() -> AnyView + Send + Sync>),
    /// A page for developers, which the WebAssembly hydrates.
    #[cfg(debug_assertions)]
    Standalone {
        view: fn() -> AnyView,
        /// The part of the WebAssembly with the page's view.
        chunk: &'static str,
    },
    /// A page in the layout, which the WebAssembly hydrates.
    Live {
        opened: Opened,
        layout: Box<LayoutData>,
        /// The part of the WebAssembly with the page's view.
        chunk: &'static str,
        /// The page's and the layout's data as JSON.
        data: String,
        layout_data: String,
    },
}

impl RenderedPage {
    /// The page for unknown paths.
    pub fn not_found(locale: Locale) -> Self {
        Self::plain(locale, not_found)
    }

    /// The page for server errors.
    pub fn failure(locale: Locale, error: PageError) -> Self {
        Self::plain(locale, move || failure(error.clone()))
    }

    pub(super) fn plain(locale: Locale, view: impl Fn() -> AnyView + Send + Sync + 'static) -> Self {
        Self {
            locale,
            content: Content::Plain(Arc::new(view)),
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

//! What a page begins with. The server reads it before it renders, so that rendering waits for nothing, and the page
//! hands it to the browser.

use crate::api::PageError;
use leptos::prelude::*;
use serde::{Serialize, de::DeserializeOwned};

/// What the server read for a page, as an extension of the page's request.
#[cfg(feature = "ssr")]
#[derive(Clone, Debug)]
pub struct Preloaded<T>(pub Result<T, PageError>);

/// What the page begins with: the same on the server and in the browser that brings its page to life.
///
/// # Errors
/// [`PageError`], when the server could not read it.
pub fn preloaded<T>() -> Result<T, PageError>
where
    T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
{
    SharedValue::new(read::<T>).into_inner()
}

#[cfg(feature = "ssr")]
fn read<T: Clone + Send + Sync + 'static>() -> Result<T, PageError> {
    let parts = use_context::<http::request::Parts>();
    let preloaded = parts.and_then(|parts| parts.extensions.get::<Preloaded<T>>().cloned());
    preloaded.map_or(Err(PageError::Unavailable), |Preloaded(result)| result)
}

/// A page that the server did not render, as when the router went back to it: it is loaded anew.
#[cfg(not(feature = "ssr"))]
fn read<T>() -> Result<T, PageError> {
    #[cfg(feature = "hydrate")]
    crate::browser::reload();
    Err(PageError::Unreachable)
}

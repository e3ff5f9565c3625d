//! What a page begins with. The server reads it before it renders, so that rendering waits for nothing, and the page
//! hands it to the browser.

use crate::{
    api::PageError,
    pages::{Failure, NotFound},
};
use leptos::prelude::*;
use serde::{Serialize, de::DeserializeOwned};

/// What the server read for a page, as an extension of the page's request.
#[cfg(feature = "ssr")]
#[derive(Clone, Debug)]
pub struct Preloaded<T>(pub Result<T, PageError>);

/// The page of what it begins with: the same on the server and in the browser that brings it to life. Another page where
/// the server could not read it, or where it had nothing to read: there is no page at such an address.
pub fn preloaded<T>(page: impl FnOnce(T) -> AnyView) -> AnyView
where
    T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
{
    match SharedValue::new(read::<T>).into_inner() {
        Some(Ok(data)) => page(data),
        Some(Err(error)) => view! { <Failure error /> }.into_any(),
        None => view! { <NotFound /> }.into_any(),
    }
}

#[cfg(feature = "ssr")]
fn read<T: Clone + Send + Sync + 'static>() -> Option<Result<T, PageError>> {
    let parts = use_context::<http::request::Parts>()?;
    let Preloaded(read) = parts.extensions.get::<Preloaded<T>>()?;
    Some(read.clone())
}

/// A page that the server did not render, as when the router went back to it: it is loaded anew.
#[cfg(not(feature = "ssr"))]
fn read<T>() -> Option<Result<T, PageError>> {
    #[cfg(feature = "hydrate")]
    crate::browser::reload();
    None
}

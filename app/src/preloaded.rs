//! The data of a page. The server reads it before rendering, so that rendering waits for nothing, and the page
//! transfers it to the browser.

use crate::{
    api::PageError,
    pages::{Failure, NotFound},
};
use leptos::prelude::*;
use serde::{Serialize, de::DeserializeOwned};

/// The data or error that the server read for a page, as an extension of the page's request.
#[cfg(feature = "ssr")]
#[derive(Clone, Debug)]
pub struct Preloaded<T>(pub Result<T, PageError>);

/// Renders `page` from its data, the same on the server and during hydration. Renders the failure page when the server
/// could not read the data, and the not-found page when the path has none.
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

/// A page that the server did not render, as when the router navigates back to it: the document is reloaded.
#[cfg(not(feature = "ssr"))]
fn read<T>() -> Option<Result<T, PageError>> {
    #[cfg(feature = "hydrate")]
    crate::browser::reload();
    None
}

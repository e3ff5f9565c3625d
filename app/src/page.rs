//! What a page is. [`crate::pages`] lists all of them.

use leptos::prelude::*;
use serde::{Serialize, de::DeserializeOwned};
use std::sync::Arc;

#[cfg(feature = "ssr")]
mod document;
#[cfg(feature = "ssr")]
mod route;

#[cfg(feature = "ssr")]
pub(crate) use self::document::Scripts;
#[cfg(feature = "ssr")]
pub use self::{
    document::{RenderedPage, respond_with},
    route::{Loaded, PageRoute},
};
#[cfg(feature = "ssr")]
use crate::backend::{Backend, BackendError};
#[cfg(feature = "ssr")]
use http::request::Parts;

/// A page, declared in one place: its path, its data and its view.
///
/// `load` is the only code that reads the data. The server calls it to render the document, which also carries the data
/// for hydration, and to answer `GET /api/page<path>`, by which the browser reads it again.
pub trait Page: 'static {
    /// The path of the document.
    const PATH: &'static str;

    /// Everything that the view needs.
    type Data: Clone + Serialize + DeserializeOwned + Send + Sync + 'static;

    /// Reads the data for the user of a request, or says where that user belongs instead.
    #[cfg(feature = "ssr")]
    fn load(
        backend: &dyn Backend,
        request: &Parts,
    ) -> impl Future<Output = Result<Loaded<Self::Data>, BackendError>> + Send;

    /// The content of the page's `body`: the same in the server's document and in the browser.
    fn view(data: Self::Data) -> AnyView;
}

/// A page with its data, ready to be shown.
#[derive(Clone)]
pub struct Opened(Arc<dyn Fn() -> AnyView + Send + Sync>);

impl Opened {
    /// The view of a page from its data.
    pub fn new<P: Page>(data: P::Data) -> Self {
        Self(Arc::new(move || P::view(data.clone())))
    }

    /// Builds the view.
    pub fn view(&self) -> AnyView {
        (self.0)()
    }
}

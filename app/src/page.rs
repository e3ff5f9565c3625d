//! What a page is. [`crate::pages`] lists all of them.

mod data;
#[cfg(feature = "ssr")]
mod document;
#[cfg(feature = "ssr")]
mod next;
mod opened;
mod path;
#[cfg(feature = "ssr")]
mod request;
#[cfg(feature = "ssr")]
mod route;
#[cfg(debug_assertions)]
mod standalone;

#[cfg(feature = "ssr")]
pub(crate) use self::document::Content;
pub use self::{
    data::{Edit, NoEdit, PageData},
    opened::Opened,
    path::PathPattern,
};
#[cfg(feature = "ssr")]
pub use self::{
    document::{RenderedPage, respond_with},
    next::{NEXT, Next, SIGN_IN, SIGN_UP, sign_in_address},
    request::PageRequest,
    route::{Answer, PageRoute},
};
#[cfg(feature = "ssr")]
use crate::backend::{Backend, BackendError};
use crate::locale::Locale;
#[cfg(feature = "ssr")]
use http::request::Parts;
use leptos::prelude::*;
use serde::{Serialize, de::DeserializeOwned};
#[cfg(debug_assertions)]
pub use standalone::StandalonePage;

/// A page of HTML and forms, without WebAssembly.
#[cfg(feature = "ssr")]
pub trait PlainPage: 'static {
    /// The path of the document.
    const PATH: &'static str;

    /// Everything that the view needs.
    type Data: Clone + Send + Sync + 'static;

    /// Reads the data for the user of a request, or says where that user belongs instead.
    fn load(
        backend: &dyn Backend,
        request: &Parts,
    ) -> impl Future<Output = Result<Loaded<Self::Data>, BackendError>> + Send;

    /// The content of the document's `body`.
    fn view(data: Self::Data) -> AnyView;
}

/// What a plain page's `load` found.
#[cfg(feature = "ssr")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Loaded<T> {
    /// The page's data.
    Page(T),
    /// The page is not for this user, who is redirected to this path.
    Redirect(String),
}

/// A page for signed-in users, declared in one place: its path, its data and its view. It is shown in the layout.
///
/// `load` is the only code that reads the data. The server calls it to render the document, which also carries the data
/// for hydration, and to answer `GET /api/page<path>`, by which the browser opens the page and reads it again.
pub trait LivePage: 'static {
    /// The path of the document, with at most one parameter: `/timers/{id}`.
    const PATH: &'static str;

    /// Whether the page shows what timers have done, so that it is read again when they change.
    const FOLLOWS_TIMERS: bool = false;

    /// Everything that the view needs.
    type Data: Clone + Serialize + DeserializeOwned + Send + Sync + 'static;

    /// A change of the data that the user makes here.
    type Edit: Edit<Self::Data>;

    /// Reads the data for a signed-in user; `None` if there is no such page.
    #[cfg(feature = "ssr")]
    fn load(
        backend: &dyn Backend,
        request: &PageRequest<'_>,
    ) -> impl Future<Output = Result<Option<Self::Data>, BackendError>> + Send;

    /// The title of the document, without the product's name.
    fn title(data: &Self::Data, locale: Locale) -> String;

    /// The content of `main`: the same in the server's document and in the browser.
    fn view(data: PageData<Self::Data, Self::Edit>) -> AnyView;
}

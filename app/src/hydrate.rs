//! The browser's entry point.

use crate::{
    App,
    api::PageError,
    browser,
    layout::LayoutData,
    page::{LivePage, Opened},
};
use gloo_net::http::{Request, RequestBuilder};
use leptos::{mount::hydrate_body, prelude::*, wasm_split::SplitLoaderError};
use serde::de::DeserializeOwned;
use std::{future::Future, pin::Pin};
use thiserror::Error;

/// The elements with the data of the page and of the layout as JSON (`shell.rs`).
const DATA_ELEMENT: &str = "page-data";
const LAYOUT_ELEMENT: &str = "layout-data";

/// A page as the browser opens it.
pub struct LiveRoute {
    /// The pattern of its document's path.
    pub path: &'static str,
    /// Loads the part of the WebAssembly with the page's view, and reads the data.
    pub open: fn(String) -> Opening<Opened>,
    /// Loads that part ahead.
    pub prefetch: fn(),
}

/// A page for developers as the browser opens it.
#[cfg(debug_assertions)]
pub struct StandaloneRoute {
    /// The path of its document.
    pub path: &'static str,
    /// Loads the part of the WebAssembly with the page's view.
    pub open: fn() -> Opening<StandaloneView>,
}

/// The view of a page for developers.
#[cfg(debug_assertions)]
pub type StandaloneView = fn() -> AnyView;

/// A page that is being opened.
type Opening<T> = Pin<Box<dyn Future<Output = Result<T, OpenError>>>>;

/// Why a page could not be opened. The document stays as the server rendered it.
#[derive(Clone, Copy, Debug, Error)]
pub enum OpenError {
    #[error("no page of this path is part of the WebAssembly")]
    Unknown,
    #[error("a part of the WebAssembly could not be loaded")]
    Chunk,
    #[error("the page's data could not be read")]
    Data,
}

impl From<SplitLoaderError> for OpenError {
    fn from(_: SplitLoaderError) -> Self {
        Self::Chunk
    }
}

/// Hydrates the server's document.
///
/// # Errors
/// When a part of the WebAssembly could not be loaded, or the document has no data for it.
pub async fn hydrate() -> Result<(), OpenError> {
    console_error_panic_hook::set_once();
    #[cfg(debug_assertions)]
    if let Some(route) = crate::pages::STANDALONE
        .iter()
        .find(|route| route.path == browser::path())
    {
        let view = (route.open)().await?;
        browser::next_task().await;
        hydrate_body(view);
        return Ok(());
    }
    let layout: LayoutData = read(&text_of(LAYOUT_ELEMENT)?)?;
    let route = crate::navigation::route_of(&browser::path()).ok_or(OpenError::Unknown)?;
    let first = (route.open)(text_of(DATA_ELEMENT)?).await?;
    browser::next_task().await;
    hydrate_body(move || view! { <App layout first /> });
    Ok(())
}

fn text_of(id: &str) -> Result<String, OpenError> {
    let element = document().get_element_by_id(id);
    element
        .and_then(|element| element.text_content())
        .ok_or(OpenError::Data)
}

fn read<T: DeserializeOwned>(json: &str) -> Result<T, OpenError> {
    protocol::json::parse(json).map_err(|_| OpenError::Data)
}

/// The page of a JSON text.
pub fn parse<P: LivePage>(data: &str) -> Result<Opened, OpenError> {
    Ok(Opened::new::<P>(read(data)?))
}

/// Reads the data of a page by its path and query; `None` when the page is not for this user, or is not there.
///
/// # Errors
/// As [`read_text`].
pub async fn read_page(address: &str) -> Result<Option<String>, PageError> {
    read_text(&format!("/api/page{address}")).await
}

/// The header of a request that accepts what the service worker keeps, and of an answer that was kept: then it says when
/// that was, in milliseconds on the device's clock (`service_worker.js`).
const AS_OF: &str = "lockstep-as-of";

/// Reads the data of a page that is opened, as [`read_page`]. Without a network it is what was known last, with the time
/// of that in milliseconds on the device's clock.
///
/// # Errors
/// As [`read_text`].
pub async fn open_page(address: &str) -> Result<Option<(String, Option<f64>)>, PageError> {
    fetch(Request::get(&format!("/api/page{address}")).header(AS_OF, "")).await
}

/// Reads a text of this server; `None` where it is refused or missing.
///
/// # Errors
/// [`PageError::Unreachable`] without an answer, [`PageError::Unavailable`] for an answer without data.
pub async fn read_text(url: &str) -> Result<Option<String>, PageError> {
    Ok(fetch(Request::get(url)).await?.map(|(text, _)| text))
}

async fn fetch(request: RequestBuilder) -> Result<Option<(String, Option<f64>)>, PageError> {
    let answer = request.send().await.map_err(|_| PageError::Unreachable)?;
    match answer.status() {
        200 => {
            let as_of = answer.headers().get(AS_OF).as_deref().and_then(browser::parse_millis);
            let text = answer.text().await.map_err(|_| PageError::Unreachable)?;
            Ok(Some((text, as_of)))
        }
        403 | 404 => Ok(None),
        _ => Err(PageError::Unavailable),
    }
}

/// Sends an empty form, as the browser would without scripts.
///
/// # Errors
/// [`PageError::Unreachable`] without an answer, [`PageError::Unavailable`] if the server could not do it.
pub async fn send_form(action: &str) -> Result<(), PageError> {
    let answer = Request::post(action).send().await.map_err(|_| PageError::Unreachable)?;
    match answer.ok() {
        true => Ok(()),
        false => Err(PageError::Unavailable),
    }
}

/// Marks the document once scripts run; browser tests wait for the mark, and the style sheets hide controls that need
/// scripts.
pub fn mark_hydrated() {
    Effect::new(|_| {
        if let Some(root) = document().document_element() {
            let _ = root.set_attribute("data-hydrated", "true");
        }
    });
}

//! The browser's entry point.

use crate::{
    App,
    api::PageError,
    browser,
    page::{Opened, Page},
    pages,
};
use gloo_net::http::Request;
use leptos::{mount::hydrate_body, prelude::*, wasm_split::SplitLoaderError};
use std::{future::Future, pin::Pin};
use thiserror::Error;

/// The element with the page's data as JSON (`shell.rs`).
const DATA_ELEMENT: &str = "page-data";

/// A page as the browser opens it.
pub struct LivePage {
    /// The path of its document.
    pub path: &'static str,
    /// Loads the part of the WebAssembly with the page's view, and reads the data.
    pub open: fn(String) -> Opening,
}

/// A page that is being opened.
type Opening = Pin<Box<dyn Future<Output = Result<Opened, OpenError>>>>;

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
    let first = open_first().await?;
    browser::next_task().await;
    hydrate_body(move || view! { <App first /> });
    Ok(())
}

async fn open_first() -> Result<Opened, OpenError> {
    let path = location().pathname().map_err(|_| OpenError::Unknown)?;
    let page = pages::LIVE.iter().find(|page| page.path == path);
    let page = page.ok_or(OpenError::Unknown)?;
    let data = document().get_element_by_id(DATA_ELEMENT);
    let data = data.and_then(|element| element.text_content());
    (page.open)(data.ok_or(OpenError::Data)?).await
}

/// The page of a JSON text.
pub fn parse<P: Page>(data: &str) -> Result<Opened, OpenError> {
    let data = protocol::json::parse(data).map_err(|_| OpenError::Data)?;
    Ok(Opened::new::<P>(data))
}

/// Reads a page's data from the server; `None` when the page is not for this user.
///
/// # Errors
/// [`PageError::Unreachable`] without an answer, [`PageError::Unavailable`] for an answer without data.
pub async fn read_page(path: &str) -> Result<Option<String>, PageError> {
    let url = format!("/api/page{path}");
    let answer = Request::get(&url).send().await.map_err(|_| PageError::Unreachable)?;
    match answer.status() {
        200 => answer.text().await.map(Some).map_err(|_| PageError::Unreachable),
        403 => Ok(None),
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

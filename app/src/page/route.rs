//! The pages as the server routes and renders them.

use super::{Opened, Page, RenderedPage, document::Scripts};
use crate::{api::PageError, backend::Backend};
use http::request::Parts;
use std::{future::Future, pin::Pin, sync::Arc};

/// What a page's `load` found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Loaded<T> {
    /// The page's data.
    Page(T),
    /// The page is not for this user, who is redirected to this path.
    Redirect(&'static str),
}

type Render = fn(Arc<dyn Backend>, Arc<Parts>, Option<&'static str>) -> Reading<RenderedPage>;
type Read = fn(Arc<dyn Backend>, Arc<Parts>) -> Reading<String>;
type Reading<T> = Pin<Box<dyn Future<Output = Result<Loaded<T>, PageError>> + Send>>;

/// One page as the server serves it.
#[derive(Clone, Copy)]
pub struct PageRoute {
    /// The path of the document.
    pub path: &'static str,
    /// The part of the WebAssembly with the page's view; `None` for a page without WebAssembly.
    pub chunk: Option<&'static str>,
    render: Render,
    read: Read,
}

impl PageRoute {
    /// A page that the browser hydrates.
    pub const fn live<P: Page>(chunk: &'static str) -> Self {
        Self {
            path: P::PATH,
            chunk: Some(chunk),
            render: render::<P>,
            read: read::<P>,
        }
    }

    /// A page of HTML and forms, without WebAssembly.
    pub const fn plain<P: Page>() -> Self {
        Self {
            path: P::PATH,
            chunk: None,
            render: render::<P>,
            read: read::<P>,
        }
    }

    /// Reads the page's data and prepares its document.
    ///
    /// # Errors
    /// [`PageError::Unavailable`] when the data could not be read.
    pub async fn render(
        &self,
        backend: Arc<dyn Backend>,
        request: Arc<Parts>,
    ) -> Result<Loaded<RenderedPage>, PageError> {
        (self.render)(backend, request, self.chunk).await
    }

    /// Reads the page's data as JSON.
    ///
    /// # Errors
    /// [`PageError::Unavailable`] when the data could not be read.
    pub async fn read(&self, backend: Arc<dyn Backend>, request: Arc<Parts>) -> Result<Loaded<String>, PageError> {
        (self.read)(backend, request).await
    }
}

fn render<P: Page>(
    backend: Arc<dyn Backend>,
    request: Arc<Parts>,
    chunk: Option<&'static str>,
) -> Reading<RenderedPage> {
    Box::pin(async move {
        Ok(match P::load(&*backend, &request).await? {
            Loaded::Redirect(path) => Loaded::Redirect(path),
            Loaded::Page(data) => {
                let scripts = match chunk {
                    Some(chunk) => Scripts::Hydration {
                        chunk,
                        data: to_json(&data)?,
                    },
                    None => Scripts::Plain,
                };
                Loaded::Page(RenderedPage {
                    opened: Opened::new::<P>(data),
                    scripts,
                })
            }
        })
    })
}

fn read<P: Page>(backend: Arc<dyn Backend>, request: Arc<Parts>) -> Reading<String> {
    Box::pin(async move {
        Ok(match P::load(&*backend, &request).await? {
            Loaded::Redirect(path) => Loaded::Redirect(path),
            Loaded::Page(data) => Loaded::Page(to_json(&data)?),
        })
    })
}

fn to_json<T: serde::Serialize>(data: &T) -> Result<String, PageError> {
    serde_json::to_string(data).map_err(|_| PageError::Unavailable)
}

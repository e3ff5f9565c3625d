//! The pages as the server routes and renders them.

use super::{
    Content, LivePage, Loaded, Opened, PageRequest, PathPattern, PlainPage, RenderedPage, SIGN_IN, sign_in_address,
};
use crate::{api::PageError, backend::Backend, layout::LayoutData, locale::Locale};
use http::request::Parts;
use std::{future::Future, pin::Pin, sync::Arc};

/// What precedes a page's path where its data is read.
const DATA_PREFIX: &str = "/api/page";

/// The answer to a request for a page or its data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer<T> {
    Found(T),
    /// The page is not for this user, who is redirected to this path.
    Redirect(String),
    /// There is no such page.
    NotFound,
}

type Render = fn(Arc<dyn Backend>, Arc<Parts>, Locale, &'static str) -> Reading<RenderedPage>;
type Read = fn(Arc<dyn Backend>, Arc<Parts>, Locale) -> Reading<String>;
type Reading<T> = Pin<Box<dyn Future<Output = Result<Answer<T>, PageError>> + Send>>;

/// One page as the server serves it.
#[derive(Clone, Copy)]
pub struct PageRoute {
    /// The path of the document.
    pub path: &'static str,
    /// The part of the WebAssembly with the page's view; empty for a page without WebAssembly.
    pub chunk: &'static str,
    render: Render,
    /// Reads the data of a live page.
    read: Option<Read>,
}

impl PageRoute {
    /// A page that the browser hydrates.
    pub const fn live<P: LivePage>(chunk: &'static str) -> Self {
        Self {
            path: P::PATH,
            chunk,
            render: render_live::<P>,
            read: Some(read::<P>),
        }
    }

    /// A page of HTML and forms, without WebAssembly.
    pub const fn plain<P: PlainPage>() -> Self {
        Self {
            path: P::PATH,
            chunk: "",
            render: render_plain::<P>,
            read: None,
        }
    }

    /// A page for developers, which the browser hydrates.
    #[cfg(debug_assertions)]
    pub const fn standalone<P: super::StandalonePage>(chunk: &'static str) -> Self {
        Self {
            path: P::PATH,
            chunk,
            render: render_standalone::<P>,
            read: None,
        }
    }

    /// The path of the page's data; `None` for a plain page.
    pub fn data_path(&self) -> Option<String> {
        self.read.map(|_| format!("{DATA_PREFIX}{}", self.path))
    }

    /// Reads the page's data and prepares its document.
    ///
    /// # Errors
    /// [`PageError::Unavailable`] when the data could not be read.
    pub async fn render(
        &self,
        backend: Arc<dyn Backend>,
        request: Arc<Parts>,
        locale: Locale,
    ) -> Result<Answer<RenderedPage>, PageError> {
        (self.render)(backend, request, locale, self.chunk).await
    }

    /// Reads a live page's data as JSON.
    ///
    /// # Errors
    /// [`PageError::Unavailable`] when the data could not be read.
    pub async fn read(
        &self,
        backend: Arc<dyn Backend>,
        request: Arc<Parts>,
        locale: Locale,
    ) -> Result<Answer<String>, PageError> {
        match self.read {
            Some(read) => read(backend, request, locale).await,
            None => Ok(Answer::NotFound),
        }
    }
}

fn render_live<P: LivePage>(
    backend: Arc<dyn Backend>,
    request: Arc<Parts>,
    locale: Locale,
    chunk: &'static str,
) -> Reading<RenderedPage> {
    Box::pin(async move {
        let Some(snapshot) = backend.timers(&request).await? else {
            return Ok(Answer::Redirect(sign_in_address(&request)));
        };
        let preferences = backend.preferences(&snapshot.account.id).await?;
        let locale = Locale::preferred(&preferences, locale.language);
        let path = request.uri.path();
        let page = PageRequest {
            parts: &request,
            account: &snapshot.account,
            preferences: &preferences,
            parameter: PathPattern(P::PATH).matches(path).unwrap_or_default(),
            locale,
        };
        let Some(data) = P::load(&*backend, &page).await? else {
            return Ok(Answer::NotFound);
        };
        let layout = LayoutData {
            snapshot,
            preferences,
            locale,
        };
        Ok(Answer::Found(RenderedPage {
            locale,
            content: Content::Live {
                data: to_json(&data)?,
                layout_data: to_json(&layout)?,
                opened: Opened::new::<P>(data),
                layout: Box::new(layout),
                chunk,
            },
        }))
    })
}

fn render_plain<P: PlainPage>(
    backend: Arc<dyn Backend>,
    request: Arc<Parts>,
    locale: Locale,
    _: &'static str,
) -> Reading<RenderedPage> {
    Box::pin(async move {
        Ok(match P::load(&*backend, &request).await? {
            Loaded::Redirect(path) => Answer::Redirect(path),
            Loaded::Page(data) => Answer::Found(RenderedPage::plain(locale, move || P::view(data.clone()))),
        })
    })
}

/// In English only, as the API and its documents are.
#[cfg(debug_assertions)]
fn render_standalone<P: super::StandalonePage>(
    _: Arc<dyn Backend>,
    _: Arc<Parts>,
    _: Locale,
    chunk: &'static str,
) -> Reading<RenderedPage> {
    let content = Content::Standalone { view: P::view, chunk };
    let locale = Locale::of(protocol::language::Language::English);
    Box::pin(async move { Ok(Answer::Found(RenderedPage { locale, content })) })
}

fn read<P: LivePage>(backend: Arc<dyn Backend>, request: Arc<Parts>, locale: Locale) -> Reading<String> {
    Box::pin(async move {
        let Some(account) = backend.account(&request).await? else {
            return Ok(Answer::Redirect(SIGN_IN.to_owned()));
        };
        let preferences = backend.preferences(&account.id).await?;
        let locale = Locale::preferred(&preferences, locale.language);
        let path = request.uri.path();
        let path = path.strip_prefix(DATA_PREFIX).unwrap_or(path);
        let page = PageRequest {
            parts: &request,
            account: &account,
            preferences: &preferences,
            parameter: PathPattern(P::PATH).matches(path).unwrap_or_default(),
            locale,
        };
        Ok(match P::load(&*backend, &page).await? {
            Some(data) => Answer::Found(to_json(&data)?),
            None => Answer::NotFound,
        })
    })
}

fn to_json<T: serde::Serialize>(data: &T) -> Result<String, PageError> {
    serde_json::to_string(data).map_err(|_| PageError::Unavailable)
}

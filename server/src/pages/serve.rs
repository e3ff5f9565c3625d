//! Answers with the documents and the data of pages.

use super::locale;
use crate::site;
use any_spawner::Executor;
use app::{
    SiteFiles,
    api::PageError,
    backend::{Backend, BackendContext, BackendError},
    page::{Answer, PageRoute, RenderedPage},
    shell,
};
use axum::{
    Json,
    body::Body,
    extract::Request,
    response::{IntoResponse, Response},
};
use http::{
    HeaderValue, StatusCode,
    header::{CACHE_CONTROL, CONTENT_TYPE, LOCATION},
};
use leptos::{config::LeptosOptions, prelude::provide_context};
use leptos_axum::render_app_async_with_context;
use serde::Serialize;
use std::sync::Arc;

/// A page contains private data.
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

/// Renders pages.
#[derive(Clone)]
pub struct Pages {
    options: LeptosOptions,
    /// `None` under `cargo leptos watch`, which replaces the files while the server runs.
    files: Option<Arc<SiteFiles>>,
    backend: Arc<dyn Backend>,
}

impl Pages {
    pub fn new(options: &LeptosOptions, backend: Arc<dyn Backend>) -> Self {
        // Leptos spawns tasks by it. An error means that it is set already, by another server of a test.
        let _ = Executor::init_tokio();
        Self {
            options: options.clone(),
            files: (!site::is_watched()).then(|| Arc::new(site::files(options))),
            backend,
        }
    }

    /// The document of a page, or a redirect of users whom the page is not for.
    pub async fn document(self, page: &'static PageRoute, request: Request) -> Response {
        let (parts, _) = request.into_parts();
        let parts = Arc::new(parts);
        let locale = locale::of(&parts.headers);
        match page.render(self.backend.clone(), parts.clone(), locale).await {
            Ok(Answer::Found(rendered)) => self.render(parts, rendered).await,
            Ok(Answer::Redirect(address)) => {
                (StatusCode::FOUND, [(LOCATION, address)], [(CACHE_CONTROL, NO_STORE)]).into_response()
            }
            Ok(Answer::NotFound) => self.render(parts, RenderedPage::not_found(locale)).await,
            Err(error) => self.render(parts, RenderedPage::failure(locale, error)).await,
        }
    }

    /// The data of a page as JSON; 403 for users whom the page is not for, 404 where there is no such page.
    pub async fn data(self, page: &'static PageRoute, request: Request) -> Response {
        let (parts, _) = request.into_parts();
        let locale = locale::of(&parts.headers);
        json(page.read(self.backend, Arc::new(parts), locale).await)
    }

    /// The timers of a page as JSON; 403 for signed-out users.
    pub async fn snapshot(self, request: Request) -> Response {
        let (parts, _) = request.into_parts();
        json(as_json(self.backend.timers(&parts).await))
    }

    /// A rule in words as JSON; 403 for signed-out users.
    pub async fn recurrence(self, request: Request) -> Response {
        let (parts, _) = request.into_parts();
        json(as_json(self.backend.recurrence(&parts).await))
    }

    /// The page for unknown paths.
    pub async fn not_found(self, request: Request) -> Response {
        let (parts, _) = request.into_parts();
        let locale = locale::of(&parts.headers);
        self.render(Arc::new(parts), RenderedPage::not_found(locale)).await
    }

    async fn render(self, parts: Arc<http::request::Parts>, page: RenderedPage) -> Response {
        let Self {
            options,
            files,
            backend,
        } = self;
        let files = files.unwrap_or_else(|| Arc::new(site::files(&options)));
        let parts = Arc::unwrap_or_clone(parts);
        let render = render_app_async_with_context(
            move || provide_context(BackendContext(backend.clone())),
            move || shell(options.clone(), &files, page.clone()),
        );
        render(Request::from_parts(parts, Body::empty())).await
    }
}

fn as_json<T: Serialize>(found: Result<Option<T>, BackendError>) -> Result<Answer<String>, PageError> {
    match found? {
        Some(data) => serde_json::to_string(&data)
            .map(Answer::Found)
            .map_err(|_| PageError::Unavailable),
        None => Ok(Answer::Redirect(String::new())),
    }
}

fn json(answer: Result<Answer<String>, PageError>) -> Response {
    let no_store = [(CACHE_CONTROL, NO_STORE)];
    match answer {
        Ok(Answer::Found(json)) => {
            let json_type = HeaderValue::from_static("application/json");
            (no_store, [(CONTENT_TYPE, json_type)], json).into_response()
        }
        Ok(Answer::Redirect(_)) => (StatusCode::FORBIDDEN, no_store).into_response(),
        Ok(Answer::NotFound) => (StatusCode::NOT_FOUND, no_store).into_response(),
        Err(error) => (StatusCode::SERVICE_UNAVAILABLE, no_store, Json::<PageError>(error)).into_response(),
    }
}

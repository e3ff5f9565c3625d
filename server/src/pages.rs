//! The rendered pages: the server's implementation of the backend of [`app`].

mod agenda;
mod assets;
mod backend;
mod calendar;
mod day;
mod form_cookie;
mod friends;
mod history;
mod limit;
mod locale;
mod manifest;
mod notifications;
mod qr;
mod recurrence;
mod serve;
mod service_worker;
mod shared;
mod snapshot;
mod tags;
mod timer;
mod todos;

use crate::{rest::ANONYMOUS_BODY_BYTES, same_origin, state::AppState};
use app::{
    api::{RECURRENCE_PATH, SNAPSHOT_PATH},
    backend::{Backend, BackendContext},
    page::PageRoute,
    pages::ROUTES,
};
use axum::{
    Router,
    extract::{DefaultBodyLimit, Request},
    middleware,
    routing::{any, get},
};
use backend::PageBackend;
use leptos::prelude::provide_context;
use leptos_axum::{handle_server_fns_with_context, site_pkg_dir_service};
use serve::Pages;
use service_worker::ServiceWorker;
use std::sync::Arc;
use tower::Layer;

/// In development only, and in no release.
fn pages_for_developers(state: &AppState) -> &'static [PageRoute] {
    #[cfg(debug_assertions)]
    if state.config.environment == crate::config::Environment::Development {
        return app::pages::STANDALONE_ROUTES;
    }
    let _ = state;
    &[]
}

/// The pages, their data, their server functions, and the site's files.
pub fn router(state: AppState) -> Router<AppState> {
    let backend: Arc<dyn Backend> = Arc::new(PageBackend(state.clone()));
    let pages = Pages::new(&state.site, backend.clone());
    let mut router = Router::new();
    for page in ROUTES.iter().chain(pages_for_developers(&state)) {
        let documents = pages.clone();
        router = router.route(page.path, get(move |request| documents.document(page, request)));
        if let Some(path) = page.data_path() {
            let data = pages.clone();
            router = router.route(&path, get(move |request| data.data(page, request)));
        }
    }
    let snapshots = pages.clone();
    router = router.route(SNAPSHOT_PATH, get(move |request| snapshots.snapshot(request)));
    let worker = ServiceWorker::new(&state.site);
    let recurrences = pages.clone();
    router = router.route(RECURRENCE_PATH, get(move |request| recurrences.recurrence(request)));
    let server_functions = move |request: Request| {
        let backend = backend.clone();
        handle_server_fns_with_context(move || provide_context(BackendContext(backend.clone())), request)
    };
    let not_found = any(move |request| pages.not_found(request)).with_state(());
    let files = site_pkg_dir_service(&state.site)
        .call_fallback_on_method_not_allowed(true)
        .fallback(not_found);
    router
        .route("/sw.js", get(move || worker.answer()))
        .route("/manifest.webmanifest", get(manifest::answer))
        .route("/api/{function}", any(server_functions))
        .fallback_service(middleware::from_fn(assets::cache).layer(files))
        .layer(middleware::from_fn_with_state(state.clone(), same_origin::check))
        .layer(middleware::from_fn_with_state(state, limit::count))
        .layer(DefaultBodyLimit::max(ANONYMOUS_BODY_BYTES))
}

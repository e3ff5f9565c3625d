//! The rendered pages: the server's implementation of the backend of [`app`].

mod assets;
mod backend;
mod day;
mod limit;
mod preload;
mod snapshot;

use crate::{rest::ANONYMOUS_BODY_BYTES, same_origin, state::AppState};
use app::backend::{Backend, BackendContext};
use axum::{Router, extract::DefaultBodyLimit, middleware};
use backend::PageBackend;
use leptos::prelude::provide_context;
use leptos_axum::{ErrorHandler, LeptosRoutes, generate_route_list, site_pkg_dir_service};
use std::sync::Arc;
use tower::Layer;

/// The pages, their server functions, and the site's files.
pub fn router(state: AppState) -> Router<AppState> {
    let backend: Arc<dyn Backend> = Arc::new(PageBackend(state.clone()));
    let context = {
        let backend = backend.clone();
        move || provide_context(BackendContext(backend.clone()))
    };
    let shell = {
        let site = state.site.clone();
        move || app::shell(site.clone())
    };
    let not_found = ErrorHandler::new_with_context(context.clone(), app::shell, state.site.clone());
    let files = site_pkg_dir_service(&state.site)
        .call_fallback_on_method_not_allowed(true)
        .fallback(not_found);
    Router::new()
        .leptos_routes_with_context(&state, generate_route_list(app::App), context, shell)
        .layer(middleware::from_fn_with_state(backend, preload::preload))
        .fallback_service(middleware::from_fn(assets::cache).layer(files))
        .layer(middleware::from_fn_with_state(state.clone(), same_origin::check))
        .layer(middleware::from_fn_with_state(state, limit::count))
        .layer(DefaultBodyLimit::max(ANONYMOUS_BODY_BYTES))
}

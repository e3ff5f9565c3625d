//! The rendered pages: [`app`]'s view of this server.

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
use leptos_axum::{LeptosRoutes, generate_route_list};
use std::sync::Arc;

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
    Router::new()
        .leptos_routes_with_context(&state, generate_route_list(app::App), context.clone(), shell)
        .layer(middleware::from_fn_with_state(backend, preload::preload))
        .fallback(leptos_axum::file_and_error_handler_with_context::<AppState, _>(
            context,
            app::shell,
        ))
        .layer(middleware::from_fn_with_state(state.clone(), same_origin::check))
        .layer(middleware::from_fn_with_state(state, limit::count))
        .layer(DefaultBodyLimit::max(ANONYMOUS_BODY_BYTES))
}

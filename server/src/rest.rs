//! The REST API, one file an endpoint family. Every route stands in [`table`], with its description.

mod auth;
mod caller;
mod cors;
mod documents;
mod done;
mod error;
mod friends;
mod health;
mod instant;
mod json;
mod limit;
mod metrics;
mod paging;
mod path;
mod query;
mod refusal;
mod schedules;
mod scope;
mod security_txt;
mod table;
mod tags;
mod timers;
mod todos;
mod users;
mod visibility;

use crate::{config::Environment, same_origin, state::AppState, ws};
use axum::{Router, extract::OriginalUri, http::StatusCode, middleware, response::Redirect, routing::any};
use done::Done;
pub use error::ApiError;
pub use json::ANONYMOUS_BODY_BYTES;
use table::Table;
use utoipa_axum::routes;

/// All routes of the API and its WebSockets. Their paths and methods stand beside the handlers.
fn table(environment: Environment) -> Table {
    let table = Table::default()
        .with(routes!(health::health))
        .with(routes!(metrics::metrics))
        .with(routes!(security_txt::security_txt))
        .with(routes!(auth::sign_up))
        .with(routes!(auth::sign_in))
        .with(routes!(auth::refresh))
        .with(routes!(auth::sign_out))
        .with(routes!(tags::create_group, tags::list_groups))
        .with(routes!(tags::one_group, tags::patch_group, tags::delete_group))
        .with(routes!(tags::create, tags::list))
        .with(routes!(tags::one, tags::patch, tags::delete))
        .with(routes!(schedules::create, schedules::list))
        .with(routes!(schedules::one, schedules::patch, schedules::delete))
        .with(routes!(schedules::make_todo))
        .with(routes!(schedules::list_timers))
        .with(routes!(schedules::active_timer))
        .with(routes!(todos::create, todos::list))
        .with(routes!(todos::stats))
        .with(routes!(todos::one, todos::patch, todos::delete))
        .with(routes!(todos::list_timers))
        .with(routes!(todos::active_timer))
        .with(routes!(timers::list))
        .with(routes!(timers::active))
        .with(routes!(timers::one, timers::patch, timers::delete))
        .with(routes!(users::me, users::patch_me))
        .with(routes!(users::renew_friend_code))
        .with(routes!(friends::list))
        .with(routes!(friends::ids))
        .with(routes!(friends::check))
        .with(routes!(friends::remove))
        .with(routes!(friends::ask))
        .with(routes!(friends::received))
        .with(routes!(friends::sent))
        .with(routes!(friends::accept))
        .with(routes!(friends::reject))
        .with(routes!(friends::cancel))
        .with(routes!(friends::block, friends::unblock))
        .with(routes!(visibility::get, visibility::put, visibility::delete))
        .with(routes!(ws::timers::connect));
    if environment != Environment::Development {
        return table;
    }
    table
        .with(routes!(documents::openapi))
        .with(routes!(documents::asyncapi))
        .with(routes!(documents::docs))
}

/// The routes, and what is answered where there is none.
pub fn router(state: AppState) -> Router<AppState> {
    let (mut router, document) = table(state.config.environment).split();
    for path in document.paths.paths.keys() {
        router = router.route(&format!("{path}/"), any(without_slash));
    }
    router
        .method_not_allowed_fallback(async || ApiError::detail(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed"))
        .nest("/v1", Router::new().fallback(unknown_path))
        .route("/v1/", any(unknown_path))
        .layer(middleware::from_fn_with_state(state.clone(), same_origin::check))
        .layer(middleware::from_fn(error::render))
        .layer(middleware::from_fn_with_state(state.clone(), limit::tell))
        .layer(cors::layer(state.origins.clone()))
        .with_state(state)
}

/// Paths have no trailing slash: 307 to the one without it (contract, REST 1).
async fn without_slash(OriginalUri(uri): OriginalUri) -> Redirect {
    let path = uri.path().trim_end_matches('/');
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    Redirect::temporary(&format!("{path}{query}"))
}

async fn unknown_path() -> ApiError {
    ApiError::detail(StatusCode::NOT_FOUND, "Not Found")
}

//! Routes together with their descriptions: a route cannot be added without one.

use crate::rest::documents;
use crate::state::AppState;
use axum::Router;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};

/// The routes so far.
pub struct Table(OpenApiRouter<AppState>);

impl Default for Table {
    fn default() -> Self {
        Self(OpenApiRouter::with_openapi(documents::empty()))
    }
}

impl Table {
    /// Adds the handlers of a path.
    pub fn with(self, routes: UtoipaMethodRouter<AppState>) -> Self {
        Self(self.0.routes(routes))
    }

    /// The router, and its OpenAPI document.
    pub fn split(self) -> (Router<AppState>, OpenApi) {
        self.0.split_for_parts()
    }
}

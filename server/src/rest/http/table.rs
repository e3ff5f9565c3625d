//! Routes and their descriptions, in one. There is no way to add a route without its description, so that neither can
//! be forgotten.

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
    /// And the handlers of one more path.
    pub fn with(self, routes: UtoipaMethodRouter<AppState>) -> Self {
        Self(self.0.routes(routes))
    }

    /// The routes, and the document of them.
    pub fn split(self) -> (Router<AppState>, OpenApi) {
        self.0.split_for_parts()
    }
}

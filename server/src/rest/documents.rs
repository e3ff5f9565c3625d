//! The API's description, generated from the code: OpenAPI, AsyncAPI, and pages of both. In development only.

mod asyncapi;
mod openapi;
#[cfg(debug_assertions)]
mod page;

pub use asyncapi::document as async_document;
pub use openapi::{document, empty};
#[cfg(debug_assertions)]
pub use page::router as pages;

use axum::Json;
use serde_json::Value;

/// Where the API can be tried by hand; a release has no such page.
fn playground_note() -> &'static str {
    if cfg!(debug_assertions) {
        "\n\nTo try the WebSocket by hand: open [/ws-playground](/ws-playground), enter a JWT, and test the socket."
    } else {
        ""
    }
}

/// This document.
#[utoipa::path(get, path = "/openapi.json", tag = "documents", operation_id = "get_openapi",
    responses((status = 200, description = "OpenAPI 3.1.", body = Object)))]
pub async fn openapi() -> Json<Value> {
    Json(document())
}

/// The messages of the WebSocket.
#[utoipa::path(get, path = "/asyncapi.json", tag = "documents", operation_id = "get_asyncapi",
    responses((status = 200, description = "AsyncAPI 3.0.", body = Object)))]
pub async fn asyncapi() -> Json<Value> {
    Json(async_document())
}

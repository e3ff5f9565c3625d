//! The API's description, generated from the code: OpenAPI, AsyncAPI, and an HTML page of both. In development only.

mod asyncapi;
mod openapi;
mod page;

pub use asyncapi::document as async_document;
pub use openapi::{document, empty};

use axum::{
    Json,
    http::header,
    response::{Html, IntoResponse, Response},
};
use serde_json::Value;

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

/// Both documents as an HTML page.
#[utoipa::path(get, path = "/docs", tag = "documents", operation_id = "get_docs",
    responses((status = 200, description = "A page without scripts.", body = String, content_type = "text/html")))]
pub async fn docs() -> Response {
    let policy = [(header::CONTENT_SECURITY_POLICY, page::content_security_policy())];
    (policy, Html(page::render(&document(), &async_document()))).into_response()
}

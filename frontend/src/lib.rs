//! The WebAssembly entry point. It only hydrates the page.

// Async functions of the macro need it.
use wasm_bindgen::{JsError, prelude::wasm_bindgen};
use wasm_bindgen_futures as _;

/// Called by the document's script once the WebAssembly is loaded.
///
/// # Errors
/// When the document could not be hydrated: it stays as the server rendered it.
#[wasm_bindgen]
pub async fn hydrate() -> Result<(), JsError> {
    app::hydrate().await.map_err(JsError::from)
}

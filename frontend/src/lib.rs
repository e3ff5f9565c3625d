//! The WebAssembly entry point. It only hydrates the page.

use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the page's script once the WebAssembly is loaded.
#[wasm_bindgen]
pub fn hydrate() {
    app::hydrate();
}

//! The WebAssembly entry point: it hydrates the page, nothing else.

use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the script that the page carries, once the WebAssembly is loaded.
#[wasm_bindgen]
pub fn hydrate() {
    app::hydrate();
}

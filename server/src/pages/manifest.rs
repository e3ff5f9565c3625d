//! `/manifest.webmanifest`: how the app is installed (W3C Web Application Manifest).

use super::locale;
use app::texts::{AuthTexts, LayoutTexts};
use axum::{
    extract::Request,
    response::{IntoResponse, Response},
};
use http::{
    HeaderValue,
    header::{CACHE_CONTROL, CONTENT_TYPE, VARY},
};
use serde_json::{Value, json};

const TYPE: HeaderValue = HeaderValue::from_static("application/manifest+json");
const NO_CACHE: HeaderValue = HeaderValue::from_static("no-cache");
/// The language is that of the cookie or of the browser.
const BY_LANGUAGE: HeaderValue = HeaderValue::from_static("accept-language, cookie");
/// `--paper` in the light theme (`style/css/tokens.css`).
const PAPER: &str = "#f6f3ec";

/// The manifest in the language of the request.
pub async fn answer(request: Request) -> Response {
    let locale = locale::of(request.headers());
    let headers = [(CONTENT_TYPE, TYPE), (CACHE_CONTROL, NO_CACHE), (VARY, BY_LANGUAGE)];
    (headers, manifest(locale).to_string()).into_response()
}

fn manifest(locale: app::locale::Locale) -> Value {
    let t = locale.texts::<LayoutTexts>();
    let shortcuts = [
        (t.timers, "/"),
        (t.todos, "/todos"),
        (t.history, "/history"),
        (t.tags, "/tags"),
    ];
    let icon = |path: &str, sizes: &str, kind: &str, purpose: &str| json!({ "src": path, "sizes": sizes, "type": kind, "purpose": purpose });
    json!({
        "id": "/",
        "name": "Lockstep",
        "short_name": "Lockstep",
        "description": locale.texts::<AuthTexts>().tagline,
        "lang": locale.language.as_str(),
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": PAPER,
        "categories": ["productivity"],
        "icons": [
            icon("/favicon.svg", "any", "image/svg+xml", "any"),
            icon("/icons/icon-192.png", "192x192", "image/png", "any"),
            icon("/icons/icon-512.png", "512x512", "image/png", "any"),
            icon("/icons/maskable-512.png", "512x512", "image/png", "maskable"),
        ],
        "shortcuts": shortcuts.map(|(name, url)| json!({ "name": name, "url": url })),
    })
}

//! `/docs` and `/docs/websocket`: the documents as pages, by the renderers in `server/docs`, without any other host. In
//! development only: a release does not contain them.

use crate::state::AppState;
use axum::{
    Router,
    extract::Path,
    http::{HeaderName, StatusCode, header},
    response::{Html, IntoResponse, Response},
    routing::get,
};

/// The renderers' files: name, media type, content. Empty if they were not built.
const FILES: &[(&str, &str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/renderers.rs"));
/// As strict as that of the app's pages. The renderers set styles by the CSSOM, which it does not concern.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const NOT_BUILT: &str = "<p class=frame-notice>The renderers are not part of this build. <code>cargo xtask run</code> builds \
                         them, with Node.js; by hand: <code>npm ci &amp;&amp; npm run build</code> in \
                         <code>server/docs</code>, then build the server again.";

/// The routes. They are pages, so the API's description does not list them.
pub fn router() -> Router<AppState> {
    Router::new()
        .route("/docs", get(async || page("rest", "REST API")))
        .route("/docs/websocket", get(async || page("websocket", "WebSocket API")))
        .route("/docs/files/{name}", get(file))
}

fn page(name: &str, title: &str) -> Response {
    let current = |link: &str| if link == name { " aria-current=page" } else { "" };
    let (rest, websocket) = (current("rest"), current("websocket"));
    let notice = if FILES.is_empty() { NOT_BUILT } else { "" };
    let html = format!(
        "<!doctype html><html lang=en><head><meta charset=utf-8><meta name=viewport content='width=device-width'>\
         <title>{title} – Lockstep</title><link rel=icon type=image/svg+xml href=/favicon.svg>\
         <link rel=stylesheet href=/docs/files/{name}.css><link rel=stylesheet href=/docs/files/frame.css></head>\
         <body><nav class=frame-links aria-label='For developers'><a href=/docs{rest}>REST API</a>\
         <a href=/docs/websocket{websocket}>WebSocket API</a><a href=/ws-playground>Playground</a>\
         <a href=/openapi.json>openapi.json</a><a href=/asyncapi.json>asyncapi.json</a></nav>{notice}\
         <main id=content></main><script type=module src=/docs/files/{name}.js></script></body></html>"
    );
    ([(header::CONTENT_SECURITY_POLICY, POLICY)], Html(html)).into_response()
}

async fn file(Path(name): Path<String>) -> Response {
    let found = FILES.iter().find(|(known, ..)| *known == name);
    let Some((_, media_type, content)) = found else {
        return StatusCode::NOT_FOUND.into_response();
    };
    // Without hashes in their names: revalidated each time, as the site's other files are.
    let headers: [(HeaderName, &str); 2] = [(header::CONTENT_TYPE, media_type), (header::CACHE_CONTROL, "no-cache")];
    (headers, *content).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn policy_allows_no_other_host_and_nothing_inline() {
        assert!(!POLICY.contains("unsafe") && !POLICY.contains("http"), "{POLICY}");
    }
}

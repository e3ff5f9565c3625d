//! `Cache-Control` of the site's files.

use axum::{
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::Response,
};

/// Length of the hash in a file's name: cargo-leptos uses the MD5 of the content, in unpadded base64url.
const HASH_CHARS: usize = 22;
/// For files with hashed names, whose content never changes (RFC 8246), for a year.
const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// For other files: cached, but revalidated by `If-Modified-Since` each time.
const REVALIDATE: HeaderValue = HeaderValue::from_static("no-cache");

/// Adds `Cache-Control` to answers without one: pages set their own, so this applies to files.
pub async fn cache(request: Request, next: Next) -> Response {
    let value = match is_hashed(request.uri().path()) {
        true => IMMUTABLE,
        false => REVALIDATE,
    };
    let mut response = next.run(request).await;
    let status = response.status();
    if status.is_success() || status == StatusCode::NOT_MODIFIED {
        response.headers_mut().entry(header::CACHE_CONTROL).or_insert(value);
    }
    response
}

/// Whether a path is the hashed name of a file: `/pkg/lockstep.1B2M2Y8AsgTpgAmY7PhCfg.wasm`.
pub(super) fn is_hashed(path: &str) -> bool {
    let is_base64url = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let hash = path.strip_prefix("/pkg/").and_then(|name| {
        let (stem, _extension) = name.rsplit_once('.')?;
        Some(stem.rsplit_once('.')?.1)
    });
    hash.is_some_and(|hash| hash.len() == HASH_CHARS && hash.chars().all(is_base64url))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_hashed_names_are_immutable() {
        for path in [
            "/pkg/lockstep.1B2M2Y8AsgTpgAmY7PhCfg.wasm",
            "/pkg/lockstep.-B2M2Y8AsgTpgAmY7PhCf_.css",
            "/pkg/__wasm_split.1B2M2Y8AsgTpgAmY7PhCfg.js",
        ] {
            assert!(is_hashed(path), "{path}");
        }
        for path in [
            "/pkg/lockstep.wasm",
            "/pkg/lockstep_bg.wasm",
            "/pkg/1B2M2Y8AsgTpgAmY7PhCfg.wasm",
            "/pkg/snippets/app-0123456789abcdef/inline0.js",
            "/pkg/lockstep.1B2M2Y8AsgTpgAmY7PhCf.wasm",
            "/fonts/lockstep.1B2M2Y8AsgTpgAmY7PhCfg.woff2",
            "/favicon.svg",
            "/",
        ] {
            assert!(!is_hashed(path), "{path}");
        }
    }
}

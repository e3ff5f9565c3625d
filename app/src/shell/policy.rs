//! The pages' Content-Security-Policy (CSP Level 3).

/// Scripts run by this response's nonce only, styles and fonts come from here only, and nothing frames the page.
///
/// `ws:` and `wss:` stand beside `'self'`, since older Safaris do not count a WebSocket of the same host as `'self'`,
/// and a development build connects to cargo-leptos' own port for reloading.
pub fn content_security_policy(nonce: Option<&str>) -> String {
    // Without a nonce no inline script runs: safe, and visible at once.
    let nonce = nonce.map(|nonce| format!(" 'nonce-{nonce}'")).unwrap_or_default();
    [
        "default-src 'self'",
        &format!("script-src 'self'{nonce} 'wasm-unsafe-eval'"),
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self' ws: wss:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
    .join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_need_the_nonce() {
        let policy = content_security_policy(Some("abc"));
        assert!(policy.contains("script-src 'self' 'nonce-abc' 'wasm-unsafe-eval';"));
        assert!(!policy.contains("unsafe-inline"));
        assert!(!content_security_policy(None).contains("nonce"));
    }
}

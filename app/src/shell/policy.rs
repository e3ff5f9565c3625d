//! The pages' Content-Security-Policy (CSP Level 3).

/// The maximum length of a host and port that a browser sends (RFC 1035, 2.3.4).
const HOST_CHARS: usize = 255 + ":65535".len();

/// The policy: scripts run by this response's nonce only, styles and fonts are loaded from this origin only, and the
/// page cannot be framed. `host` is the request's `Host`; `reload_port` is cargo-leptos's, in development.
///
/// The host's WebSocket URLs are listed beside `'self'`, since Safari before 15.4 does not include them in `'self'`.
pub fn content_security_policy(nonce: Option<&str>, host: Option<&str>, reload_port: Option<u32>) -> String {
    // Without a nonce no inline script runs: safe, and the failure is obvious.
    let nonce = nonce.map(|nonce| format!(" 'nonce-{nonce}'")).unwrap_or_default();
    let sockets = host.filter(|host| is_host(host)).map(|host| {
        let reload = reload_port.map(|port| format!(" ws://{}:{port}", without_port(host)));
        format!(" ws://{host} wss://{host}{}", reload.unwrap_or_default())
    });
    let sockets = sockets.unwrap_or_default();
    [
        "default-src 'self'",
        &format!("script-src 'self'{nonce} 'wasm-unsafe-eval'"),
        "style-src 'self'",
        "img-src 'self' data:",
        "worker-src 'self'",
        &format!("connect-src 'self'{sockets}"),
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
    .join("; ")
}

/// Whether a `Host` header is a valid host with an optional port, so that it cannot inject directives (RFC 3986,
/// 3.2.2).
fn is_host(text: &str) -> bool {
    let (name, port) = (without_port(text), &text[without_port(text).len()..]);
    let port = port.strip_prefix(':').unwrap_or(port);
    let is_address = name
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .is_some_and(|address| {
            address.contains(':') && address.chars().all(|c| c.is_ascii_hexdigit() || c == ':' || c == '.')
        });
    let is_name = !name.is_empty()
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || ['-', '.', '_'].contains(&c));
    text.len() <= HOST_CHARS && (is_address || is_name) && port.chars().all(|c| c.is_ascii_digit())
}

fn without_port(host: &str) -> &str {
    match host.rfind(':') {
        Some(colon) if !host[colon..].contains(']') => &host[..colon],
        _ => host,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn connect_sources(host: Option<&str>, reload_port: Option<u32>) -> String {
        let policy = content_security_policy(None, host, reload_port);
        let directive = policy
            .split("; ")
            .find_map(|directive| directive.strip_prefix("connect-src "));
        directive.unwrap().to_owned()
    }

    #[test]
    fn a_page_connects_to_its_own_host_only() {
        let own = |host| connect_sources(Some(host), None);
        assert_eq!(
            own("lockstep.example"),
            "'self' ws://lockstep.example wss://lockstep.example"
        );
        assert_eq!(own("localhost:2614"), "'self' ws://localhost:2614 wss://localhost:2614");
        assert_eq!(own("[::1]:2614"), "'self' ws://[::1]:2614 wss://[::1]:2614");
        assert_eq!(
            connect_sources(Some("localhost:2614"), Some(2615)),
            "'self' ws://localhost:2614 wss://localhost:2614 ws://localhost:2615"
        );
        assert!(connect_sources(Some("[::1]"), Some(2615)).ends_with(" ws://[::1]:2615"));
        assert_eq!(connect_sources(None, Some(2615)), "'self'");
    }

    #[test]
    fn an_invalid_host_header_is_not_written_into_the_policy() {
        for host in [
            "",
            "*",
            "a b",
            "a;script-src *",
            "a,b",
            "a/b",
            "a:b",
            "a:1:2",
            "[a;b]",
            "[::1",
            "ä",
            "'self'",
            "a@b",
        ] {
            assert_eq!(connect_sources(Some(host), Some(2615)), "'self'", "{host}");
        }
        assert_eq!(connect_sources(Some(&"a".repeat(300)), None), "'self'");
    }

    #[test]
    fn scripts_are_allowed_by_nonce_only() {
        let policy = content_security_policy(Some("abc"), Some("localhost"), None);
        assert!(policy.contains("script-src 'self' 'nonce-abc' 'wasm-unsafe-eval';"));
        assert!(!policy.contains("unsafe-inline"));
        assert!(!content_security_policy(None, None, None).contains("nonce"));
    }
}

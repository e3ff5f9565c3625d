//! The origins whose pages may use the API (contract, REST 1 "CORS" and WebSocket "Handshake").

use http::{HeaderMap, HeaderValue, header};

/// The configured origins. The server's own is always allowed.
#[derive(Clone, Debug, Default)]
pub struct Origins(Vec<String>);

impl Origins {
    /// Parses CORS_ALLOWED_ORIGINS: `ws://h` stands for pages of `http://h`, `wss://h` for `https://h`.
    pub fn new(entries: &[String]) -> Self {
        Self(entries.iter().map(|entry| as_page_origin(entry)).collect())
    }

    /// Whether a request's `Origin` may connect: absent (not a browser), the server's own, or a configured one.
    pub fn allow(&self, headers: &HeaderMap) -> bool {
        let Some(origin) = headers.get(header::ORIGIN) else {
            return true;
        };
        let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
        self.contain(origin) || origin.to_str().is_ok_and(|origin| is_own(origin, host))
    }

    /// Whether the origin of a request that is authenticated by a cookie, or sets one, is allowed.
    ///
    /// Browsers report cross-origin requests (Fetch Metadata, 2.3); these need a configured origin. Over plain HTTP
    /// browsers send only `Origin`, which must be the server's own or a configured one; `null` is neither. A client
    /// that sends neither header is not a browser, and sends only its own cookies.
    pub fn allow_with_cookie(&self, headers: &HeaderMap) -> bool {
        let mut sites = headers.get_all("sec-fetch-site").iter();
        let mut origins = headers.get_all(header::ORIGIN).iter();
        let (site, origin) = (sites.next(), origins.next());
        if sites.next().is_some() || origins.next().is_some() {
            return false;
        }
        match site.map(HeaderValue::as_bytes) {
            Some(b"same-origin" | b"none") => true,
            Some(_) => origin.is_some_and(|origin| self.contain(origin)),
            None => self.allow(headers),
        }
    }

    /// Whether an origin is configured.
    pub fn contain(&self, origin: &HeaderValue) -> bool {
        origin
            .to_str()
            .is_ok_and(|origin| self.0.iter().any(|entry| entry.eq_ignore_ascii_case(origin)))
    }
}

/// Whether the page came from the host that it now connects to. Behind a proxy the server does not know whether that
/// was HTTPS, so either scheme is accepted.
fn is_own(origin: &str, host: Option<&str>) -> bool {
    let authority = origin
        .strip_prefix("http://")
        .or_else(|| origin.strip_prefix("https://"));
    matches!((authority, host), (Some(authority), Some(host)) if authority.eq_ignore_ascii_case(host))
}

fn as_page_origin(entry: &str) -> String {
    let entry = entry.trim_end_matches('/');
    match entry.split_once("://") {
        Some(("ws", rest)) => format!("http://{rest}"),
        Some(("wss", rest)) => format!("https://{rest}"),
        _ => entry.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(origin: Option<&str>) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert("host", "lockstep.example:2614".parse().unwrap());
        if let Some(origin) = origin {
            headers.insert("origin", origin.parse().unwrap());
        }
        Origins::new(&["wss://app.example".into(), "http://localhost:3000/".into()]).allow(&headers)
    }

    fn with_cookie(given: &[(&'static str, &str)]) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert("host", "lockstep.example:2614".parse().unwrap());
        for (name, value) in given {
            headers.append(*name, value.parse().unwrap());
        }
        Origins::new(&["https://app.example".into()]).allow_with_cookie(&headers)
    }

    #[test]
    fn cookies_are_accepted_from_own_and_configured_origins_and_from_other_clients() {
        assert!(with_cookie(&[]));
        for site in ["same-origin", "none"] {
            assert!(with_cookie(&[("sec-fetch-site", site)]), "{site}");
        }
        for origin in ["http://lockstep.example:2614", "https://app.example"] {
            assert!(with_cookie(&[("origin", origin)]), "{origin}");
        }
        assert!(with_cookie(&[
            ("sec-fetch-site", "cross-site"),
            ("origin", "https://app.example")
        ]));
    }

    #[test]
    fn cookies_are_refused_from_other_origins() {
        for site in ["same-site", "cross-site", "else"] {
            assert!(!with_cookie(&[("sec-fetch-site", site)]), "{site}");
            for origin in ["https://evil.example.com", "http://lockstep.example:2614", "null"] {
                assert!(
                    !with_cookie(&[("sec-fetch-site", site), ("origin", origin)]),
                    "{site} {origin}"
                );
            }
        }
        for origin in ["http://evil.example", "null", ""] {
            assert!(!with_cookie(&[("origin", origin)]), "{origin}");
        }
        assert!(!with_cookie(&[
            ("sec-fetch-site", "same-origin"),
            ("sec-fetch-site", "cross-site")
        ]));
    }

    #[test]
    fn own_origin_configured_origins_and_no_origin_are_allowed() {
        assert!(from(None));
        assert!(from(Some("http://lockstep.example:2614")));
        assert!(from(Some("https://lockstep.example:2614")));
        assert!(from(Some("https://app.example")));
        assert!(from(Some("http://localhost:3000")));
    }

    #[test]
    fn other_origins_are_refused() {
        for origin in [
            "http://lockstep.example",
            "http://app.example",
            "https://app.example.evil.test",
            "null",
            "",
            "http://",
        ] {
            assert!(!from(Some(origin)), "{origin}");
        }
    }
}

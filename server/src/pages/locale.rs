//! The language of a page's reader.

use app::locale::Locale;
use axum_extra::extract::CookieJar;
use http::{HeaderMap, header::ACCEPT_LANGUAGE};
use protocol::language::Language;

/// The cookie in which a browser keeps the language that was chosen in it.
const LANGUAGE_COOKIE: &str = "lockstep_language";

/// What a request says of its reader: the cookie, else the browser's languages, else English.
pub fn of(headers: &HeaderMap) -> Locale {
    Locale::of(language(headers))
}

fn language(headers: &HeaderMap) -> Language {
    let chosen = CookieJar::from_headers(headers)
        .get(LANGUAGE_COOKIE)
        .and_then(|cookie| Language::of_tag(cookie.value()));
    let accepted = || Language::accepted(headers.get(ACCEPT_LANGUAGE)?.to_str().ok()?);
    chosen.or_else(accepted).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderValue, header::COOKIE};

    #[test]
    fn the_chosen_language_precedes_the_browsers() {
        let mut headers = HeaderMap::new();
        assert_eq!(language(&headers), Language::English);
        headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static("ko-KR,en;q=0.5"));
        assert_eq!(language(&headers), Language::Korean);
        headers.insert(COOKIE, HeaderValue::from_static("lockstep_language=en"));
        assert_eq!(language(&headers), Language::English);
        headers.insert(COOKIE, HeaderValue::from_static("lockstep_language=xx"));
        assert_eq!(language(&headers), Language::Korean, "an unknown language is none");
    }
}

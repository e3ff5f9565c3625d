//! The HttpOnly cookie that carries the refresh token.

use super::refresh_token::RefreshToken;
use axum_extra::extract::cookie::{Cookie, SameSite};
use http::{HeaderMap, HeaderValue, header};
use std::iter;

/// The cookie's name over plain HTTP, and the name in older releases.
pub const PLAIN: &str = "lockstep_refresh";
/// The cookie's name over HTTPS. Browsers accept this prefix only from the host itself, over HTTPS, for `/` and without
/// a Domain, so a sibling host cannot set it (RFC 6265bis, 4.1.3.2).
const HOST: &str = "__Host-lockstep_refresh";

/// Reads and writes the cookie.
#[derive(Clone, Copy, Debug)]
pub struct RefreshCookie {
    secure: bool,
}

impl RefreshCookie {
    /// `secure`: the site is served over HTTPS. Browsers do not send a secure cookie over plain HTTP.
    pub fn new(secure: bool) -> Self {
        Self { secure }
    }

    /// Whether the site is served over HTTPS.
    pub fn is_secure(self) -> bool {
        self.secure
    }

    /// The token in a request's cookies.
    ///
    /// Two cookies of one name with different values are ambiguous and ignored: a sibling host may have set one of
    /// them. Over HTTPS a cookie with the plain name is accepted if its token is of an older release, until it is
    /// exchanged; tokens of this release are never in such a cookie, so a sibling host cannot plant its own session
    /// under that name.
    pub fn read(self, headers: &HeaderMap) -> Option<RefreshToken> {
        if !self.secure {
            return only(headers, PLAIN);
        }
        match values(headers, HOST).next() {
            Some(_) => only(headers, HOST),
            None => only(headers, PLAIN).filter(RefreshToken::is_of_older_release),
        }
    }

    /// The `Set-Cookie` values of a new token for `max_age_seconds`; they also remove a cookie with the older name.
    pub fn set(self, token: &RefreshToken, max_age_seconds: i64) -> Vec<HeaderValue> {
        let cookie = format!("{}; Max-Age={max_age_seconds}", self.build(self.name(), token.as_str()));
        iter::once(cookie)
            .chain(self.secure.then(|| self.removed(PLAIN)))
            .filter_map(|cookie| cookie.try_into().ok())
            .collect()
    }

    /// The `Set-Cookie` values that remove the cookie.
    pub fn removal(self) -> Vec<HeaderValue> {
        iter::once(self.removed(self.name()))
            .chain(self.secure.then(|| self.removed(PLAIN)))
            .filter_map(|cookie| cookie.try_into().ok())
            .collect()
    }

    fn name(self) -> &'static str {
        if self.secure { HOST } else { PLAIN }
    }

    fn removed(self, name: &'static str) -> String {
        format!("{}; Max-Age=0", self.build(name, ""))
    }

    /// Lax, not Strict, so that a user who follows a link to their timers is signed in. Lax cookies are not sent with a
    /// POST from another site.
    fn build(self, name: &'static str, value: &str) -> Cookie<'static> {
        Cookie::build((name, value.to_owned()))
            .path("/")
            .http_only(true)
            .same_site(SameSite::Lax)
            .secure(self.secure)
            .build()
    }
}

/// The token in the cookies of a name, if all of them have the same value.
fn only(headers: &HeaderMap, name: &str) -> Option<RefreshToken> {
    let mut values = values(headers, name);
    let first = values.next()?;
    values.all(|value| value == first).then(|| RefreshToken::parse(first))?
}

/// The values of all cookies of a name (RFC 6265, 4.2.1).
fn values<'h>(headers: &'h HeaderMap, name: &str) -> impl Iterator<Item = &'h str> {
    let headers = headers.get_all(header::COOKIE).iter();
    let pairs = headers
        .filter_map(|header| header.to_str().ok())
        .flat_map(|header| header.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    pairs
        .filter(move |(key, _)| key.trim() == name)
        .map(|(_, value)| value.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cookies(text: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, text.parse().unwrap());
        headers
    }

    fn written(values: &[HeaderValue]) -> Vec<&str> {
        values.iter().map(|value| value.to_str().unwrap()).collect()
    }

    #[test]
    fn the_cookie_is_http_only_secure_lax_and_bound_to_the_host() {
        let (cookie, token) = (RefreshCookie::new(true), RefreshToken::generate());
        let set = cookie.set(&token, 60);
        let set = written(&set);
        assert!(set[0].starts_with("__Host-lockstep_refresh="));
        for part in ["HttpOnly", "SameSite=Lax", "Path=/", "Secure", "Max-Age=60"] {
            assert!(set[0].contains(part), "{part}: {}", set[0]);
        }
        assert!(!set[0].contains("Domain"));
        assert!(set[1].starts_with("lockstep_refresh=;") && set[1].contains("Max-Age=0"));
        assert_eq!(cookie.read(&cookies(set[0].split(';').next().unwrap())), Some(token));
    }

    #[test]
    fn plain_http_uses_the_plain_name() {
        let (cookie, token) = (RefreshCookie::new(false), RefreshToken::generate());
        let set = cookie.set(&token, 60);
        let set = written(&set);
        assert_eq!(set.len(), 1);
        assert!(set[0].starts_with("lockstep_refresh=") && !set[0].contains("Secure"));
        assert_eq!(cookie.read(&cookies(set[0].split(';').next().unwrap())), Some(token));
    }

    #[test]
    fn two_cookies_of_one_name_with_different_values_are_ignored() {
        for (secure, name) in [(false, PLAIN), (true, HOST)] {
            let cookie = RefreshCookie::new(secure);
            let twice = |one: &str, other: &str| cookie.read(&cookies(&format!("{name}={one}; {name}={other}")));
            assert_eq!(twice("one.a", "two.b"), None);
            assert!(twice("one.a", "one.a").is_some());
        }
    }

    #[test]
    fn the_plain_name_is_accepted_over_https_for_tokens_of_older_releases_only() {
        let cookie = RefreshCookie::new(true);
        assert!(cookie.read(&cookies("lockstep_refresh=old")).is_some());
        assert_eq!(cookie.read(&cookies("lockstep_refresh=planted.token")), None);
        let both = cookie.read(&cookies("lockstep_refresh=old; __Host-lockstep_refresh=new.token"));
        assert_eq!(both, RefreshToken::parse("new.token"));
    }
}

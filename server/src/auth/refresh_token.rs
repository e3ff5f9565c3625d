//! Refresh tokens: random, for one use, known to the server by their hash only, carried in one HttpOnly cookie.

use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use http::HeaderMap;
use sha2::{Digest, Sha256};
use std::fmt;

/// The cookie that carries the token.
pub const COOKIE: &str = "lockstep_refresh";

/// A refresh token; never shown by `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct RefreshToken(String);

impl fmt::Debug for RefreshToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RefreshToken(***)")
    }
}

impl RefreshToken {
    /// A new one: 32 random bytes, base64url.
    pub fn generate() -> Self {
        Self(URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>()))
    }

    /// The one in a request's cookies.
    pub fn from_cookies(headers: &HeaderMap) -> Option<Self> {
        let jar = CookieJar::from_headers(headers);
        jar.get(COOKIE)
            .map(|cookie| Self(cookie.value().to_owned()))
            .filter(|token| !token.0.is_empty())
    }

    /// What the server keeps of it. A fast hash will do: the token is random, there is nothing to guess.
    pub fn hash(&self) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(self.0.as_bytes()))
    }

    /// The cookie that carries it, for `max_age_seconds`. `secure` where the site is served over HTTPS: a browser
    /// would not send it back over plain HTTP.
    pub fn cookie(&self, max_age_seconds: i64, secure: bool) -> String {
        format!("{}; Max-Age={max_age_seconds}", base(self.0.clone(), secure))
    }

    /// The cookie that removes it.
    pub fn removal(secure: bool) -> String {
        format!("{}; Max-Age=0", base(String::new(), secure))
    }
}

/// Lax, not Strict: somebody who follows a link to their timers is signed in there. A POST from another site carries
/// no Lax cookie, so no other site can refresh or sign out.
fn base(value: String, secure: bool) -> Cookie<'static> {
    Cookie::build((COOKIE, value))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(secure)
        .build()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_travels_in_a_cookie_that_scripts_cannot_read() {
        let token = RefreshToken::generate();
        let cookie = token.cookie(60, true);
        for part in ["HttpOnly", "SameSite=Lax", "Path=/", "Secure", "Max-Age=60"] {
            assert!(cookie.contains(part), "{part}: {cookie}");
        }
        let mut headers = HeaderMap::new();
        headers.insert("cookie", cookie.split(';').next().unwrap().parse().unwrap());
        assert_eq!(RefreshToken::from_cookies(&headers), Some(token.clone()));
        assert!(!token.hash().contains(&token.0) && !format!("{token:?}").contains(&token.0));
    }
}

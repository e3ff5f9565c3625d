//! The cookie in which a browser keeps the fields of a refused form for the page that shows the error.

use app::form::FormFields;
use axum_extra::extract::{
    CookieJar,
    cookie::{Cookie, SameSite},
};
use http::{HeaderMap, HeaderValue};

const NAME: &str = "lockstep_form";
/// Only the next page reads it.
const MAX_AGE_SECONDS: i64 = 60;
/// Longer fields are not kept: a browser limits a cookie to 4,096 bytes (RFC 6265, 6.1).
const MAX_BYTES: usize = 2_048;

/// The `Set-Cookie` value; none if the fields are too long.
pub fn set(fields: &FormFields, secure: bool) -> Option<HeaderValue> {
    let value = form_urlencoded::Serializer::new(String::new())
        .append_pair("email", &fields.email)
        .append_pair("name", &fields.name)
        .finish();
    // Lax: the redirect follows a form of this site.
    let cookie = Cookie::build((NAME, value.as_str()))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(secure)
        .build();
    // Encoded once more, since a `CookieJar` decodes what it reads.
    let cookie = format!("{}; Max-Age={MAX_AGE_SECONDS}", cookie.encoded());
    (value.len() <= MAX_BYTES).then(|| cookie.try_into().ok())?
}

/// The fields in a request's cookies.
pub fn read(headers: &HeaderMap) -> FormFields {
    let jar = CookieJar::from_headers(headers);
    let mut fields = FormFields::default();
    let value = jar.get(NAME).map(Cookie::value).unwrap_or_default();
    for (name, value) in form_urlencoded::parse(value.as_bytes()) {
        match &*name {
            "email" => fields.email = value.into_owned(),
            "name" => fields.name = value.into_owned(),
            _ => {}
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::header;

    fn sent_back(set: &HeaderValue) -> FormFields {
        let pair = set.to_str().unwrap().split(';').next().unwrap();
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, pair.parse().unwrap());
        read(&headers)
    }

    #[test]
    fn fields_are_read_as_they_were_typed() {
        for email in [
            "ada@example.com",
            "\"a; b=c&d+e%\"@example.com",
            "ünï@☃.example\r\nX: y",
        ] {
            let fields = FormFields {
                email: email.into(),
                name: "Ada & Eve = 2; Path=/".into(),
            };
            assert_eq!(sent_back(&set(&fields, true).unwrap()), fields);
        }
        assert_eq!(read(&HeaderMap::new()), FormFields::default());
    }

    #[test]
    fn cookie_is_short_lived_and_not_readable_by_scripts() {
        let fields = FormFields::default();
        let cookie = set(&fields, true).unwrap();
        let cookie = cookie.to_str().unwrap();
        for attribute in ["HttpOnly", "SameSite=Lax", "Secure", "Path=/", "Max-Age=60"] {
            assert!(cookie.contains(attribute), "{attribute}: {cookie}");
        }
        assert!(!set(&fields, false).unwrap().to_str().unwrap().contains("Secure"));
    }

    #[test]
    fn long_fields_are_not_kept() {
        let fields = FormFields {
            email: "a".repeat(MAX_BYTES),
            ..FormFields::default()
        };
        assert_eq!(set(&fields, true), None);
    }
}

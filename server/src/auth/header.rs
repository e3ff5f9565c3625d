//! A token's header (RFC 7515, 4.1).

use super::identity::TokenError;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, de::IgnoredAny};

/// The members that are used here.
#[derive(Deserialize)]
pub(super) struct Header {
    pub alg: String,
    pub kid: Option<String>,
    typ: Option<String>,
    /// Extensions that the verifier must understand.
    crit: Option<IgnoredAny>,
}

impl Header {
    /// Parses the header of an access token.
    ///
    /// # Errors
    /// [`TokenError::Invalid`] if it is malformed, if it names an extension in `crit` (RFC 7515, 4.1.11: none is
    /// supported), or if `typ` says that it is a JWT for another purpose, such as `logout+jwt` (RFC 8725, 3.11).
    pub fn parse(token: &str) -> Result<Self, TokenError> {
        let malformed = TokenError::Invalid("its header is not one of a signed JWT");
        let (header, _) = token.split_once('.').ok_or(malformed.clone())?;
        let header = URL_SAFE_NO_PAD.decode(header).map_err(|_| malformed.clone())?;
        let header: Self = serde_json::from_slice(&header).map_err(|_| malformed)?;
        if header.crit.is_some() {
            return Err(TokenError::Invalid(
                "its header names an extension (crit) that is not known here",
            ));
        }
        if header.typ.as_deref().is_some_and(is_for_another_purpose) {
            return Err(TokenError::Invalid("its typ is not one of an access token"));
        }
        Ok(header)
    }
}

/// Types with `+jwt` name the token's purpose; `at+jwt` is an access token (RFC 9068, 2.1).
fn is_for_another_purpose(typ: &str) -> bool {
    let typ = typ.to_ascii_lowercase();
    let typ = typ.strip_prefix("application/").unwrap_or(&typ);
    typ.ends_with("+jwt") && typ != "at+jwt"
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn read(header: &Value) -> Result<Header, TokenError> {
        Header::parse(&format!("{}.e30.", URL_SAFE_NO_PAD.encode(header.to_string())))
    }

    #[test]
    fn headers_of_access_tokens_are_parsed() {
        for typ in [json!("JWT"), json!("at+jwt"), json!("application/AT+JWT"), Value::Null] {
            let header = read(&json!({ "alg": "RS256", "kid": "a", "typ": typ })).unwrap();
            assert_eq!((header.alg.as_str(), header.kid.as_deref()), ("RS256", Some("a")));
        }
    }

    #[test]
    fn critical_extensions_and_tokens_for_another_purpose_are_refused() {
        for header in [
            json!({ "alg": "RS256", "crit": ["exp"], "exp": 1 }),
            json!({ "alg": "RS256", "crit": [] }),
            json!({ "alg": "RS256", "typ": "logout+jwt" }),
            json!({ "alg": "RS256", "typ": "application/dpop+jwt" }),
            json!({ "kid": "a" }),
            json!([]),
        ] {
            assert!(matches!(read(&header), Err(TokenError::Invalid(_))), "{header}");
        }
    }
}

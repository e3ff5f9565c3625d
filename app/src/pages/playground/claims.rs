//! What a token says, read without its key: nothing is verified, and nothing leaves the page.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::Value;

/// The claims of a token.
#[derive(Clone, Debug, PartialEq)]
pub struct Claims(Value);

/// Reads the claims of a JWT (RFC 7519, 3).
///
/// # Errors
/// One sentence that says what is wrong with the text.
pub fn claims(token: &str) -> Result<Claims, String> {
    let parts: Vec<&str> = token.trim().split('.').collect();
    let [_, payload, _] = parts.as_slice() else {
        return Err(format!(
            "This is no JWT: it has {} parts between its dots; a JWT has 3.",
            parts.len()
        ));
    };
    let bytes = URL_SAFE_NO_PAD
        .decode(payload.trim_end_matches('='))
        .map_err(|error| format!("The second part of the JWT is not base64url: {error}."))?;
    let claims: Value =
        serde_json::from_slice(&bytes).map_err(|error| format!("The claims of the JWT are not JSON: {error}."))?;
    match claims.is_object() {
        true => Ok(Claims(claims)),
        false => Err("The claims of the JWT are not a JSON object.".to_owned()),
    }
}

impl Claims {
    /// The user's id.
    pub fn subject(&self) -> &str {
        self.0["sub"].as_str().unwrap_or_default()
    }

    /// The user's name, or else the id.
    pub fn name(&self) -> &str {
        let names = ["name", "preferred_username", "email"];
        let name = names.iter().find_map(|name| self.0[*name].as_str());
        name.unwrap_or_else(|| self.subject())
    }

    /// Seconds until the token expires, negative after that; `None` for one that says no time.
    pub fn expires_in(&self, now_millis: f64) -> Option<i64> {
        let expiry = self.0["exp"].as_f64()?;
        Some((expiry - now_millis / 1000.0).floor() as i64)
    }

    /// The claims as JSON of several lines.
    pub fn pretty(&self) -> String {
        format!("{:#}", self.0)
    }
}

/// The time until a token expires, for people.
pub fn expiry(seconds: Option<i64>) -> String {
    match seconds {
        None => "says no time of expiry".to_owned(),
        Some(seconds @ ..0) => format!("expired {} ago", span(-seconds)),
        Some(seconds) => format!("expires in {}", span(seconds)),
    }
}

fn span(seconds: i64) -> String {
    match seconds {
        ..120 => format!("{seconds} s"),
        120..7200 => format!("{} min", seconds / 60),
        7200..172_800 => format!("{} h", seconds / 3600),
        _ => format!("{} days", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn claims_are_read_and_faults_are_named() {
        let payload = URL_SAFE_NO_PAD.encode(r#"{"sub":"u1","name":"Ada","exp":1000}"#);
        let claims_of = claims(&format!("e30.{payload}.x")).unwrap();
        assert_eq!((claims_of.subject(), claims_of.name()), ("u1", "Ada"));
        assert_eq!(claims_of.expires_in(940_000.0), Some(60));
        assert_eq!(
            claims("abc").unwrap_err(),
            "This is no JWT: it has 1 parts between its dots; a JWT has 3."
        );
        assert!(claims("a.!.c").unwrap_err().contains("not base64url"));
        assert!(claims("a.e30x.c").unwrap_err().contains("JWT"));
        assert!(
            claims(&format!("a.{}.c", URL_SAFE_NO_PAD.encode("5")))
                .unwrap_err()
                .contains("object")
        );
    }

    #[test]
    fn expiry_is_said_in_words() {
        assert_eq!(expiry(Some(30)), "expires in 30 s");
        assert_eq!(expiry(Some(899)), "expires in 14 min");
        assert_eq!(expiry(Some(-7200)), "expired 2 h ago");
        assert_eq!(expiry(None), "says no time of expiry");
    }
}

//! The claims of tokens of any issuer (contract, REST 2.2).

use super::identity::{Profile, TokenError, VerifiedToken};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, errors::ErrorKind};
use protocol::{limits, time::Timestamp};
use serde::{Deserialize, de::IgnoredAny};
use serde_json::Value;
use url::Url;

/// How far an issuer's clock may be ahead of this server's, in seconds. It does not extend a token's lifetime.
const CLOCK_SKEW_SECONDS: f64 = 5.0;
/// The maximum length of `sub`, in characters: it is a key in tables and rooms.
const SUBJECT_CHARS: usize = 255;
/// The maximum length of a picture URL, in characters.
const PICTURE_CHARS: usize = 2_048;

/// The reason for a token that was signed with another key or modified.
pub(super) const WRONG_SIGNATURE: &str = "the signature does not fit";

#[derive(Deserialize)]
pub(super) struct Claims {
    sub: Option<String>,
    exp: f64,
    nbf: Option<f64>,
    iat: Option<f64>,
    aud: Option<Audience>,
    email: Option<String>,
    email_verified: Option<Verified>,
    name: Option<String>,
    preferred_username: Option<String>,
    picture: Option<String>,
    sid: Option<String>,
    /// Claims that only ID tokens have (OpenID Connect Core, 2 and 3.3.2.11).
    nonce: Option<IgnoredAny>,
    at_hash: Option<IgnoredAny>,
    c_hash: Option<IgnoredAny>,
    /// Present in security events, such as logout tokens (RFC 8417, 2.2).
    events: Option<IgnoredAny>,
    /// The token's purpose, as Keycloak writes it.
    typ: Option<Value>,
    /// The token's purpose, as Amazon Cognito writes it.
    token_use: Option<Value>,
}

/// The requirements on an issuer's tokens besides a valid signature.
#[derive(Clone, Copy, Default)]
pub(super) struct Rules<'a> {
    /// The audience that `aud` must contain.
    pub audience: Option<&'a str>,
    /// Refuses tokens that are recognizable as ID tokens.
    pub refuse_id_tokens: bool,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

/// Some issuers write `email_verified` as a string.
#[derive(Deserialize)]
#[serde(untagged)]
enum Verified {
    Switch(bool),
    Word(String),
}

/// Verifies the signature and the times, and reads the claims.
pub(super) fn verify(
    token: &str,
    key: &DecodingKey,
    algorithm: Algorithm,
    rules: Rules<'_>,
    now: Timestamp,
) -> Result<VerifiedToken, TokenError> {
    let mut validation = Validation::new(algorithm);
    // Times and audience are checked below, in the contract's order and with its texts.
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    let claims = decode::<Claims>(token, key, &validation)
        .map_err(|error| refusal(error.kind()))?
        .claims;
    claims.into_verified(rules, now)
}

impl Claims {
    /// Checks the claims of a token whose signature is valid.
    pub(super) fn into_verified(self, rules: Rules<'_>, now: Timestamp) -> Result<VerifiedToken, TokenError> {
        let seconds = now.millis() as f64 / 1000.0;
        if self.exp <= seconds {
            return Err(TokenError::Expired);
        }
        if self.nbf.is_some_and(|nbf| nbf > seconds + CLOCK_SKEW_SECONDS) {
            return Err(TokenError::Invalid("it is not valid yet"));
        }
        if self.iat.is_some_and(|iat| iat > seconds + CLOCK_SKEW_SECONDS) {
            return Err(TokenError::Invalid("it was issued in the future"));
        }
        let meant_for = |wanted: &str| match &self.aud {
            Some(Audience::One(aud)) => aud == wanted,
            Some(Audience::Many(auds)) => auds.iter().any(|aud| aud == wanted),
            None => false,
        };
        if rules.audience.is_some_and(|wanted| !meant_for(wanted)) {
            return Err(TokenError::Audience);
        }
        if self.is_for_another_purpose() || (rules.refuse_id_tokens && self.is_id_token()) {
            return Err(TokenError::Invalid("it is not an access token"));
        }
        let subject = self.sub.filter(|sub| !sub.is_empty()).ok_or(TokenError::NoSubject)?;
        if subject.chars().count() > SUBJECT_CHARS {
            return Err(TokenError::Invalid("its sub is too long"));
        }
        if subject.chars().any(is_control) {
            return Err(TokenError::Invalid("its sub has control characters"));
        }
        let verified = match self.email_verified {
            Some(Verified::Switch(verified)) => verified,
            Some(Verified::Word(word)) => word == "true",
            None => false,
        };
        let email = self.email.filter(|_| verified).map(|email| email.trim().to_lowercase());
        Ok(VerifiedToken {
            subject,
            // Float-to-integer casts saturate.
            expires_at: Timestamp::from_millis((self.exp * 1000.0) as i64),
            profile: Profile {
                display_name: self.name.or(self.preferred_username).filter(is_storable).map(shortened),
                avatar_url: self.picture.filter(|text| is_picture(text)),
                email: email.filter(|email| is_address(email)),
            },
            session: self.sid.and_then(|sid| sid.parse().ok()),
        })
    }

    /// Whether it is, for example, a refresh token or a logout token, which must not be accepted whatever its audience.
    fn is_for_another_purpose(&self) -> bool {
        let kind = self.typ.as_ref().and_then(Value::as_str).unwrap_or_default();
        let kinds = ["refresh", "offline", "logout"];
        self.events.is_some() || kinds.iter().any(|other| kind.eq_ignore_ascii_case(other))
    }

    fn is_id_token(&self) -> bool {
        let is_id = |kind: &Value| kind.as_str().is_some_and(|kind| kind.eq_ignore_ascii_case("id"));
        let only_there = [&self.nonce, &self.at_hash, &self.c_hash];
        only_there.iter().any(|claim| claim.is_some()) || [&self.typ, &self.token_use].into_iter().flatten().any(is_id)
    }
}

/// Characters that end a line, move the cursor or change the direction of text. Identifiers must not contain them,
/// since they can make a line of a log or a list look like something else.
fn is_control(char: char) -> bool {
    let separator = matches!(char, '\u{2028}' | '\u{2029}');
    let bidi = matches!(char, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    char.is_control() || separator || bidi
}

/// A display name, truncated if it is too long.
fn shortened(name: String) -> String {
    name.chars().take(limits::TITLE_CHARS).collect()
}

/// Whether a browser may load it as a picture: no `javascript:`, no `data:`.
fn is_picture(text: &str) -> bool {
    let plain = !text.chars().any(|char| char.is_whitespace() || is_control(char));
    let web = || Url::parse(text).is_ok_and(|url| ["http", "https"].contains(&url.scheme()));
    plain && text.chars().count() <= PICTURE_CHARS && web()
}

fn is_address(email: &str) -> bool {
    !email.is_empty() && email.chars().count() <= limits::EMAIL_CHARS && !email.chars().any(is_control)
}

/// Whether a text can be stored: PostgreSQL stores no NUL characters.
fn is_storable(text: &impl AsRef<str>) -> bool {
    !text.as_ref().contains('\0')
}

fn refusal(kind: &ErrorKind) -> TokenError {
    TokenError::Invalid(match kind {
        ErrorKind::InvalidSignature => WRONG_SIGNATURE,
        ErrorKind::InvalidAlgorithm | ErrorKind::UnsupportedAlgorithm => "its algorithm is not accepted",
        ErrorKind::Json(_) => "a claim is missing or malformed",
        _ => "it is malformed",
    })
}

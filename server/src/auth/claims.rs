//! The claims that are read from a token of any issuer (contract, REST 2.2).

use super::identity::{Profile, TokenError, VerifiedToken};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, errors::ErrorKind};
use protocol::{limits, time::Timestamp};
use serde::{Deserialize, de::IgnoredAny};
use serde_json::Value;
use url::Url;

/// How far an issuer's clock may be ahead of ours, in seconds. It does not lengthen the life of a token.
const CLOCK_SKEW_SECONDS: f64 = 5.0;
/// The longest `sub`, in characters: it is a key in tables and rooms.
const SUBJECT_CHARS: usize = 255;
/// The longest picture address, in characters.
const PICTURE_CHARS: usize = 2_048;

/// The reason where the token was signed with another key, or changed.
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
    /// What only ID tokens have (OpenID Connect Core, 2 and 3.3.2.11).
    nonce: Option<IgnoredAny>,
    at_hash: Option<IgnoredAny>,
    c_hash: Option<IgnoredAny>,
    /// Security events, such as logout tokens, have it (RFC 8417, 2.2).
    events: Option<IgnoredAny>,
    /// What the token is, as Keycloak writes it.
    typ: Option<Value>,
    /// The same, as Amazon Cognito writes it.
    token_use: Option<Value>,
}

/// What an issuer's tokens must be, beyond being good.
#[derive(Clone, Copy, Default)]
pub(super) struct Rules<'a> {
    /// What `aud` must contain.
    pub audience: Option<&'a str>,
    /// Refuses what is recognizable as an ID token.
    pub refuse_id_tokens: bool,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

/// Some issuers write a string.
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
    // The times and the audience are checked below, in the contract's order and with its words.
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    let claims = decode::<Claims>(token, key, &validation)
        .map_err(|error| refusal(error.kind()))?
        .claims;
    claims.into_verified(rules, now)
}

impl Claims {
    /// Checks the claims of a token whose signature is good.
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
            // A cast of a float saturates.
            expires_at: Timestamp::from_millis((self.exp * 1000.0) as i64),
            profile: Profile {
                display_name: self.name.or(self.preferred_username).filter(kept).map(shortened),
                avatar_url: self.picture.filter(|text| is_picture(text)),
                email: email.filter(|email| is_address(email)),
            },
            session: self.sid.and_then(|sid| sid.parse().ok()),
        })
    }

    /// A refresh token or a logout token, say: never to be taken for an access token, whatever its audience.
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

/// Characters that end a line, move the cursor or turn the direction of what follows: none belongs into an identifier,
/// and each can make a line of a log or of a list look like something else.
fn is_control(char: char) -> bool {
    let separator = matches!(char, '\u{2028}' | '\u{2029}');
    let bidi = matches!(char, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    char.is_control() || separator || bidi
}

/// A name that is too long is cut, since its beginning still names the person.
fn shortened(name: String) -> String {
    name.chars().take(limits::TITLE_CHARS).collect()
}

/// Only what a browser may load as a picture: no `javascript:`, no `data:`.
fn is_picture(text: &str) -> bool {
    let plain = !text.chars().any(|char| char.is_whitespace() || is_control(char));
    let web = || Url::parse(text).is_ok_and(|url| ["http", "https"].contains(&url.scheme()));
    plain && text.chars().count() <= PICTURE_CHARS && web()
}

fn is_address(email: &str) -> bool {
    !email.is_empty() && email.chars().count() <= limits::EMAIL_CHARS && !email.chars().any(is_control)
}

/// PostgreSQL stores no NUL character, and nobody chose a name with one.
fn kept(text: &impl AsRef<str>) -> bool {
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

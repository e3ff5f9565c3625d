//! The claims that are read from a token, whoever issued it (contract, REST 2.2).

use super::identity::{Identity, Profile, TokenError};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, errors::ErrorKind};
use protocol::{id::UserId, time::Timestamp};
use serde::Deserialize;

/// How far an issuer's clock may be ahead of ours, in seconds. It does not lengthen the life of a token.
const CLOCK_SKEW_SECONDS: f64 = 5.0;
/// The longest `sub`, in characters: it is a key in tables and rooms.
const SUBJECT_CHARS: usize = 255;

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
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

/// Some issuers write the word.
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
    audience: Option<&str>,
    now: Timestamp,
) -> Result<Identity, TokenError> {
    let mut validation = Validation::new(algorithm);
    // The times and the audience are checked below, in the contract's order and with its words.
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    let claims = decode::<Claims>(token, key, &validation)
        .map_err(|error| refusal(error.kind()))?
        .claims;
    claims.into_identity(audience, now)
}

impl Claims {
    /// Checks the claims of a token whose signature is good.
    pub(super) fn into_identity(self, audience: Option<&str>, now: Timestamp) -> Result<Identity, TokenError> {
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
        if audience.is_some_and(|wanted| !meant_for(wanted)) {
            return Err(TokenError::Audience);
        }
        let subject = self.sub.filter(|sub| !sub.is_empty()).ok_or(TokenError::NoSubject)?;
        if subject.chars().count() > SUBJECT_CHARS {
            return Err(TokenError::Invalid("its sub is too long"));
        }
        if subject.contains('\0') {
            return Err(TokenError::Invalid("its sub has a NUL character"));
        }
        let verified = match self.email_verified {
            Some(Verified::Switch(verified)) => verified,
            Some(Verified::Word(word)) => word == "true",
            None => false,
        };
        let email = self.email.filter(|_| verified).map(|email| email.trim().to_lowercase());
        Ok(Identity {
            user: UserId(subject),
            // A cast of a float saturates.
            expires_at: Timestamp::from_millis((self.exp * 1000.0) as i64),
            profile: Profile {
                display_name: self.name.or(self.preferred_username).filter(kept),
                avatar_url: self.picture.filter(kept),
                email: email.filter(|email| !email.is_empty()).filter(kept),
            },
        })
    }
}

/// PostgreSQL keeps no NUL character, and a name with one is none that somebody chose.
fn kept(text: &impl AsRef<str>) -> bool {
    !text.as_ref().contains('\0')
}

fn refusal(kind: &ErrorKind) -> TokenError {
    TokenError::Invalid(match kind {
        ErrorKind::InvalidSignature => "the signature does not fit",
        ErrorKind::InvalidAlgorithm | ErrorKind::UnsupportedAlgorithm => "its algorithm is not accepted",
        ErrorKind::Json(_) => "a claim is missing or malformed",
        _ => "it is malformed",
    })
}

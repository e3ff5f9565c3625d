//! Access tokens: JWTs that this server signs for its built-in accounts, and reads (contract, REST 2.2).

use crate::config::JwtSecret;
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, TokenData, Validation, dangerous::insecure_decode_claims, decode,
    encode, errors::ErrorKind,
};
use protocol::{account::Account, id::UserId, time::Timestamp};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use thiserror::Error;

/// The issuer of the built-in tokens; tokens of another one are verified by their own issuer's keys.
const ISSUER: &str = "lockstep";
/// How long an access token lives, in seconds.
pub const LIFETIME_SECONDS: i64 = 15 * 60;

/// Signs and verifies.
#[derive(Clone)]
pub struct AccessTokens {
    keys: Arc<(EncodingKey, DecodingKey)>,
}

/// Who a token speaks for, and until when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The user: the token's `sub`.
    pub user: UserId,
    /// When the token expires.
    pub expires_at: Timestamp,
}

/// Why a token is refused. The texts are the contract's (REST 2.2), and safe to show: none holds the token.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TokenError {
    /// None was given.
    #[error("Authorization header missing")]
    Missing,
    /// Malformed, or the signature does not fit.
    #[error("Invalid token: {0}")]
    Invalid(&'static str),
    /// It was good until it expired.
    #[error("Invalid token: it has expired")]
    Expired,
    /// It is of an issuer that this server does not know.
    #[error("Invalid issuer: {0}")]
    Issuer(String),
    /// It does not say whose it is.
    #[error("Token missing 'sub' claim")]
    NoSubject,
}

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: Option<String>,
    sub: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    iat: i64,
    exp: i64,
}

#[derive(Deserialize)]
struct Issuer {
    iss: Option<String>,
}

impl AccessTokens {
    /// With the server's secret.
    pub fn new(secret: &JwtSecret) -> Self {
        let keys = (EncodingKey::from_secret(&secret.0), DecodingKey::from_secret(&secret.0));
        Self { keys: Arc::new(keys) }
    }

    /// A token for an account, good for [`LIFETIME_SECONDS`] from `now`.
    ///
    /// # Errors
    /// When signing fails, which for an HMAC it does not.
    pub fn issue(&self, account: &Account, now: Timestamp) -> Result<String, jsonwebtoken::errors::Error> {
        let iat = now.millis() / 1000;
        let claims = Claims {
            iss: Some(ISSUER.to_owned()),
            sub: Some(account.id.0.clone()),
            email: Some(account.email.clone()),
            name: account.display_name.clone(),
            iat,
            exp: iat + LIFETIME_SECONDS,
        };
        encode(&Header::new(Algorithm::HS256), &claims, &self.keys.0)
    }

    /// Whose token it is.
    ///
    /// # Errors
    /// [`TokenError`]; a token is good or it is not, there is no leeway.
    pub fn verify(&self, token: &str) -> Result<Identity, TokenError> {
        let unverified: Issuer = insecure_decode_claims(token).map_err(|_| TokenError::Invalid("it is not a JWT"))?;
        if unverified.iss.as_deref() != Some(ISSUER) {
            return Err(TokenError::Issuer(
                unverified.iss.unwrap_or_default().chars().take(200).collect(),
            ));
        }
        let mut validation = Validation::new(Algorithm::HS256);
        validation.leeway = 0;
        validation.validate_nbf = true;
        validation.validate_aud = false;
        let TokenData { claims, .. } =
            decode::<Claims>(token, &self.keys.1, &validation).map_err(|error| refusal(error.kind()))?;
        let subject = claims.sub.filter(|sub| !sub.is_empty()).ok_or(TokenError::NoSubject)?;
        let expires_at = Timestamp::from_millis(claims.exp.saturating_mul(1000));
        Ok(Identity {
            user: UserId(subject),
            expires_at,
        })
    }
}

fn refusal(kind: &ErrorKind) -> TokenError {
    match kind {
        ErrorKind::ExpiredSignature => TokenError::Expired,
        ErrorKind::InvalidSignature => TokenError::Invalid("the signature does not fit"),
        ErrorKind::InvalidAlgorithm | ErrorKind::UnsupportedAlgorithm => {
            TokenError::Invalid("its algorithm is not accepted")
        }
        ErrorKind::ImmatureSignature => TokenError::Invalid("it is not valid yet"),
        ErrorKind::MissingRequiredClaim(_) | ErrorKind::InvalidClaimFormat(_) | ErrorKind::Json(_) => {
            TokenError::Invalid("a claim is missing or malformed")
        }
        _ => TokenError::Invalid("it is malformed"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock;
    use serde_json::{Value, json};

    fn tokens() -> AccessTokens {
        AccessTokens::new(&JwtSecret(vec![7; 32]))
    }

    fn account() -> Account {
        Account {
            id: "ada".into(),
            email: "ada@example.com".into(),
            display_name: None,
        }
    }

    fn signed(header: &Header, claims: &Value) -> String {
        encode(header, claims, &EncodingKey::from_secret(&[7; 32])).unwrap()
    }

    #[test]
    fn a_token_speaks_for_its_account_until_it_expires() {
        let now = clock::now();
        let identity = tokens().verify(&tokens().issue(&account(), now).unwrap()).unwrap();
        assert_eq!(identity.user, account().id);
        assert!((899_000..=900_000).contains(&identity.expires_at.millis_since(now)));
        let old = tokens()
            .issue(&account(), now.plus_millis(-LIFETIME_SECONDS * 1000 - 1000))
            .unwrap();
        assert_eq!(tokens().verify(&old), Err(TokenError::Expired));
    }

    #[test]
    fn every_other_token_is_refused_with_its_reason() {
        let header = Header::new(Algorithm::HS256);
        let exp = clock::now().millis() / 1000 + 60;
        let good = json!({"iss": "lockstep", "sub": "ada", "iat": 1, "exp": exp});
        assert!(tokens().verify(&signed(&header, &good)).is_ok());

        let with = |name: &str, value: Value| {
            let mut claims = good.clone();
            claims[name] = value;
            tokens().verify(&signed(&header, &claims)).unwrap_err()
        };
        assert_eq!(
            with("iss", json!("https://elsewhere")).to_string(),
            "Invalid issuer: https://elsewhere"
        );
        assert_eq!(with("sub", Value::Null), TokenError::NoSubject);
        assert_eq!(with("sub", json!("")), TokenError::NoSubject);
        assert_eq!(with("exp", json!(1)), TokenError::Expired);
        assert!(matches!(with("exp", Value::Null), TokenError::Invalid(_)));
        assert!(matches!(with("nbf", json!(exp)), TokenError::Invalid(_)));

        let other_key = encode(&header, &good, &EncodingKey::from_secret(&[8; 32])).unwrap();
        let other_algorithm = signed(&Header::new(Algorithm::HS512), &good);
        let [unsigned_header, body] =
            [json!({"alg": "none", "typ": "JWT"}), good].map(|part| base64_url(part.to_string().as_bytes()));
        for token in [
            &other_key,
            &other_algorithm,
            &format!("{unsigned_header}.{body}."),
            "",
            "a.b.c",
            "x",
        ] {
            let refused = tokens().verify(token).unwrap_err();
            assert!(matches!(refused, TokenError::Invalid(_)), "{token}: {refused}");
        }
    }

    fn base64_url(bytes: &[u8]) -> String {
        use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
        URL_SAFE_NO_PAD.encode(bytes)
    }
}

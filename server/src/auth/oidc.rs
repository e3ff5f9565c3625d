//! Tokens of an OIDC issuer (contract, REST 2).

use super::{
    claims, es512,
    identity::{Identity, TokenError},
    jwks::Keys,
};
use crate::{clock, config::OidcConfig};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{
    Algorithm, DecodingKey,
    jwk::{Jwk, KeyAlgorithm},
};
use serde::{Deserialize, de::IgnoredAny};

/// What an issuer may sign with, besides [`es512`]: public keys only. Never `none`, and never an HMAC, whose key would be
/// the published one.
const ALGORITHMS: [Algorithm; 6] = [
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::ES256,
    Algorithm::ES384,
    Algorithm::EdDSA,
];

/// An issuer whose tokens are accepted.
pub struct Oidc {
    issuer: String,
    audience: Option<String>,
    keys: Keys,
}

impl Oidc {
    /// As configured. Nothing is fetched before the first token.
    ///
    /// # Errors
    /// When the HTTP client cannot be made.
    pub fn new(config: &OidcConfig) -> anyhow::Result<Self> {
        Ok(Self {
            issuer: config.issuer.clone(),
            audience: config.audience.clone(),
            keys: Keys::new(config)?,
        })
    }

    /// What `iss` must equal.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Whose token it is; that it names this issuer is known already.
    ///
    /// # Errors
    /// [`TokenError`]; [`TokenError::Unavailable`] when the keys cannot be fetched.
    pub async fn verify(&self, token: &str) -> Result<Identity, TokenError> {
        let header = Header::of(token).ok_or(TokenError::Invalid("its header is not one of a signed JWT"))?;
        let algorithm = header
            .alg
            .parse()
            .ok()
            .filter(|algorithm| ALGORITHMS.contains(algorithm));
        if algorithm.is_none() && header.alg != es512::NAME {
            return Err(TokenError::Invalid("its algorithm is not accepted"));
        }
        let key = self.keys.find(header.kid.as_deref()).await?;
        let audience = self.audience.as_deref();
        let Some(algorithm) = algorithm else {
            return es512::verify(token, &key, audience, clock::now());
        };
        if !is_for(&key, algorithm) {
            return Err(TokenError::Invalid("its algorithm is not the key's"));
        }
        let decoding = DecodingKey::from_jwk(&key).map_err(|_| TokenError::Invalid("its key cannot be used"))?;
        claims::verify(token, &decoding, algorithm, audience, clock::now())
    }
}

/// What is read of a token's header (RFC 7515, 4.1).
#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    /// Extensions that must be understood: none is.
    crit: Option<IgnoredAny>,
}

impl Header {
    fn of(token: &str) -> Option<Self> {
        let (header, _) = token.split_once('.')?;
        let header: Self = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).ok()?).ok()?;
        header.crit.is_none().then_some(header)
    }
}

/// A key that names its algorithm is for no other.
fn is_for(key: &Jwk, algorithm: Algorithm) -> bool {
    key.common
        .key_algorithm
        .is_none_or(|named| named == KeyAlgorithm::from(algorithm))
}

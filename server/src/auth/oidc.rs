//! Tokens of an OIDC issuer (contract, REST 2).

use super::{
    claims,
    identity::{Identity, TokenError},
    jwks::Keys,
};
use crate::{clock, config::OidcConfig};
use jsonwebtoken::{
    Algorithm, DecodingKey, decode_header,
    jwk::{Jwk, KeyAlgorithm},
};

/// What an issuer may sign with: public keys only. Never `none`, and never an HMAC, whose key would be the published one.
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
        let header = decode_header(token).map_err(|_| TokenError::Invalid("its header is not one of a signed JWT"))?;
        if !ALGORITHMS.contains(&header.alg) {
            return Err(TokenError::Invalid("its algorithm is not accepted"));
        }
        let key = self.keys.find(header.kid.as_deref()).await?;
        if !is_for(&key, header.alg) {
            return Err(TokenError::Invalid("its algorithm is not the key's"));
        }
        let decoding = DecodingKey::from_jwk(&key).map_err(|_| TokenError::Invalid("its key cannot be used"))?;
        claims::verify(token, &decoding, header.alg, self.audience.as_deref(), clock::now())
    }
}

/// A key that names its algorithm is for no other.
fn is_for(key: &Jwk, algorithm: Algorithm) -> bool {
    key.common
        .key_algorithm
        .is_none_or(|named| named == KeyAlgorithm::from(algorithm))
}

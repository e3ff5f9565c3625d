//! Signing keys. They are for tests only and were never used for anything else.

use jsonwebtoken::{Algorithm, EncodingKey, Header, encode, jwk::Jwk};
use serde_json::{Value, json};

/// A signing key.
pub struct SigningKey {
    kid: &'static str,
    algorithm: Algorithm,
    encoding: EncodingKey,
}

impl SigningKey {
    pub fn rsa(kid: &'static str, algorithm: Algorithm) -> Self {
        Self {
            kid,
            algorithm,
            encoding: EncodingKey::from_rsa_pem(include_bytes!("../../keys/rsa.pem")).unwrap(),
        }
    }

    pub fn other_rsa(kid: &'static str) -> Self {
        let encoding = EncodingKey::from_rsa_pem(include_bytes!("../../keys/rsa-other.pem")).unwrap();
        Self {
            kid,
            algorithm: Algorithm::RS256,
            encoding,
        }
    }

    pub fn p256(kid: &'static str) -> Self {
        let encoding = EncodingKey::from_ec_pem(include_bytes!("../../keys/p256.pem")).unwrap();
        Self {
            kid,
            algorithm: Algorithm::ES256,
            encoding,
        }
    }

    pub fn p384(kid: &'static str) -> Self {
        let encoding = EncodingKey::from_ec_pem(include_bytes!("../../keys/p384.pem")).unwrap();
        Self {
            kid,
            algorithm: Algorithm::ES384,
            encoding,
        }
    }

    pub fn ed25519(kid: &'static str) -> Self {
        let encoding = EncodingKey::from_ed_pem(include_bytes!("../../keys/ed25519.pem")).unwrap();
        Self {
            kid,
            algorithm: Algorithm::EdDSA,
            encoding,
        }
    }

    /// The public key in its published form.
    pub fn jwk(&self) -> Value {
        let mut jwk = Jwk::from_encoding_key(&self.encoding, self.algorithm).unwrap();
        jwk.common.key_id = Some(self.kid.to_owned());
        json!(jwk)
    }

    /// A token with these claims.
    pub fn sign(&self, claims: &Value) -> String {
        self.sign_with(self.header(), claims)
    }

    /// The header of its tokens.
    pub fn header(&self) -> Header {
        Header {
            kid: Some(self.kid.to_owned()),
            ..Header::new(self.algorithm)
        }
    }

    /// A token with the given header.
    pub fn sign_with(&self, header: Header, claims: &Value) -> String {
        encode(&header, claims, &self.encoding).unwrap()
    }
}

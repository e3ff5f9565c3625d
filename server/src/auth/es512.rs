//! ES512: ECDSA on P-521, which the JWT library does not support (RFC 7518, 3.4; RFC 7515, 5.2).

use super::{
    claims::{Claims, Rules},
    identity::{TokenError, VerifiedToken},
};
use aws_lc_rs::signature::{ECDSA_P521_SHA512_FIXED, UnparsedPublicKey};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm};
use protocol::time::Timestamp;

/// The name in a token's header.
pub(super) const NAME: &str = "ES512";

/// Verifies the signature and the times, and reads the claims.
pub(super) fn verify(token: &str, key: &Jwk, rules: Rules<'_>, now: Timestamp) -> Result<VerifiedToken, TokenError> {
    let malformed = TokenError::Invalid("it is malformed");
    let (signed, signature) = token.rsplit_once('.').ok_or(malformed.clone())?;
    let (_, payload) = signed.split_once('.').ok_or(malformed.clone())?;
    let point = point(key).ok_or(TokenError::Invalid("its algorithm is not the key's"))?;
    let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| malformed.clone())?;
    UnparsedPublicKey::new(&ECDSA_P521_SHA512_FIXED, point)
        .verify(signed.as_bytes(), &signature)
        .map_err(|_| TokenError::Invalid("the signature does not fit"))?;
    let payload = URL_SAFE_NO_PAD.decode(payload).map_err(|_| malformed)?;
    let claims: Claims =
        serde_json::from_slice(&payload).map_err(|_| TokenError::Invalid("a claim is missing or malformed"))?;
    claims.into_verified(rules, now)
}

/// The uncompressed public point (SEC 1, 2.3.3); `None` if the key is for another curve or algorithm.
fn point(key: &Jwk) -> Option<Vec<u8>> {
    let AlgorithmParameters::EllipticCurve(curve) = &key.algorithm else {
        return None;
    };
    // The library parses a key's "ES512" as an unknown algorithm.
    let named = key.common.key_algorithm;
    if curve.curve != EllipticCurve::P521 || named.is_some_and(|named| named != KeyAlgorithm::UNKNOWN_ALGORITHM) {
        return None;
    }
    let mut point = vec![4];
    for coordinate in [&curve.x, &curve.y] {
        point.extend(URL_SAFE_NO_PAD.decode(coordinate).ok()?);
    }
    Some(point)
}

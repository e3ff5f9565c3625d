//! Refresh tokens: random, for one use, stored as hashes only.
//!
//! A token is `<family>.<secret>`. The family (RFC 9700, 4.14.2) stays the same for the session's life, the secret is
//! new with each exchange. The secret is derived from the previous token, so that two nearly simultaneous exchanges of
//! one token yield the same successor without storing secrets. Tokens of older releases consist of a secret alone.

use crate::config::JwtSecret;
use aws_lc_rs::hmac;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use std::{fmt, sync::Arc};

/// The maximum length of a token, in bytes; longer ones are refused unread.
const MAX_BYTES: usize = 128;

/// A refresh token; `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct RefreshToken(String);

/// Keys that derive the successors of tokens.
#[derive(Clone)]
pub struct RefreshKeys(Arc<[hmac::Key]>);

impl fmt::Debug for RefreshToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RefreshToken(***)")
    }
}

impl RefreshToken {
    /// The first token of a session: a family of 16 random bytes and a secret of 32, base64url.
    pub fn generate() -> Self {
        Self::of(&rand::random::<[u8; 16]>(), &rand::random::<[u8; 32]>())
    }

    /// Parses the token in a cookie; `None` if it is malformed.
    pub fn parse(text: &str) -> Option<Self> {
        let secret = text.split_once('.').map_or(text, |(_, secret)| secret);
        let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        let good = text.len() <= MAX_BYTES && !secret.is_empty() && text.bytes().all(is_token);
        good.then(|| Self(text.to_owned()))
    }

    /// The text in the cookie.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it has the form of older releases.
    pub fn is_of_older_release(&self) -> bool {
        self.family().is_none()
    }

    /// The stored hash. A fast hash suffices, since the token is random.
    pub fn hash(&self) -> String {
        hash(&self.0)
    }

    /// The stored hash of the family; `None` for tokens of older releases.
    pub fn family_hash(&self) -> Option<String> {
        self.family().map(hash)
    }

    fn of(family: &[u8], secret: &[u8]) -> Self {
        Self(format!(
            "{}.{}",
            URL_SAFE_NO_PAD.encode(family),
            URL_SAFE_NO_PAD.encode(secret)
        ))
    }

    fn family(&self) -> Option<&str> {
        self.0.split_once('.').map(|(family, _)| family)
    }
}

impl RefreshKeys {
    /// Derives keys from the server's secrets, the current one first. The previous ones only find successors that were
    /// derived before a rotation.
    pub fn new<'a>(secrets: impl IntoIterator<Item = &'a JwtSecret>) -> Self {
        let key = |secret: &JwtSecret| {
            // A separate key, so that access tokens and refresh tokens cannot be confused.
            let signer = hmac::Key::new(hmac::HMAC_SHA256, &secret.0);
            hmac::Key::new(
                hmac::HMAC_SHA256,
                hmac::sign(&signer, b"lockstep refresh tokens").as_ref(),
            )
        };
        Self(secrets.into_iter().map(key).collect())
    }

    /// The successors of a token, one by each key.
    pub fn successors<'a>(&'a self, token: &'a RefreshToken) -> impl Iterator<Item = RefreshToken> + Send + 'a {
        self.0.iter().map(move |key| {
            let derive = |label: &[u8]| {
                let mut context = hmac::Context::with_key(key);
                context.update(label);
                context.update(token.0.as_bytes());
                context.sign()
            };
            let secret = derive(b"secret:");
            match token.family() {
                Some(family) => RefreshToken(format!("{family}.{}", URL_SAFE_NO_PAD.encode(secret))),
                None => RefreshToken::of(&derive(b"family:").as_ref()[..16], secret.as_ref()),
            }
        })
    }
}

fn hash(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(secrets: &[u8]) -> RefreshKeys {
        let secrets: Vec<JwtSecret> = secrets.iter().map(|byte| JwtSecret(vec![*byte; 32])).collect();
        RefreshKeys::new(&secrets)
    }

    #[test]
    fn the_successor_is_deterministic_and_of_the_same_family() {
        let token = RefreshToken::generate();
        let successor = keys(&[1]).successors(&token).next().unwrap();
        assert_eq!(keys(&[1]).successors(&token).next().unwrap(), successor);
        assert_ne!(successor, token);
        assert_eq!(successor.family_hash(), token.family_hash());
        assert!(!token.hash().contains(token.as_str()) && !format!("{token:?}").contains(token.as_str()));
    }

    #[test]
    fn the_successor_by_the_previous_key_is_found_after_a_rotation() {
        let token = RefreshToken::generate();
        let before = keys(&[1]).successors(&token).next().unwrap();
        let rotated: Vec<_> = keys(&[2]).successors(&token).collect();
        assert!(!rotated.contains(&before));
        assert_eq!(keys(&[2, 1]).successors(&token).nth(1), Some(before));
    }

    #[test]
    fn the_successor_of_a_token_of_an_older_release_has_a_family() {
        let old = RefreshToken::parse("0JmW5xg3-7c2KzN6c1T0mQ0JmW5xg3-7c2KzN6c1T0m").unwrap();
        assert!(old.is_of_older_release() && old.family_hash().is_none());
        let first = keys(&[1]).successors(&old).next().unwrap();
        assert!(!first.is_of_older_release());
        assert_eq!(keys(&[1]).successors(&old).next(), Some(first));
    }

    #[test]
    fn malformed_tokens_are_refused() {
        for text in ["", "a.", "a b", "ä", "a;b", &"x".repeat(MAX_BYTES + 1)] {
            assert_eq!(RefreshToken::parse(text), None, "{text}");
        }
        let token = RefreshToken::generate();
        assert_eq!(RefreshToken::parse(token.as_str()), Some(token));
    }
}

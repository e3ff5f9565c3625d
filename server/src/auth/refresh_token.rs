//! Refresh tokens: random, for one use, known to the server by their hash only.
//!
//! A token is `<family>.<secret>`. The family (RFC 9700, 4.14.2) stays the same for the session's life, the secret is new
//! with each exchange. It is derived from the token that it replaces, so a token that is exchanged twice at nearly the
//! same time has the same successor both times, and nothing secret is stored for that. Tokens of older releases are a
//! secret alone.

use crate::config::JwtSecret;
use aws_lc_rs::hmac;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use std::{fmt, sync::Arc};

/// The longest token, in bytes: longer ones are not looked at.
const MAX_BYTES: usize = 128;

/// A refresh token; never shown by `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct RefreshToken(String);

/// Derives the successors of tokens.
#[derive(Clone)]
pub struct RefreshKeys(Arc<[hmac::Key]>);

impl fmt::Debug for RefreshToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RefreshToken(***)")
    }
}

impl RefreshToken {
    /// The first one of a session: 16 random bytes of family and 32 of secret, base64url.
    pub fn generate() -> Self {
        Self::of(&rand::random::<[u8; 16]>(), &rand::random::<[u8; 32]>())
    }

    /// The token in a cookie; `None` where it cannot be one.
    pub fn parse(text: &str) -> Option<Self> {
        let secret = text.split_once('.').map_or(text, |(_, secret)| secret);
        let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        let good = text.len() <= MAX_BYTES && !secret.is_empty() && text.bytes().all(is_token);
        good.then(|| Self(text.to_owned()))
    }

    /// As the cookie carries it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it has the form that older releases gave to their tokens.
    pub fn is_of_older_release(&self) -> bool {
        self.family().is_none()
    }

    /// What the server keeps of it. A fast hash will do: the token is random, there is nothing to guess.
    pub fn hash(&self) -> String {
        hash(&self.0)
    }

    /// What the server keeps of its family.
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
    /// Keys from the server's secrets, the current one first. The others only find successors that were derived with
    /// them before a rotation.
    pub fn new<'a>(secrets: impl IntoIterator<Item = &'a JwtSecret>) -> Self {
        let key = |secret: &JwtSecret| {
            // A key of its own, so that no token of one kind is ever one of the other.
            let signer = hmac::Key::new(hmac::HMAC_SHA256, &secret.0);
            hmac::Key::new(
                hmac::HMAC_SHA256,
                hmac::sign(&signer, b"lockstep refresh tokens").as_ref(),
            )
        };
        Self(secrets.into_iter().map(key).collect())
    }

    /// What replaces a token, by each key.
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
    fn successor_is_the_same_each_time_and_of_the_same_family() {
        let token = RefreshToken::generate();
        let successor = keys(&[1]).successors(&token).next().unwrap();
        assert_eq!(keys(&[1]).successors(&token).next().unwrap(), successor);
        assert_ne!(successor, token);
        assert_eq!(successor.family_hash(), token.family_hash());
        assert!(!token.hash().contains(token.as_str()) && !format!("{token:?}").contains(token.as_str()));
    }

    #[test]
    fn successor_by_the_previous_key_is_found_after_a_rotation() {
        let token = RefreshToken::generate();
        let before = keys(&[1]).successors(&token).next().unwrap();
        let rotated: Vec<_> = keys(&[2]).successors(&token).collect();
        assert!(!rotated.contains(&before));
        assert_eq!(keys(&[2, 1]).successors(&token).nth(1), Some(before));
    }

    #[test]
    fn token_of_an_older_release_gets_a_family_with_its_first_successor() {
        let old = RefreshToken::parse("0JmW5xg3-7c2KzN6c1T0mQ0JmW5xg3-7c2KzN6c1T0m").unwrap();
        assert!(old.is_of_older_release() && old.family_hash().is_none());
        let first = keys(&[1]).successors(&old).next().unwrap();
        assert!(!first.is_of_older_release());
        assert_eq!(keys(&[1]).successors(&old).next(), Some(first));
    }

    #[test]
    fn text_that_cannot_be_a_token_is_not_looked_at() {
        for text in ["", "a.", "a b", "ä", "a;b", &"x".repeat(MAX_BYTES + 1)] {
            assert_eq!(RefreshToken::parse(text), None, "{text}");
        }
        let token = RefreshToken::generate();
        assert_eq!(RefreshToken::parse(token.as_str()), Some(token));
    }
}

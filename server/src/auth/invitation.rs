//! Invitations: random codes for one sign-up each, known to the server by their hash only.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use std::fmt;

/// The longest code that is looked at, in bytes.
const MAX_BYTES: usize = 64;

/// An invitation's code; never shown by `Debug`.
#[derive(Clone)]
pub struct Invitation(String);

impl fmt::Debug for Invitation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Invitation(***)")
    }
}

impl Invitation {
    /// A new one: 18 random bytes, base64url.
    pub fn generate() -> Self {
        Self(URL_SAFE_NO_PAD.encode(rand::random::<[u8; 18]>()))
    }

    /// The one that somebody brings; `None` where it cannot be one.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        (!text.is_empty() && text.len() <= MAX_BYTES).then(|| Self(text.to_owned()))
    }

    /// What the operator passes on.
    pub fn code(&self) -> &str {
        &self.0
    }

    /// What the server keeps of it: a fast hash will do, since there is nothing to guess.
    pub fn hash(&self) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(self.0.as_bytes()))
    }
}

//! Invitations: random codes for one sign-up each, stored as hashes only.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use std::fmt;

/// The maximum length of a code, in bytes; longer ones are refused unread.
const MAX_BYTES: usize = 64;

/// An invitation's code; `Debug` does not show it.
#[derive(Clone)]
pub struct Invitation(String);

impl fmt::Debug for Invitation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Invitation(***)")
    }
}

impl Invitation {
    /// A new code: 18 random bytes, base64url.
    pub fn generate() -> Self {
        Self(URL_SAFE_NO_PAD.encode(rand::random::<[u8; 18]>()))
    }

    /// Parses a code; `None` if it is malformed.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        (!text.is_empty() && text.len() <= MAX_BYTES).then(|| Self(text.to_owned()))
    }

    /// The text that the operator passes on.
    pub fn code(&self) -> &str {
        &self.0
    }

    /// The stored hash. A fast hash suffices, since the code is random.
    pub fn hash(&self) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(self.0.as_bytes()))
    }
}

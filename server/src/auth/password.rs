//! Argon2id, off the async threads. The parameters are the crate's defaults (19 MiB, 2 passes, 1 lane: OWASP's
//! Password Storage Cheat Sheet).

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use std::sync::{Arc, LazyLock};
use thiserror::Error;
use tokio::sync::Semaphore;

/// How many passwords are hashed at once: each takes 19 MiB and a core.
const AT_ONCE: usize = 4;

/// Hashes and verifies passwords.
#[derive(Clone)]
pub struct Passwords {
    permits: Arc<Semaphore>,
}

/// A password could not be hashed at all.
#[derive(Debug, Error)]
#[error("hashing a password failed: {0}")]
pub struct PasswordError(String);

impl Default for Passwords {
    fn default() -> Self {
        Self {
            permits: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }
}

impl Passwords {
    /// The hash of a password with a fresh salt, as a PHC string.
    ///
    /// # Errors
    /// [`PasswordError`] when the system gives no random numbers or the server is stopping.
    pub async fn hash(&self, password: String) -> Result<String, PasswordError> {
        self.run(move || hash(&password)).await?
    }

    /// Whether the password is the one that was hashed. Without a hash (an unknown user) it takes as long and is
    /// `false`, so that the time does not tell who has an account.
    ///
    /// # Errors
    /// [`PasswordError`] when the stored hash cannot be read.
    pub async fn verify(&self, password: String, hashed: Option<String>) -> Result<bool, PasswordError> {
        self.run(move || match hashed {
            Some(hashed) => verify(&password, &hashed),
            None => verify(&password, UNKNOWN_USER.as_deref().unwrap_or_default()).map(|_| false),
        })
        .await?
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, PasswordError> {
        let _permit = self
            .permits
            .acquire()
            .await
            .map_err(|error| PasswordError(error.to_string()))?;
        tokio::task::spawn_blocking(work)
            .await
            .map_err(|error| PasswordError(error.to_string()))
    }
}

static UNKNOWN_USER: LazyLock<Option<String>> = LazyLock::new(|| hash("nobody has this password").ok());

fn hash(password: &str) -> Result<String, PasswordError> {
    let hash: Result<PasswordHash, _> = Argon2::default().hash_password(password.as_bytes());
    hash.map(|hash| hash.to_string())
        .map_err(|error| PasswordError(error.to_string()))
}

fn verify(password: &str, hashed: &str) -> Result<bool, PasswordError> {
    let hashed = PasswordHash::new(hashed).map_err(|error| PasswordError(error.to_string()))?;
    Ok(Argon2::default().verify_password(password.as_bytes(), &hashed).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_same_password_is_right() {
        let passwords = Passwords::default();
        let hashed = passwords.hash("correct horse".into()).await.unwrap();
        assert!(hashed.starts_with("$argon2id$"));
        assert!(
            passwords
                .verify("correct horse".into(), Some(hashed.clone()))
                .await
                .unwrap()
        );
        assert!(!passwords.verify("battery staple".into(), Some(hashed)).await.unwrap());
        assert!(!passwords.verify("nobody has this password".into(), None).await.unwrap());
    }
}

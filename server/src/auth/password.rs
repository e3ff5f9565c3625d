//! Argon2id on dedicated threads. The parameters are the crate's defaults (19 MiB, 2 passes, 1 lane: OWASP's
//! Password Storage Cheat Sheet).

use super::{
    hashing::{HashingError, HashingThreads, Priority},
    weak_password::is_weak,
};
use argon2::{
    Algorithm, Argon2, Block, Params, Version,
    password_hash::phc::{Output, ParamsString, PasswordHash, Salt},
};
use thiserror::Error;

/// Hashes and verifies passwords.
#[derive(Clone)]
pub struct Passwords {
    threads: HashingThreads,
}

/// Why a password could not be hashed.
#[derive(Debug, PartialEq, Eq, Error)]
pub enum PasswordError {
    /// The queue is full; trying again later may help.
    #[error("The server is busy. Please try again in {} seconds.", Self::RETRY_AFTER_SECONDS)]
    Busy,
    /// The server is stopping, or a stored hash is invalid.
    #[error("hashing a password failed: {0}")]
    Failed(String),
}

impl PasswordError {
    /// Seconds to wait when the queue was full: about the time that a full queue takes.
    pub const RETRY_AFTER_SECONDS: u64 = 5;

    fn failed(error: impl ToString) -> Self {
        Self::Failed(error.to_string())
    }
}

impl From<HashingError> for PasswordError {
    fn from(error: HashingError) -> Self {
        match error {
            HashingError::QueueFull => Self::Busy,
            HashingError::Stopped => Self::failed("the hashing threads have ended"),
        }
    }
}

impl Default for Passwords {
    fn default() -> Self {
        Self {
            threads: HashingThreads::start(),
        }
    }
}

impl Passwords {
    /// Hashes a new password of the account with this address, with a fresh salt, as a PHC string; `None` if the
    /// password is weak. The check takes some milliseconds.
    ///
    /// # Errors
    /// [`PasswordError`] when the queue is full, or the server is stopping.
    pub async fn hash_new(&self, password: String, email: String) -> Result<Option<String>, PasswordError> {
        let hash = move |memory: &mut Vec<Block>| match is_weak(&password, &email) {
            true => Ok(None),
            false => hash(&password, memory).map(Some),
        };
        self.threads.run(Priority::SignUp, hash).await?
    }

    /// Whether the password matches the hash. Without a hash (an unknown user) it takes as long and returns `false`, so
    /// that the time does not reveal which addresses have accounts.
    ///
    /// # Errors
    /// [`PasswordError`] when the queue is full, or the stored hash is invalid.
    pub async fn verify(&self, password: String, hashed: Option<String>) -> Result<bool, PasswordError> {
        let verify = move |memory: &mut Vec<Block>| match hashed {
            Some(hashed) => verify(&password, &hashed, memory),
            None => hash(&password, memory).map(|_| false),
        };
        self.threads.run(Priority::SignIn, verify).await?
    }
}

fn hash(password: &str, memory: &mut Vec<Block>) -> Result<String, PasswordError> {
    let argon2 = Argon2::default();
    let salt = Salt::generate();
    let output = output(&argon2, password, &salt, Params::DEFAULT_OUTPUT_LEN, memory)?;
    let hash = PasswordHash {
        algorithm: Algorithm::default().ident(),
        version: Some(Version::default().into()),
        params: ParamsString::try_from(argon2.params()).map_err(PasswordError::failed)?,
        salt: Some(salt),
        hash: Some(output),
    };
    Ok(hash.to_string())
}

fn verify(password: &str, hashed: &str, memory: &mut Vec<Block>) -> Result<bool, PasswordError> {
    let stored = PasswordHash::new(hashed).map_err(PasswordError::failed)?;
    let (Some(salt), Some(expected)) = (stored.salt, stored.hash) else {
        return Err(PasswordError::failed("a stored hash is incomplete"));
    };
    let algorithm = Algorithm::try_from(stored.algorithm.as_str()).map_err(PasswordError::failed)?;
    let version = stored.version.map(Version::try_from).transpose();
    let params = Params::try_from(&stored).map_err(PasswordError::failed)?;
    let argon2 = Argon2::new(
        algorithm,
        version.map_err(PasswordError::failed)?.unwrap_or_default(),
        params,
    );
    // A constant-time comparison.
    Ok(output(&argon2, password, &salt, expected.len(), memory)? == expected)
}

fn output(
    argon2: &Argon2<'_>,
    password: &str,
    salt: &Salt,
    length: usize,
    memory: &mut Vec<Block>,
) -> Result<Output, PasswordError> {
    let blocks = argon2.params().block_count();
    // A hash of another release may need more memory.
    if memory.len() < blocks {
        memory.resize(blocks, Block::default());
    }
    let mut bytes = [0; Output::MAX_LENGTH];
    let bytes = bytes
        .get_mut(..length)
        .ok_or_else(|| PasswordError::failed("a stored hash is too long"))?;
    argon2
        .hash_password_into_with_memory(password.as_bytes(), salt, bytes, &mut memory[..blocks])
        .map_err(PasswordError::failed)?;
    Output::new(bytes).map_err(PasswordError::failed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use argon2::password_hash::{PasswordHasher, PasswordVerifier};

    #[tokio::test]
    async fn only_the_hashed_password_verifies() {
        let passwords = Passwords::default();
        let hashed = passwords.hash_new("correct horse".into(), "ada@example.com".into());
        let hashed = hashed.await.unwrap().expect("it is not weak");
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

    #[test]
    fn hashes_with_reused_memory_equal_those_of_the_library() {
        let mut memory = Vec::new();
        let ours = hash("correct horse", &mut memory).unwrap();
        let library = Argon2::default();
        assert!(library.verify_password(b"correct horse", ours.as_str()).is_ok());
        let theirs = library.hash_password(b"correct horse").unwrap();
        assert!(verify("correct horse", &theirs.to_string(), &mut memory).unwrap());
        // Other parameters, as another release may use, and memory with content from before.
        let stronger = Argon2::from(Params::new(20 * 1024, 1, 2, None).unwrap());
        let theirs = stronger.hash_password(b"correct horse").unwrap();
        assert!(verify("correct horse", &theirs.to_string(), &mut memory).unwrap());
        assert!(!verify("wrong horse", &theirs.to_string(), &mut memory).unwrap());
    }
}

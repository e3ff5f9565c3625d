//! JWT_SECRET and JWT_SECRET_PREVIOUS.

use super::{ConfigError, Environment, Vars};
use std::{collections::HashSet, fmt};

/// A signing key of built-in tokens; `Debug` does not show it.
#[derive(Clone)]
pub struct JwtSecret(pub Vec<u8>);

impl JwtSecret {
    /// The minimum length of a secret, in bytes: the size of HS256's hash (RFC 7518, 3.2).
    pub const MIN_BYTES: usize = 32;
    /// The minimum number of different bytes. 32 random hexadecimal digits have fewer once in a million.
    const MIN_DISTINCT: usize = 8;
}

impl fmt::Debug for JwtSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JwtSecret(***)")
    }
}

/// JWT_SECRET; `None` in development if it is not set.
pub(super) fn read(vars: &Vars, environment: Environment) -> Result<Option<JwtSecret>, ConfigError> {
    match secret(vars, "JWT_SECRET")? {
        None if environment != Environment::Development => {
            let allowed = format!("{}; it is required outside development", allowed());
            Err(ConfigError::unset("JWT_SECRET", allowed))
        }
        secret => Ok(secret),
    }
}

/// JWT_SECRET_PREVIOUS
pub(super) fn previous(vars: &Vars) -> Result<Option<JwtSecret>, ConfigError> {
    secret(vars, "JWT_SECRET_PREVIOUS")
}

fn secret(vars: &Vars, name: &'static str) -> Result<Option<JwtSecret>, ConfigError> {
    let Some(text) = vars.secret(name)? else {
        return Ok(None);
    };
    let secret = text.into_bytes();
    let distinct = secret.iter().collect::<HashSet<_>>().len();
    let fault = if secret.len() < JwtSecret::MIN_BYTES {
        format!("{} bytes", secret.len())
    } else if distinct < JwtSecret::MIN_DISTINCT {
        format!("{distinct} different bytes")
    } else {
        return Ok(Some(JwtSecret(secret)));
    };
    Err(ConfigError::hidden(name, fault, allowed()))
}

fn allowed() -> String {
    format!(
        "a random text of at least {} bytes, {} of them different",
        JwtSecret::MIN_BYTES,
        JwtSecret::MIN_DISTINCT
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_with_few_different_bytes_is_refused_and_not_shown() {
        for name in ["JWT_SECRET", "JWT_SECRET_PREVIOUS"] {
            let read = |text: &str| secret(&Vars::from_pairs([(name, text)]), name);
            for text in ["a".repeat(64), "abcabc".repeat(10), "short".to_owned()] {
                let refused = read(&text).unwrap_err().to_string();
                assert!(refused.contains(name) && refused.contains("different"), "{refused}");
                assert!(!refused.contains(&text), "{refused}");
            }
            assert!(read("the-key-of-this-test-which-nobody-may-read").unwrap().is_some());
            assert!(read("9f86d081884c7d659a2feaa0c55ad015").unwrap().is_some());
        }
    }
}

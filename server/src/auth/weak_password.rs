//! Passwords that somebody guesses first.

use zxcvbn::zxcvbn;

/// Passwords that zxcvbn expects to be guessed within so many tries are refused.
const MIN_GUESSES: u64 = 10_000;
/// Characters that are looked at: the search takes longer for longer passwords.
const LOOKED_AT: usize = 64;

/// Whether a password is among the first guesses of an attacker who knows the address.
pub fn is_weak(password: &str, email: &str) -> bool {
    let folded = password.trim().to_lowercase();
    let mut chars = folded.chars();
    let repeated = chars.next().is_none_or(|first| chars.all(|char| char == first));
    let (name, domain) = email.split_once('@').unwrap_or((email, ""));
    if repeated || folded == email {
        return true;
    }
    let looked_at: String = folded.chars().take(LOOKED_AT).collect();
    let name: String = name.chars().take(LOOKED_AT).collect();
    zxcvbn(&looked_at, &[email, &name, domain, "lockstep"]).guesses() < MIN_GUESSES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_that_are_guessed_first_are_weak() {
        for password in [
            "password",
            "Password",
            "password1",
            "12345678",
            "qwertyui",
            "iloveyou",
            "        ",
            "aaaaaaaa",
            "ÄÄÄÄÄÄÄÄ",
            "ada@example.com",
            "ADA@example.com",
            "lockstep",
            &"x".repeat(256),
        ] {
            assert!(is_weak(password, "ada@example.com"), "{password}");
        }
    }

    #[test]
    fn a_few_words_or_random_characters_are_not_weak() {
        for password in [
            "correct horse",
            "correct horse battery staple",
            "k7#mQz!p",
            "pass wörd+&%\"secret",
            "ŝĥĵĉĝŭñß",
        ] {
            assert!(!is_weak(password, "ada@example.com"), "{password}");
        }
    }
}

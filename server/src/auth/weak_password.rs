//! Detects passwords that are easy to guess.

use zxcvbn::zxcvbn;

/// Passwords that zxcvbn expects to be guessed within fewer tries are refused.
const MIN_GUESSES: u64 = 10_000;
/// Number of characters that are checked: the search takes longer for longer passwords.
const CHECKED_CHARS: usize = 64;

/// Whether an attacker who knows the address is likely to guess the password.
pub fn is_weak(password: &str, email: &str) -> bool {
    let folded = password.trim().to_lowercase();
    let mut chars = folded.chars();
    let repeated = chars.next().is_none_or(|first| chars.all(|char| char == first));
    let (name, domain) = email.split_once('@').unwrap_or((email, ""));
    if repeated || folded == email {
        return true;
    }
    let looked_at: String = folded.chars().take(CHECKED_CHARS).collect();
    let name: String = name.chars().take(CHECKED_CHARS).collect();
    zxcvbn(&looked_at, &[email, &name, domain, "lockstep"]).guesses() < MIN_GUESSES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_passwords_and_the_own_address_are_weak() {
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
    fn several_words_or_random_characters_are_not_weak() {
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

//! Why a request about a built-in account is refused. A refusal travels as a code, also in a query, and its sentence is
//! made here: text from a link is never shown as the application's own.

use crate::limits;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Why a request about a built-in account is refused. `Display` writes a sentence for the user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountRefusal {
    /// Not an e-mail address, or too long for one.
    #[error("This is not an e-mail address; it should look like name@example.com.")]
    EmailInvalid,
    /// Fewer than [`limits::PASSWORD_MIN_CHARS`].
    #[error("The password must have at least {} characters.", limits::PASSWORD_MIN_CHARS)]
    PasswordTooShort,
    /// More than [`limits::PASSWORD_MAX_CHARS`].
    #[error("The password may have at most {} characters.", limits::PASSWORD_MAX_CHARS)]
    PasswordTooLong,
    /// Among the most common passwords.
    #[error("This password is too easy to guess. A few words that do not belong together are a good one.")]
    PasswordTooCommon,
    /// More than [`limits::TITLE_CHARS`].
    #[error("A name may have at most {} characters.", limits::TITLE_CHARS)]
    NameTooLong,
    /// A NUL character cannot be stored.
    #[error("A name may not contain the NUL character (U+0000).")]
    NameHasNul,
    /// The address has an account already.
    #[error("There is already an account with this e-mail address. Sign in instead.")]
    EmailTaken,
    /// Unknown address or wrong password: one answer for both.
    #[error("The e-mail address or the password is not right.")]
    WrongCredentials,
    /// Too many failed sign-ins.
    #[error("Too many attempts. Please wait {} and try again.", wait(*retry_after))]
    TooManyAttempts {
        /// Seconds to wait.
        retry_after: u64,
    },
    /// Too many sign-ups from one client address.
    #[error("Too many accounts were created from your network. Please wait {} and try again.", wait(*retry_after))]
    TooManySignUps {
        /// Seconds to wait.
        retry_after: u64,
    },
    /// Too many refreshes of one session or from one client address, or too many pages and forms.
    #[error("Too many requests. Please wait {} and try again.", wait(*retry_after))]
    TooManyRequests {
        /// Seconds to wait.
        retry_after: u64,
    },
    /// The queue for password hashing is full.
    #[error("The server is busy. Please wait {} and try again.", wait(*retry_after))]
    Busy {
        /// Seconds to wait.
        retry_after: u64,
    },
    /// SIGNUPS=closed.
    #[error("This server takes no new accounts.")]
    SignUpsClosed,
    /// SIGNUPS=invite, and the invitation is missing, unknown, used or expired.
    #[error("A new account on this server needs an invitation that is unused and not over. Ask its operator for one.")]
    InvitationInvalid,
    /// The session never existed, was signed out, expired, or was revoked.
    #[error("You are signed out. Please sign in again.")]
    SignedOut,
    /// ACCOUNTS_ENABLED=false.
    #[error("This server has no accounts of its own.")]
    Disabled,
}

impl AccountRefusal {
    /// Seconds to wait before trying again, if that can help.
    pub fn retry_after(&self) -> Option<u64> {
        match *self {
            Self::TooManyAttempts { retry_after }
            | Self::TooManySignUps { retry_after }
            | Self::TooManyRequests { retry_after }
            | Self::Busy { retry_after } => Some(retry_after),
            _ => None,
        }
    }

    /// The invalid member of the request's body.
    pub fn field(&self) -> Option<&'static str> {
        match self {
            Self::EmailInvalid => Some("email"),
            Self::PasswordTooShort | Self::PasswordTooLong | Self::PasswordTooCommon => Some("password"),
            Self::NameTooLong | Self::NameHasNul => Some("display_name"),
            _ => None,
        }
    }
}

/// The waiting time in words, at most an hour: the number may come from a link.
fn wait(seconds: u64) -> String {
    match seconds.min(60 * 60) {
        0 | 1 => "a second".to_owned(),
        seconds @ 2..=99 => format!("{seconds} seconds"),
        seconds => format!("{} minutes", seconds.div_ceil(60)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_are_read_from_known_codes_only() {
        let refusal = AccountRefusal::TooManyAttempts { retry_after: 2 };
        let json = serde_json::to_string(&refusal).unwrap();
        assert_eq!(json, r#"{"too_many_attempts":{"retry_after":2}}"#);
        assert_eq!(serde_json::from_str::<AccountRefusal>(&json).unwrap(), refusal);
        for words in [r#""Your account was locked.""#, r#"{"message":"Call +1 555 0100"}"#] {
            assert!(serde_json::from_str::<AccountRefusal>(words).is_err());
        }
    }

    #[test]
    fn wait_is_written_in_words_and_is_at_most_an_hour() {
        for (seconds, words) in [
            (1, "a second"),
            (64, "64 seconds"),
            (900, "15 minutes"),
            (u64::MAX, "60 minutes"),
        ] {
            assert_eq!(wait(seconds), words);
        }
    }
}

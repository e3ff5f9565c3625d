//! Built-in accounts: what the `/v1/auth/…` endpoints and the sign-in pages exchange.

mod refusal;

pub use refusal::AccountRefusal;

use crate::{
    id::UserId,
    limits,
    rest::input::{Issues, PlainText},
};
use deserr::Deserr;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The body of `POST /v1/auth/sign-up` and `POST /v1/auth/sign-in`.
#[derive(Clone, Serialize, Deserialize, Deserr)]
#[deserr(error = Issues)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Credentials {
    /// The account's e-mail address; trimmed and lower-cased before use.
    #[deserr(from(PlainText) = Into::into)]
    #[cfg_attr(feature = "schema", schema(value_type = PlainText))]
    pub email: String,
    /// The password, 8 to 256 characters at sign-up.
    #[deserr(from(PlainText) = Into::into)]
    #[cfg_attr(feature = "schema", schema(value_type = PlainText))]
    pub password: String,
    /// What others see; sign-up only, and optional there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[deserr(default, from(Option<PlainText>) = into_text)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<PlainText>))]
    pub display_name: Option<String>,
    /// An invitation of the operator's; sign-up only, and required there where the server has `SIGNUPS=invite`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[deserr(default, from(Option<PlainText>) = into_text)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<PlainText>))]
    pub invitation: Option<String>,
}

fn into_text(text: Option<PlainText>) -> Option<String> {
    text.map(String::from)
}

impl fmt::Debug for Credentials {
    /// Without the password: what is debugged ends up in a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("email", &self.email)
            .finish_non_exhaustive()
    }
}

/// Who is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Account {
    /// The user's id.
    pub id: UserId,
    /// The address they sign in with.
    pub email: String,
    /// What others see.
    pub display_name: Option<String>,
}

impl Account {
    /// What to call the person: their display name, else their address.
    pub fn name(&self) -> &str {
        self.display_name.as_deref().unwrap_or(&self.email)
    }
}

/// The answer of `POST /v1/auth/sign-up`, `/sign-in` and `/refresh` (the members of RFC 6749, 5.1, and the user).
/// The refresh token is not in it: it travels in an HttpOnly cookie only.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct AccessGrant {
    /// A JWT for `Authorization: Bearer` and for the WebSocket's subprotocol.
    pub access_token: String,
    /// Always `Bearer`.
    pub token_type: String,
    /// Seconds until the access token expires.
    pub expires_in: i64,
    /// Whose token it is.
    pub user: Account,
}

impl fmt::Debug for AccessGrant {
    /// Without the token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessGrant")
            .field("expires_in", &self.expires_in)
            .field("user", &self.user)
            .finish_non_exhaustive()
    }
}

/// Who may create an account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignUps {
    /// Everybody.
    #[default]
    Open,
    /// Everybody with an invitation of the operator's.
    Invite,
    /// Nobody.
    Closed,
}

/// Why the length of a password is not allowed; `None` when it is.
pub fn password_problem(password: &str) -> Option<AccountRefusal> {
    match password.chars().count() {
        ..limits::PASSWORD_MIN_CHARS => Some(AccountRefusal::PasswordTooShort),
        limits::PASSWORD_MIN_CHARS..=limits::PASSWORD_MAX_CHARS => None,
        _ => Some(AccountRefusal::PasswordTooLong),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_counted_in_characters() {
        assert!(password_problem("1234567").is_some());
        assert!(password_problem("12345678").is_none());
        assert!(password_problem("ŝĥĵĉĝŭñß").is_none());
        assert!(password_problem(&"x".repeat(257)).is_some());
    }

    #[test]
    fn debug_output_holds_no_secret() {
        let credentials = Credentials {
            email: "a@example.com".into(),
            password: "hunter22".into(),
            display_name: None,
            invitation: None,
        };
        assert!(!format!("{credentials:?}").contains("hunter22"));
    }
}

//! Built-in accounts: the types of the `/v1/auth/…` endpoints and the sign-in pages.

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
    /// The name that others see; only at sign-up, and optional.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[deserr(default, from(Option<PlainText>) = into_text)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<PlainText>))]
    pub display_name: Option<String>,
    /// The operator's invitation; only at sign-up, and required if the server has `SIGNUPS=invite`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[deserr(default, from(Option<PlainText>) = into_text)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<PlainText>))]
    pub invitation: Option<String>,
}

fn into_text(text: Option<PlainText>) -> Option<String> {
    text.map(String::from)
}

impl fmt::Debug for Credentials {
    /// Omits the password, since debug output ends up in logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("email", &self.email)
            .finish_non_exhaustive()
    }
}

/// The signed-in user's account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Account {
    /// The user's id.
    pub id: UserId,
    /// The address to sign in with.
    pub email: String,
    /// The name that others see.
    pub display_name: Option<String>,
}

impl Account {
    /// The display name, or the address if there is none.
    pub fn name(&self) -> &str {
        self.display_name.as_deref().unwrap_or(&self.email)
    }
}

/// The response of `POST /v1/auth/sign-up`, `/sign-in` and `/refresh` (the members of RFC 6749, 5.1, and the user).
/// The refresh token is sent in an HttpOnly cookie only.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct AccessGrant {
    /// A JWT for `Authorization: Bearer` and for the WebSocket's subprotocol.
    pub access_token: String,
    /// Always `Bearer`.
    pub token_type: String,
    /// Seconds until the access token expires.
    pub expires_in: i64,
    /// The token's user.
    pub user: Account,
}

impl fmt::Debug for AccessGrant {
    /// Omits the token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessGrant")
            .field("expires_in", &self.expires_in)
            .field("user", &self.user)
            .finish_non_exhaustive()
    }
}

/// Whether accounts can be created.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignUps {
    /// Anyone can create an account.
    #[default]
    Open,
    /// An invitation from the operator is required.
    Invite,
    /// No accounts can be created.
    Closed,
}

/// The refusal of a password with an invalid length; `None` when it is valid.
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
    fn password_length_is_counted_in_characters() {
        assert!(password_problem("1234567").is_some());
        assert!(password_problem("12345678").is_none());
        assert!(password_problem("ŝĥĵĉĝŭñß").is_none());
        assert!(password_problem(&"x".repeat(257)).is_some());
    }

    #[test]
    fn debug_output_contains_no_secret() {
        let credentials = Credentials {
            email: "a@example.com".into(),
            password: "hunter22".into(),
            display_name: None,
            invitation: None,
        };
        assert!(!format!("{credentials:?}").contains("hunter22"));
    }
}

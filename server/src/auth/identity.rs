//! The content of a valid token, and why a token is refused.

pub use protocol::profile::Profile;
use protocol::{id::UserId, sharing::Reader, time::Timestamp};
use thiserror::Error;
use uuid::Uuid;

/// The content of a valid token of any issuer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedToken {
    /// `sub`: identifies a user only together with the issuer.
    pub subject: String,
    /// When the token expires.
    pub expires_at: Timestamp,
    /// The profile that others may see.
    pub profile: Profile,
    /// `sid`: the issuer's session, if it is given.
    pub session: Option<Uuid>,
}

/// The user of a token, and when the token expires.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    pub user: UserId,
    /// When the token expires.
    pub expires_at: Timestamp,
    /// The profile that others may see.
    pub profile: Profile,
    /// The token's session, if this server can end it.
    pub session: Option<Uuid>,
}

impl From<Identity> for Reader {
    fn from(identity: Identity) -> Self {
        Self {
            user: identity.user,
            email: identity.profile.email,
        }
    }
}

/// Why a token is refused. The texts are those of the contract (REST 2.2) and safe to show: they never contain the
/// token.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TokenError {
    #[error("Authorization header missing")]
    Missing,
    /// Malformed, or the signature is invalid.
    #[error("Invalid token: {0}")]
    Invalid(&'static str),
    /// Valid but for its expiry.
    #[error("Invalid token: it has expired")]
    Expired,
    /// The issuer is not configured.
    #[error("Invalid issuer: {0}")]
    Issuer(String),
    /// The token is for another audience.
    #[error("Invalid audience")]
    Audience,
    /// The token has no `sub`.
    #[error("Token missing 'sub' claim")]
    NoSubject,
    /// The issuer's keys cannot be fetched, so the token may be valid.
    #[error("Authentication service unavailable")]
    Unavailable,
}

//! What a good token says, and why a bad one is refused.

pub use protocol::profile::Profile;
use protocol::{id::UserId, sharing::Reader, time::Timestamp};
use thiserror::Error;
use uuid::Uuid;

/// What a valid token of any issuer says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedToken {
    /// `sub`: whom the issuer means. Only together with the issuer it names a user.
    pub subject: String,
    /// When the token expires.
    pub expires_at: Timestamp,
    /// What others may see of them.
    pub profile: Profile,
    /// `sid`: the issuer's session, where it is named.
    pub session: Option<Uuid>,
}

/// The user of a token, and when it expires.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The user whom the issuer means.
    pub user: UserId,
    /// When the token expires.
    pub expires_at: Timestamp,
    /// What others may see of them.
    pub profile: Profile,
    /// The token's session, where it has one that this server could end.
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

/// Why a token is refused. The texts are the contract's (REST 2.2), and safe to show: they never contain the token.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TokenError {
    #[error("Authorization header missing")]
    Missing,
    /// Malformed, or the signature does not fit.
    #[error("Invalid token: {0}")]
    Invalid(&'static str),
    /// It was good until it expired.
    #[error("Invalid token: it has expired")]
    Expired,
    /// It is of an issuer that this server does not know.
    #[error("Invalid issuer: {0}")]
    Issuer(String),
    /// It is meant for somebody else.
    #[error("Invalid audience")]
    Audience,
    /// It does not say whose it is.
    #[error("Token missing 'sub' claim")]
    NoSubject,
    /// The issuer's keys cannot be fetched: the token may be good.
    #[error("Authentication service unavailable")]
    Unavailable,
}

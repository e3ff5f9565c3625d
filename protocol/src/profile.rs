//! A user's profile from their tokens.

/// The issuer (`iss`) of the tokens of built-in accounts.
pub const ISSUER: &str = "lockstep";

/// The profile as of the newest token (contract, REST 2.3).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    /// `name`, else `preferred_username`.
    pub display_name: Option<String>,
    /// `picture`.
    pub avatar_url: Option<String>,
    /// `email`, trimmed and in lower case; only if the issuer has verified it.
    pub email: Option<String>,
}

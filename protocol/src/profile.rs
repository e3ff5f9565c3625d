//! Who a user is, as their tokens say.

/// The issuer (`iss`) of the tokens of built-in accounts.
pub const ISSUER: &str = "lockstep";

/// A person's profile, as the newest token has it (contract, REST 2.3).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    /// `name`, else `preferred_username`.
    pub display_name: Option<String>,
    /// `picture`.
    pub avatar_url: Option<String>,
    /// `email`, trimmed and in lower case, only if the issuer verified it.
    pub email: Option<String>,
}

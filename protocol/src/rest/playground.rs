//! What the playground asks of the server beside the API. In development only: a release does not contain it.

use super::input::{Issues, Title, WholeNumber};
use deserr::Deserr;
use serde::Serialize;

/// The path of the page.
pub const PLAYGROUND_PATH: &str = "/ws-playground";
/// `POST`: a token of a test user. Answered by [`super::account::AccessGrant`].
pub const TEST_USERS_PATH: &str = "/ws-playground/users";
/// `POST`, with the token of a user: ends that user's WebSockets.
pub const END_CONNECTIONS_PATH: &str = "/ws-playground/end";
/// The style sheet of the page.
pub const STYLE_PATH: &str = "/ws-playground/style.css";

/// The body of [`TEST_USERS_PATH`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserr)]
#[deserr(error = Issues)]
pub struct TestUser {
    /// The user's name. The same name is the same user.
    pub name: Title,
    /// Seconds until the token expires, at most 15 minutes, which is the default. Negative: it has expired.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub expires_in: Option<WholeNumber>,
}

/// The body of [`END_CONNECTIONS_PATH`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserr)]
#[deserr(error = Issues)]
pub struct EndConnections {
    /// The close code. Without one the connections are cut, without a Close frame.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub code: Option<WholeNumber>,
}

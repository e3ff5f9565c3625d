//! The errors that a page shows.

use leptos::{
    prelude::{FromServerFnError, ServerFnErrorErr},
    server_fn::codec::JsonEncoding,
};
use protocol::rest::account::AccountRefusal;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Why a request failed. A form without scripts carries it in its page's query, which anyone can write: so it is a
/// code, and the text is made here.
#[derive(Clone, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
pub enum PageError {
    /// Refused for a reason that the user can act on.
    #[error("{0}")]
    Refused(AccountRefusal),
    /// The server failed; it has logged the cause.
    #[error("Something went wrong on our side. Please try again in a moment.")]
    Unavailable,
    /// The server could not be reached.
    #[error("The server cannot be reached. Please check your connection and try again.")]
    Unreachable,
    /// An unknown error code.
    #[error("Something went wrong on our side. Please try again in a moment.")]
    Unreadable,
}

impl FromServerFnError for PageError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) => Self::Unreachable,
            ServerFnErrorErr::Deserialization(_) => Self::Unreadable,
            _ => Self::Unavailable,
        }
    }
}

#[cfg(feature = "ssr")]
impl PageError {
    /// The sentence for people, in the language of the texts.
    pub fn text(&self, texts: &crate::texts::AuthTexts) -> String {
        match self {
            Self::Refused(refusal) => (texts.refusal)(*refusal),
            Self::Unavailable | Self::Unreadable => texts.unavailable.to_owned(),
            Self::Unreachable => texts.unreachable.to_owned(),
        }
    }
}

#[cfg(feature = "ssr")]
impl From<crate::backend::BackendError> for PageError {
    fn from(error: crate::backend::BackendError) -> Self {
        match error {
            crate::backend::BackendError::Refused(refusal) => Self::Refused(refusal),
            crate::backend::BackendError::Unavailable => Self::Unavailable,
        }
    }
}

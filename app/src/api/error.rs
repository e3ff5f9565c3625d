//! What a page shows when the server did not do something.

use leptos::{
    prelude::{FromServerFnError, ServerFnErrorErr},
    server_fn::codec::JsonEncoding,
};
use protocol::rest::account::AccountRefusal;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Why it was not done. A form without scripts carries it in its page's query, where anybody can put anything: so it is
/// a code, and its sentence is made here.
#[derive(Clone, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
pub enum PageError {
    /// The person can do something about it.
    #[error("{0}")]
    Refused(AccountRefusal),
    /// The server could not.
    #[error("Something went wrong on our side. Please try again in a moment.")]
    Unavailable,
    /// The server was not reached.
    #[error("The server cannot be reached. Please check your connection and try again.")]
    Unreachable,
    /// It is not a code that this page knows.
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
impl From<crate::backend::BackendError> for PageError {
    fn from(error: crate::backend::BackendError) -> Self {
        match error {
            crate::backend::BackendError::Refused(refusal) => Self::Refused(refusal),
            crate::backend::BackendError::Unavailable => Self::Unavailable,
        }
    }
}

//! What a page shows when the server did not do something.

use leptos::{
    prelude::{FromServerFnError, ServerFnErrorErr},
    server_fn::codec::JsonEncoding,
};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Why it was not done, in words for the person.
#[derive(Clone, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
pub enum PageError {
    /// The person can do something about it.
    #[error("{0}")]
    Refused(String),
    /// The server could not.
    #[error("Something went wrong on our side. Please try again in a moment.")]
    Unavailable,
    /// The server was not reached.
    #[error("The server cannot be reached. Please check your connection and try again.")]
    Unreachable,
}

impl FromServerFnError for PageError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) => Self::Unreachable,
            _ => Self::Unavailable,
        }
    }
}

#[cfg(feature = "ssr")]
impl From<crate::backend::BackendError> for PageError {
    fn from(error: crate::backend::BackendError) -> Self {
        match error {
            crate::backend::BackendError::Refused(sentence) => Self::Refused(sentence),
            crate::backend::BackendError::Unavailable => Self::Unavailable,
        }
    }
}

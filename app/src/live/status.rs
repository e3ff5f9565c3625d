//! The connection status.

use serde::{Deserialize, Serialize};

/// The state of the live connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    /// The first connection is being made.
    Connecting,
    /// Changes are received as they happen.
    Live,
    /// The connection was lost; the next attempt is in so many seconds, 0 while it is being made.
    Reconnecting { seconds: u32 },
    /// The device has no network.
    Offline,
    /// The session has ended; the user must sign in.
    SignedOut,
    /// The server does not support this page's version: it must be reloaded.
    Outdated,
}

impl Status {
    /// The value of `data-state`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Connecting => "connecting",
            Self::Live => "live",
            Self::Reconnecting { .. } => "reconnecting",
            Self::Offline => "offline",
            Self::SignedOut => "signed-out",
            Self::Outdated => "outdated",
        }
    }
}

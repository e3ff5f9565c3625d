//! How the page stands with the server.

/// The state of the live connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// The first connection is being made.
    Connecting,
    /// Every change is seen as it happens.
    Live,
    /// The connection was lost; the next attempt is so many seconds away, 0 while it is being made.
    Reconnecting {
        /// Seconds to the next attempt.
        seconds: u32,
    },
    /// The device has no network.
    Offline,
    /// The session is over; nothing more happens until somebody signs in.
    SignedOut,
    /// This page is older than the server: it must be loaded again.
    Outdated,
}

impl Status {
    /// The word in `data-state`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Connecting => "connecting",
            Self::Live => "live",
            Self::Reconnecting { .. } => "reconnecting",
            Self::Offline => "offline",
            Self::SignedOut => "signed-out",
            Self::Outdated => "outdated",
        }
    }

    /// What it says to a person.
    pub fn sentence(self) -> String {
        match self {
            Self::Connecting => "Connecting…".to_owned(),
            Self::Live => "In step".to_owned(),
            Self::Reconnecting { seconds: 0 } => "Reconnecting…".to_owned(),
            Self::Reconnecting { seconds } => format!("Reconnecting in {seconds} s"),
            Self::Offline => "Offline".to_owned(),
            Self::SignedOut => "Signed out".to_owned(),
            Self::Outdated => "Please reload".to_owned(),
        }
    }
}

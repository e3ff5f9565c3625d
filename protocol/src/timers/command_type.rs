//! The types of the clients' messages.

use crate::listed::listed;
use crate::timers::Action;

listed! {
    /// The type of a client's message.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub enum CommandType {
        /// Start a new timer.
        Create,
        /// Pause one.
        Pause,
        /// Resume one.
        Resume,
        /// Stop one.
        Stop,
        /// Give one up.
        Cancel,
        /// Ask for timers.
        Sync,
        /// Bring a new access token.
        Renew,
        /// Ask for the server's time.
        Ping,
    }
}

impl CommandType {
    /// The word of the wire, in either dialect.
    pub fn word(self) -> &'static str {
        match self {
            Self::Create => "timer.create",
            Self::Pause => "timer.pause",
            Self::Resume => "timer.resume",
            Self::Stop => "timer.stop",
            Self::Cancel => "timer.cancel",
            Self::Sync => "timer.sync",
            Self::Renew => "auth.renew",
            Self::Ping => "ping",
        }
    }

    /// Reads the word of the wire.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.word() == word)
    }
}

impl From<Action> for CommandType {
    fn from(action: Action) -> Self {
        match action {
            Action::Pause => Self::Pause,
            Action::Resume => Self::Resume,
            Action::Stop => Self::Stop,
            Action::Cancel => Self::Cancel,
        }
    }
}

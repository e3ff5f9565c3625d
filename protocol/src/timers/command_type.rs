//! The types of client messages.

use crate::listed::listed;
use crate::timers::Action;

listed! {
    /// The type of a client message.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub enum CommandType {
        /// Starts a new timer.
        Create,
        /// Pauses a timer.
        Pause,
        /// Resumes a timer.
        Resume,
        /// Stops a timer.
        Stop,
        /// Cancels a timer.
        Cancel,
        /// Moves the end of a timer.
        Correct,
        /// Requests timers.
        Sync,
        /// Renews the access token.
        Renew,
        /// Requests the server's time.
        Ping,
    }
}

impl CommandType {
    /// The name on the wire, the same in both dialects.
    pub fn wire_name(self) -> &'static str {
        match self {
            Self::Create => "timer.create",
            Self::Pause => "timer.pause",
            Self::Resume => "timer.resume",
            Self::Stop => "timer.stop",
            Self::Cancel => "timer.cancel",
            Self::Correct => "timer.correct",
            Self::Sync => "timer.sync",
            Self::Renew => "auth.renew",
            Self::Ping => "ping",
        }
    }

    /// Parses the name on the wire.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.wire_name() == word)
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

//! The types of the server's messages, and the word that each dialect has for them.

use crate::{listed::listed, socket::Dialect};

listed! {
    /// The type of a message.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub enum MessageType {
        /// The first message of a connection.
        Connected,
        /// A timer came to be.
        TimerCreated,
        /// A timer changed, or is shown on request.
        TimerUpdated,
        /// A timer was stopped; the default dialect has no word of its own for it.
        TimerCompleted,
        /// A timer is gone.
        TimerDeleted,
        /// A friend did something to a timer.
        FriendActivity,
        /// A list of timers.
        SyncResult,
        /// The answer to `ping`.
        Pong,
        /// The answer to `auth.renew`.
        Renewed,
        /// Something could not be done.
        Error,
    }
}

impl MessageType {
    /// The word of the wire (contract, WebSocket "Client to server" and "The camel dialect").
    pub fn word(self, dialect: Dialect) -> &'static str {
        match (self, dialect) {
            (Self::Connected, _) => "connected",
            (Self::TimerCreated, _) => "timer.created",
            (Self::TimerCompleted, Dialect::Camel) => "timer.completed",
            (Self::TimerUpdated | Self::TimerCompleted, _) => "timer.updated",
            (Self::FriendActivity, _) => "timer.friend_activity",
            (Self::TimerDeleted, _) => "timer.deleted",
            (Self::SyncResult, Dialect::Snake) => "timer.sync_result",
            (Self::SyncResult, Dialect::Camel) => "timer.synced",
            (Self::Pong, _) => "pong",
            (Self::Renewed, _) => "auth.renewed",
            (Self::Error, _) => "error",
        }
    }

    /// Reads a word of the default dialect.
    pub fn parse(word: &str) -> Option<Self> {
        let mut all = Self::ALL.iter().copied();
        all.find(|kind| kind.word(Dialect::Snake) == word)
    }
}

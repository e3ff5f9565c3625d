//! The types of server messages, and their names in each dialect.

use crate::{listed::listed, socket::Dialect};

listed! {
    /// The type of a server message.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub enum MessageType {
        /// The first message of a connection.
        Connected,
        /// A timer was created.
        TimerCreated,
        /// A timer changed, or was requested.
        TimerUpdated,
        /// A timer was stopped; the default dialect uses `timer.updated`.
        TimerCompleted,
        /// A timer was deleted.
        TimerDeleted,
        /// A friend changed a timer.
        FriendActivity,
        /// Data that is not sent here has changed.
        DataChanged,
        /// A list of timers.
        SyncResult,
        /// The answer to `ping`.
        Pong,
        /// The answer to `auth.renew`.
        Renewed,
        /// A command failed.
        Error,
    }
}

impl MessageType {
    /// The name on the wire (contract, WebSocket "Client to server" and "The camel dialect").
    pub fn wire_name(self, dialect: Dialect) -> &'static str {
        match (self, dialect) {
            (Self::Connected, _) => "connected",
            (Self::TimerCreated, _) => "timer.created",
            (Self::TimerCompleted, Dialect::Camel) => "timer.completed",
            (Self::TimerUpdated | Self::TimerCompleted, _) => "timer.updated",
            (Self::FriendActivity, _) => "timer.friend_activity",
            (Self::TimerDeleted, _) => "timer.deleted",
            (Self::DataChanged, _) => "data.changed",
            (Self::SyncResult, Dialect::Snake) => "timer.sync_result",
            (Self::SyncResult, Dialect::Camel) => "timer.synced",
            (Self::Pong, _) => "pong",
            (Self::Renewed, _) => "auth.renewed",
            (Self::Error, _) => "error",
        }
    }

    /// Parses a name of the default dialect.
    pub fn parse(word: &str) -> Option<Self> {
        let mut all = Self::ALL.iter().copied();
        all.find(|kind| kind.wire_name(Dialect::Snake) == word)
    }
}

//! Client messages (contract, WebSocket "Client to server").

use super::{
    CommandType, NewTimer, TimerCommand,
    payloads::{ActOnTimer, CorrectTimer, CreateTimer, Empty, OccurredAt, RenewToken, SyncList, SyncTimers},
};
use crate::{
    id::{TagId, TimerId},
    rest::input::{IdList, LenientText, WholeNumber},
    time::Timestamp,
};
use serde::Serialize;
use std::fmt;

mod parse;

pub use parse::{ParsedMessage, Rejection};

/// A client's message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientMessage {
    /// Identifies the command: it is applied once per user and id, and the reply carries the id as `reply_to`.
    pub id: Option<String>,
    pub command: Command,
}

/// A client's command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// `timer.create`, `timer.pause`, `timer.resume`, `timer.stop`, `timer.cancel`, `timer.correct`
    Timer {
        command: TimerCommand,
        /// When the person acted, by the server's clock; `None`: now.
        occurred_at: Option<Timestamp>,
    },
    /// `timer.sync`
    Sync {
        /// All active timers, all timers, or one.
        scope: SyncScope,
        /// The page of the list.
        page: SyncPage,
    },
    /// `auth.renew`
    Renew {
        /// The new access token.
        token: Secret,
    },
    /// `ping`
    Ping,
}

/// The timers that `timer.sync` requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SyncScope {
    /// All RUNNING and PAUSED timers.
    Active,
    /// All timers.
    All,
    /// One timer.
    One(TimerId),
}

/// The requested page of a list; unused for a single timer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SyncPage {
    /// The maximum number of timers, 1 to [`crate::limits::PAGE_ITEMS`]; `None` means the maximum.
    pub limit: Option<u16>,
    /// The start of the page, from the previous page; `None` means the newest timer.
    pub cursor: Option<String>,
}

/// A token; `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(pub String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl ClientMessage {
    /// Writes the message in the default dialect.
    pub fn to_json(&self) -> String {
        #[derive(Serialize)]
        struct Message<'a, P> {
            r#type: &'static str,
            payload: P,
            #[serde(skip_serializing_if = "Option::is_none")]
            id: Option<&'a str>,
        }
        fn write(message: &ClientMessage, payload: impl Serialize) -> String {
            let message = Message {
                r#type: message.command.command_type().wire_name(),
                payload,
                id: message.id.as_deref(),
            };
            // Texts, numbers and structs of these: serialising cannot fail.
            serde_json::to_string(&message).unwrap_or_default()
        }
        match &self.command {
            Command::Timer { command, occurred_at } => {
                let occurred_at = occurred_at.map(OccurredAt);
                match command {
                    TimerCommand::Create { new, tag_ids } => write(self, CreateTimer::new(new, tag_ids, occurred_at)),
                    TimerCommand::Act { timer_id, .. } => write(
                        self,
                        ActOnTimer {
                            timer_id: *timer_id,
                            occurred_at,
                        },
                    ),
                    TimerCommand::Correct { timer_id, ended_at } => write(
                        self,
                        CorrectTimer {
                            timer_id: *timer_id,
                            ended_at: OccurredAt(*ended_at),
                        },
                    ),
                }
            }
            Command::Sync { scope, page } => write(self, SyncTimers::new(*scope, page)),
            Command::Renew { token } => write(
                self,
                RenewToken {
                    token: LenientText(token.0.clone()),
                },
            ),
            Command::Ping => write(self, Empty {}),
        }
    }
}

impl CreateTimer {
    fn new(new: &NewTimer, tag_ids: &[TagId], occurred_at: Option<OccurredAt>) -> Self {
        Self {
            allocated_duration: WholeNumber(new.allocated_seconds),
            title: new.title.clone().map(LenientText),
            description: new.description.clone().map(LenientText),
            schedule_id: new.schedule_id,
            todo_id: new.todo_id,
            tag_ids: Some(IdList(tag_ids.to_vec())),
            occurred_at,
        }
    }
}

impl SyncTimers {
    fn new(scope: SyncScope, page: &SyncPage) -> Self {
        let (scope, timer_id) = match scope {
            SyncScope::Active => (None, None),
            SyncScope::All => (Some(SyncList::All), None),
            SyncScope::One(timer_id) => (None, Some(timer_id)),
        };
        Self {
            timer_id,
            scope,
            limit: page.limit.map(|limit| WholeNumber(limit.into())),
            cursor: page.cursor.clone().map(LenientText),
        }
    }
}

impl Command {
    /// `timer.sync` for one timer, or for the first page of a list.
    pub fn sync(scope: SyncScope) -> Self {
        Self::Sync {
            scope,
            page: SyncPage::default(),
        }
    }

    /// The type of the command's message.
    pub fn command_type(&self) -> CommandType {
        match self {
            Self::Timer { command, .. } => match command {
                TimerCommand::Create { .. } => CommandType::Create,
                TimerCommand::Act { action, .. } => (*action).into(),
                TimerCommand::Correct { .. } => CommandType::Correct,
            },
            Self::Sync { .. } => CommandType::Sync,
            Self::Renew { .. } => CommandType::Renew,
            Self::Ping => CommandType::Ping,
        }
    }
}

impl From<TimerCommand> for Command {
    /// A command that happens when it is received.
    fn from(command: TimerCommand) -> Self {
        Self::Timer {
            command,
            occurred_at: None,
        }
    }
}

#[cfg(test)]
mod tests;

//! What a client may say (contract, WebSocket "Client to server").

use super::{CommandType, ErrorCode, Reason, WireError};
use crate::{
    id::{TagId, TimerId},
    limits,
    socket::fields::{Fields, required, shown},
    timers::{Action, NewTimer},
};
use serde_json::{Map, Value, json};
use std::fmt;

/// A client's message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientMessage {
    /// The command is applied once per user and id; the reply carries it back as `reply_to`.
    pub id: Option<String>,
    /// What is asked for.
    pub command: Command,
}

/// What a client may ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// `timer.create`
    Create {
        /// What the timer is made from; its bounds are not checked yet.
        new: NewTimer,
        /// The tags to put on it.
        tag_ids: Vec<TagId>,
    },
    /// `timer.pause`, `timer.resume`, `timer.stop`, `timer.cancel`
    Act {
        /// What to do.
        action: Action,
        /// To which timer.
        timer_id: TimerId,
    },
    /// `timer.sync`
    Sync {
        /// Which timers.
        scope: SyncScope,
        /// Which page of the list.
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

/// What `timer.sync` asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SyncScope {
    /// All RUNNING and PAUSED timers.
    Active,
    /// All timers.
    All,
    /// One timer.
    One(TimerId),
}

/// Which page of a list is asked for; of one timer there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SyncPage {
    /// The most timers, 1 to [`limits::PAGE_ITEMS`]; without it as many as there may be.
    pub limit: Option<u16>,
    /// Where the page begins, from the page before; without it at the newest timer.
    pub cursor: Option<String>,
}

/// A token; never shown by `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(pub String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// A message that is not understood: the error to answer with, and the id to answer to where one could be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// The error.
    pub error: WireError,
    /// The message's `id`.
    pub reply_to: Option<String>,
}

impl ClientMessage {
    /// Reads a text message.
    ///
    /// # Errors
    /// [`Rejection`] with INVALID_MESSAGE or UNKNOWN_TYPE.
    pub fn parse(text: &str) -> Result<Self, Rejection> {
        let reject = |error| Rejection { error, reply_to: None };
        let value: Value = serde_json::from_str(text)
            .map_err(|error| reject(WireError::invalid_message(format!("The message is not JSON: {error}"))))?;
        let Value::Object(message) = value else {
            return Err(reject(WireError::invalid_message(
                "The message must be a JSON object with a type",
            )));
        };
        let id = message_id(&message).map_err(reject)?;
        match command(&message) {
            Ok(command) => Ok(Self { id, command }),
            Err(error) => Err(Rejection { error, reply_to: id }),
        }
    }

    /// Writes the message in the default dialect.
    pub fn to_json(&self) -> String {
        let mut payload = match &self.command {
            Command::Create { new, tag_ids } => json!({
                "allocated_duration": new.allocated_seconds, "title": new.title, "description": new.description,
                "schedule_id": new.schedule_id, "todo_id": new.todo_id, "tag_ids": tag_ids,
            }),
            Command::Act { timer_id, .. } => json!({ "timer_id": timer_id }),
            Command::Ping => json!({}),
            Command::Sync { scope, page } => {
                let (scope, timer_id) = match scope {
                    SyncScope::Active => (None, None),
                    SyncScope::All => (Some("all"), None),
                    SyncScope::One(timer_id) => (None, Some(timer_id)),
                };
                json!({ "scope": scope, "timer_id": timer_id, "limit": page.limit, "cursor": page.cursor })
            }
            Command::Renew { token } => json!({ "token": token.0 }),
        };
        if let Value::Object(members) = &mut payload {
            members.retain(|_, value| !value.is_null());
        }
        let mut message = json!({ "type": self.command.command_type().word(), "payload": payload });
        if let Some(id) = &self.id {
            message["id"] = json!(id);
        }
        message.to_string()
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

    /// The type of the message that carries it.
    pub fn command_type(&self) -> CommandType {
        match self {
            Self::Create { .. } => CommandType::Create,
            Self::Act { action, .. } => (*action).into(),
            Self::Sync { .. } => CommandType::Sync,
            Self::Renew { .. } => CommandType::Renew,
            Self::Ping => CommandType::Ping,
        }
    }

    /// The code of the error when this command could not be done.
    pub fn failed(&self) -> ErrorCode {
        match self {
            Self::Create { .. } => ErrorCode::CreateFailed,
            Self::Act { action, .. } => (*action).into(),
            Self::Sync { .. } | Self::Ping => ErrorCode::SyncFailed,
            Self::Renew { .. } => ErrorCode::Unauthorized,
        }
    }
}

fn message_id(message: &Map<String, Value>) -> Result<Option<String>, WireError> {
    match message.get("id") {
        None | Some(Value::Null) => Ok(None),
        // PostgreSQL does not keep it, and there is no use for it.
        Some(Value::String(id)) if id.contains('\0') => Err(WireError::invalid_message(
            "id may not contain the NUL character (U+0000)",
        )),
        Some(Value::String(id)) if (1..=limits::MESSAGE_ID_CHARS).contains(&id.chars().count()) => Ok(Some(id.clone())),
        Some(other) => Err(WireError::invalid_message(format!(
            "id must be a string of 1 to {} characters; it is {}",
            limits::MESSAGE_ID_CHARS,
            shown(&other.to_string())
        ))),
    }
}

fn command(message: &Map<String, Value>) -> Result<Command, WireError> {
    let kind = match message.get("type") {
        Some(Value::String(kind)) => kind.as_str(),
        Some(_) => return Err(WireError::invalid_message("type must be a string")),
        None => return Err(WireError::invalid_message("type is required")),
    };
    let kind = CommandType::parse(kind).ok_or_else(|| {
        let message = format!("Unknown message type: {}", shown(kind));
        WireError::new(ErrorCode::UnknownType, Reason::UnknownType, message)
    })?;
    let empty = Map::new();
    let payload = match message.get("payload") {
        Some(Value::Object(payload)) => payload,
        None | Some(Value::Null) => &empty,
        Some(_) => return Err(WireError::invalid_message("payload must be a JSON object")),
    };
    read(kind, &Fields(payload))
}

fn read(kind: CommandType, fields: &Fields<'_>) -> Result<Command, WireError> {
    match kind {
        CommandType::Create => create(fields),
        CommandType::Pause => act(Action::Pause, fields),
        CommandType::Resume => act(Action::Resume, fields),
        CommandType::Stop => act(Action::Stop, fields),
        CommandType::Cancel => act(Action::Cancel, fields),
        CommandType::Sync => sync(fields),
        CommandType::Renew => renew(fields),
        CommandType::Ping => Ok(Command::Ping),
    }
}

fn create(fields: &Fields<'_>) -> Result<Command, WireError> {
    let new = NewTimer {
        allocated_seconds: required("allocated_duration", fields.integer("allocated_duration")?)?,
        title: fields.string("title")?.map(str::to_owned),
        description: fields.string("description")?.map(str::to_owned),
        schedule_id: fields.id("schedule_id")?,
        todo_id: fields.id("todo_id")?,
    };
    Ok(Command::Create {
        new,
        tag_ids: fields.ids("tag_ids")?,
    })
}

fn act(action: Action, fields: &Fields<'_>) -> Result<Command, WireError> {
    Ok(Command::Act {
        action,
        timer_id: required("timer_id", fields.id("timer_id")?)?,
    })
}

fn renew(fields: &Fields<'_>) -> Result<Command, WireError> {
    let token = required("token", fields.string("token")?)?;
    Ok(Command::Renew {
        token: Secret(token.to_owned()),
    })
}

fn sync(fields: &Fields<'_>) -> Result<Command, WireError> {
    if let Some(timer_id) = fields.id("timer_id")? {
        return Ok(Command::sync(SyncScope::One(timer_id)));
    }
    let scope = match fields.string("scope")? {
        None | Some("active") => SyncScope::Active,
        Some("all") => SyncScope::All,
        Some(other) => {
            return Err(WireError::invalid_message(format!(
                "payload.scope must be active or all; it is {}",
                shown(other)
            )));
        }
    };
    let limit = fields.integer("limit")?.map(|limit| {
        let fits = u16::try_from(limit).ok();
        let fits = fits.filter(|limit| (1..=limits::PAGE_ITEMS).contains(&usize::from(*limit)));
        fits.ok_or_else(|| {
            let most = limits::PAGE_ITEMS;
            WireError::invalid_message(format!("payload.limit must be 1 to {most}; it is {limit}"))
        })
    });
    let page = SyncPage {
        limit: limit.transpose()?,
        cursor: fields.string("cursor")?.map(str::to_owned),
    };
    Ok(Command::Sync { scope, page })
}

#[cfg(test)]
mod tests;

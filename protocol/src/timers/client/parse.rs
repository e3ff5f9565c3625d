//! Parses client messages.

use super::{ClientMessage, Command, Secret, SyncPage, SyncScope};
use crate::{
    limits,
    rest::input::{Issue, Issues},
    socket::names,
    timers::{
        Action, CommandType, ErrorCode, NewTimer, Reason, TimerCommand, WireError,
        payloads::{ActOnTimer, CorrectTimer, CreateTimer, OccurredAt, RenewToken, SyncList, SyncTimers},
    },
};
use deserr::{Deserr, IntoValue, ValuePointerRef};
use serde_json::{Map, Value};
use std::fmt::Write;

/// The maximum number of characters of a client's value that are repeated in an error.
const EXCERPT_CHARS: usize = 80;

/// An invalid message: the error to answer with, and the message's id if it could be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    pub error: WireError,
    pub reply_to: Option<String>,
}

/// A parsed message, and the dialect that its sender uses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParsedMessage {
    pub message: Result<ClientMessage, Rejection>,
    /// Whether a member of the payload is named in camelCase: its sender follows the older table (contract, "The camel
    /// dialect").
    pub is_camel: bool,
}

impl ClientMessage {
    /// Parses a text message.
    ///
    /// # Errors
    /// [`Rejection`] with INVALID_MESSAGE or UNKNOWN_TYPE.
    pub fn parse(text: &str) -> Result<Self, Rejection> {
        Self::read(text).message
    }

    /// Like [`ClientMessage::parse`], and detects the camel dialect.
    pub fn read(text: &str) -> ParsedMessage {
        let mut is_camel = false;
        let message = parse(text, &mut is_camel);
        ParsedMessage { message, is_camel }
    }
}

fn parse(text: &str, is_camel: &mut bool) -> Result<ClientMessage, Rejection> {
    let reject = |error| Rejection { error, reply_to: None };
    let value: Value = serde_json::from_str(text)
        .map_err(|error| reject(WireError::invalid_message(format!("The message is not JSON: {error}"))))?;
    let Value::Object(mut message) = value else {
        return Err(reject(WireError::invalid_message(
            "The message must be a JSON object with a type",
        )));
    };
    let id = message_id(&message).map_err(reject)?;
    match command(&mut message, is_camel) {
        Ok(command) => Ok(ClientMessage { id, command }),
        Err(error) => Err(Rejection { error, reply_to: id }),
    }
}

fn message_id(message: &Map<String, Value>) -> Result<Option<String>, WireError> {
    match message.get("id") {
        None | Some(Value::Null) => Ok(None),
        // PostgreSQL cannot store it.
        Some(Value::String(id)) if id.contains('\0') => Err(WireError::invalid_message(
            "id may not contain the NUL character (U+0000)",
        )),
        Some(Value::String(id)) if (1..=limits::MESSAGE_ID_CHARS).contains(&id.chars().count()) => Ok(Some(id.clone())),
        Some(other) => Err(WireError::invalid_message(format!(
            "id must be a string of 1 to {} characters; it is {}",
            limits::MESSAGE_ID_CHARS,
            excerpt(&other.to_string())
        ))),
    }
}

fn command(message: &mut Map<String, Value>, is_camel: &mut bool) -> Result<Command, WireError> {
    let kind = match message.get("type") {
        Some(Value::String(kind)) => kind.as_str(),
        Some(_) => return Err(WireError::invalid_message("type must be a string")),
        None => return Err(WireError::invalid_message("type is required")),
    };
    let kind = CommandType::parse(kind).ok_or_else(|| {
        let message = format!("Unknown message type: {}", excerpt(kind));
        WireError::new(ErrorCode::UnknownType, Reason::UnknownType, message)
    })?;
    let payload = match message.remove("payload") {
        Some(Value::Object(payload)) => payload,
        None | Some(Value::Null) => Map::new(),
        Some(_) => return Err(WireError::invalid_message("payload must be a JSON object")),
    };
    let (payload, named_in_camel) = names::to_snake_case(payload);
    *is_camel = named_in_camel;
    read(kind, payload)
}

fn read(kind: CommandType, payload: Map<String, Value>) -> Result<Command, WireError> {
    Ok(match kind {
        CommandType::Create => {
            let create: CreateTimer = parse_payload(payload)?;
            let command = TimerCommand::Create {
                new: NewTimer {
                    allocated_seconds: create.allocated_duration.0,
                    title: create.title.map(|title| title.0),
                    description: create.description.map(|description| description.0),
                    schedule_id: create.schedule_id,
                    todo_id: create.todo_id,
                },
                tag_ids: create.tag_ids.unwrap_or_default().0,
            };
            timer(command, create.occurred_at)
        }
        CommandType::Pause => act(Action::Pause, payload)?,
        CommandType::Resume => act(Action::Resume, payload)?,
        CommandType::Stop => act(Action::Stop, payload)?,
        CommandType::Cancel => act(Action::Cancel, payload)?,
        CommandType::Correct => {
            let CorrectTimer { timer_id, ended_at } = parse_payload(payload)?;
            let ended_at = ended_at.0;
            TimerCommand::Correct { timer_id, ended_at }.into()
        }
        CommandType::Sync => sync(parse_payload(payload)?)?,
        CommandType::Renew => {
            let RenewToken { token } = parse_payload(payload)?;
            Command::Renew { token: Secret(token.0) }
        }
        CommandType::Ping => Command::Ping,
    })
}

fn act(action: Action, payload: Map<String, Value>) -> Result<Command, WireError> {
    let ActOnTimer { timer_id, occurred_at } = parse_payload(payload)?;
    Ok(timer(TimerCommand::Act { action, timer_id }, occurred_at))
}

fn timer(command: TimerCommand, occurred_at: Option<OccurredAt>) -> Command {
    Command::Timer {
        command,
        occurred_at: occurred_at.map(|moment| moment.0),
    }
}

fn sync(sync: SyncTimers) -> Result<Command, WireError> {
    if let Some(timer_id) = sync.timer_id {
        return Ok(Command::sync(SyncScope::One(timer_id)));
    }
    let limit = sync.limit.map(|limit| {
        let fits = u16::try_from(limit.0).ok();
        let fits = fits.filter(|limit| (1..=limits::PAGE_ITEMS).contains(&usize::from(*limit)));
        fits.ok_or_else(|| {
            let most = limits::PAGE_ITEMS;
            WireError::invalid_message(format!("payload.limit must be 1 to {most}; it is {}", limit.0))
        })
    });
    Ok(Command::Sync {
        scope: match sync.scope.unwrap_or_default() {
            SyncList::Active => SyncScope::Active,
            SyncList::All => SyncScope::All,
        },
        page: SyncPage {
            limit: limit.transpose()?,
            cursor: sync.cursor.map(|cursor| cursor.0),
        },
    })
}

/// Parses a payload; returns its first fault as the error.
fn parse_payload<T: Deserr<Issues>>(payload: Map<String, Value>) -> Result<T, WireError> {
    T::deserialize_from_value(Value::Object(payload).into_value(), ValuePointerRef::Origin).map_err(|issues| {
        let first = issues.0.into_iter().next();
        WireError::invalid_message(first.map_or_else(|| "payload is invalid".to_owned(), |issue| describe(&issue)))
    })
}

/// Names the member and repeats its value: "payload.timer_id must be a UUID; it is "x"".
fn describe(issue: &Issue) -> String {
    let mut place = "payload".to_owned();
    for name in issue.loc.iter().filter_map(Value::as_str) {
        place.push('.');
        place.push_str(name);
    }
    if matches!(issue.kind, "missing" | "null") {
        return format!("{place} is required");
    }
    let mut letters = issue.msg.chars();
    let first = letters.next().map(|first| first.to_ascii_lowercase());
    let msg: String = first.into_iter().chain(letters).collect();
    match &issue.input {
        Value::Null => format!("{place} {msg}"),
        input => format!("{place} {msg}; it is {}", excerpt(&input.to_string())),
    }
}

/// A shortened copy of a client's text, so that an error is not larger than its cause.
fn excerpt(text: &str) -> String {
    let mut chars = text.chars();
    let mut excerpt: String = chars.by_ref().take(EXCERPT_CHARS).collect();
    let rest = chars.count();
    if rest > 0 {
        // Writing into a string cannot fail.
        let _ = write!(excerpt, "… ({rest} more characters)");
    }
    excerpt
}

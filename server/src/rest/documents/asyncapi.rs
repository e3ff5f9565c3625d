//! The AsyncAPI document of the timer WebSocket (contract, `websocket-timers.md`). Types, codes and the timer come from
//! `protocol`; a new one does not compile until it is described here.

mod client;
mod codes;
mod server;

use protocol::{
    socket::{CloseCode, Dialect},
    timers::{
        CommandType, ErrorCode, MessageType, Reason, TIMERS_PATH,
        payloads::{
            ActOnTimer, Connected, CorrectTimer, CreateTimer, DataChanged, Empty, ErrorPayload, FriendActivityPayload,
            RenewToken, Renewed, SyncResult, SyncTimers, TimerChanged, TimerRemoved,
        },
    },
};
use serde_json::{Map, Value, json};
use utoipa::OpenApi;

#[derive(OpenApi)]
#[openapi(components(schemas(
    ActOnTimer,
    Connected,
    CorrectTimer,
    CreateTimer,
    DataChanged,
    Empty,
    ErrorPayload,
    FriendActivityPayload,
    Renewed,
    RenewToken,
    SyncResult,
    SyncTimers,
    TimerChanged,
    TimerRemoved,
)))]
struct Schemas;

/// The description of a message.
struct Described {
    summary: &'static str,
    payload: Value,
    example: Value,
}

/// The document. Payloads are those of the default dialect.
pub fn document() -> Value {
    let mut messages = Map::new();
    let mut operations = Map::new();
    for kind in CommandType::ALL.iter().copied() {
        messages.insert(kind.wire_name().into(), client::message(kind));
        operations.insert(kind.wire_name().into(), client::operation(kind));
    }
    for kind in MessageType::ALL.iter().copied() {
        let word = kind.wire_name(Dialect::Snake);
        // Some types share a name in this dialect.
        messages.entry(word).or_insert_with(|| server::message(kind));
        operations.entry(word).or_insert_with(|| server::operation(kind));
    }
    let references: Map<String, Value> = messages
        .keys()
        .map(|word| (word.clone(), reference(&format!("#/components/messages/{word}"))))
        .collect();
    json!({
        "asyncapi": "3.0.0",
        "info": {
            "title": "Lockstep: the timer WebSocket",
            "version": env!("CARGO_PKG_VERSION"),
            "description": format!("{INTRODUCTION}{}", super::playground_note()),
        },
        "defaultContentType": "application/json",
        "channels": { "timers": {
            "address": TIMERS_PATH,
            "messages": references,
            "bindings": { "ws": { "method": "GET", "query": query(), "bindingVersion": "0.1.0" } },
        } },
        "operations": operations,
        "components": { "messages": messages, "schemas": json!(Schemas::openapi())["components"]["schemas"] },
        "x-camel-dialect": {
            "description": "With dialect=camel: keys in camelCase at every depth, the type names below, no \
                            action in timer.completed, and the error's code is its reason (x-error-reasons names the exceptions).",
            "types": camel_words(),
        },
        "x-error-codes": ErrorCode::ALL.iter().map(|code| codes::error(*code)).collect::<Vec<_>>(),
        "x-error-reasons": Reason::ALL.iter().map(|reason| codes::reason(*reason)).collect::<Vec<_>>(),
        "x-close-codes": CloseCode::ALL.iter().map(|code| codes::close(*code)).collect::<Vec<_>>(),
    })
}

const INTRODUCTION: &str = "JSON text messages. The access token is offered as the subprotocol \
    `authorization.bearer.<jwt>`. The first messages are connected and timer.sync_result, or with since exactly the \
    events that were missed. Member names of client payloads are taken in snake_case and camelCase. A command with an \
    id applies once for each user and id in 24 hours.";

fn query() -> Value {
    json!({ "type": "object", "properties": {
        "timezone": { "type": "string", "description": "An IANA name, UTC, or an offset such as +09:00: times are written in it, \
            with their offset. Without one, or with a bad one: UTC without an offset." },
        "dialect": { "type": "string", "enum": ["snake", "camel"], "default": "snake" },
        "shared": { "type": "boolean", "default": false, "description": "Timers of other users that are shared with the user \
            are sent as well when they change or go." },
        "changes": { "type": "boolean", "default": false, "description": "Whether data.changed is sent: a hint that other data of \
            the user than timers, or what others share with the user, has changed." },
        "since": { "type": "string", "description": "<epoch>:<seq> of the last event seen; both come in connected." },
    } })
}

fn camel_words() -> Map<String, Value> {
    let words = MessageType::ALL.iter().map(|kind| {
        let name = format!("{kind:?}");
        (
            name,
            json!({ "snake": kind.wire_name(Dialect::Snake), "camel": kind.wire_name(Dialect::Camel) }),
        )
    });
    words.collect()
}

fn reference(to: &str) -> Value {
    json!({ "$ref": to })
}

/// A reference to a message of the channel.
fn channel_message(word: &str) -> Value {
    reference(&format!("#/channels/timers/messages/{word}"))
}

/// An object schema; members whose names end with a question mark are optional.
fn object(members: &[(&str, Value)]) -> Value {
    let properties: Map<String, Value> = members
        .iter()
        .map(|(name, schema)| (name.trim_end_matches('?').to_owned(), schema.clone()))
        .collect();
    let required: Vec<&str> = members
        .iter()
        .map(|(name, _)| *name)
        .filter(|name| !name.ends_with('?'))
        .collect();
    json!({ "type": "object", "properties": properties, "required": required })
}

fn text() -> Value {
    json!({ "type": "string" })
}

fn schema(name: &str) -> Value {
    reference(&format!("#/components/schemas/{name}"))
}

#[cfg(test)]
mod tests;

//! Client messages.

use super::{Described, channel_message, object, schema};
use protocol::{
    limits,
    socket::Dialect,
    timers::{CommandType, MessageType},
};
use serde_json::{Value, json};

const TIMER: &str = "019a0000-0000-7000-8000-000000000000";

/// The message's description.
pub fn message(kind: CommandType) -> Value {
    let Described {
        summary,
        payload,
        example,
    } = describe(kind);
    let word = kind.wire_name();
    let message_id = json!({ "type": "string", "minLength": 1, "maxLength": limits::MESSAGE_ID_CHARS });
    // A payload without required members may be omitted.
    let member = match kind {
        CommandType::Sync | CommandType::Ping => "payload?",
        _ => "payload",
    };
    json!({
        "name": word,
        "summary": summary,
        "payload": object(&[("type", json!({ "const": word })), (member, payload), ("id?", message_id)]),
        "examples": [{ "payload": { "type": word, "payload": example, "id": "a-1" } }],
    })
}

/// The operation that receives the message.
pub fn operation(kind: CommandType) -> Value {
    let replies = replies(kind).iter().chain(&[MessageType::Error]);
    let replies: Vec<Value> = replies
        .map(|kind| channel_message(kind.wire_name(Dialect::Snake)))
        .collect();
    json!({
        "action": "receive",
        "channel": { "$ref": "#/channels/timers" },
        "summary": describe(kind).summary,
        "messages": [channel_message(kind.wire_name())],
        "reply": { "channel": { "$ref": "#/channels/timers" }, "messages": replies },
    })
}

fn replies(kind: CommandType) -> &'static [MessageType] {
    match kind {
        CommandType::Create => &[MessageType::TimerCreated],
        CommandType::Pause | CommandType::Resume | CommandType::Stop | CommandType::Cancel | CommandType::Correct => {
            &[MessageType::TimerUpdated]
        }
        CommandType::Sync => &[MessageType::SyncResult, MessageType::TimerUpdated],
        CommandType::Renew => &[MessageType::Renewed],
        CommandType::Ping => &[MessageType::Pong],
    }
}

fn describe(kind: CommandType) -> Described {
    let act = |summary| Described {
        summary,
        payload: schema("ActOnTimer"),
        example: json!({ "timer_id": TIMER }),
    };
    match kind {
        CommandType::Create => Described {
            summary: "Starts a new timer.",
            payload: schema("CreateTimer"),
            example: json!({ "allocated_duration": 1500, "title": "Write" }),
        },
        CommandType::Pause => act("Pauses a RUNNING timer."),
        CommandType::Resume => act("Resumes a PAUSED timer."),
        CommandType::Stop => act("Completes a RUNNING or PAUSED timer."),
        CommandType::Cancel => act("Cancels a RUNNING or PAUSED timer."),
        CommandType::Correct => Described {
            summary: "Moves the end of a COMPLETED timer; the history keeps the old one.",
            payload: schema("CorrectTimer"),
            example: json!({ "timer_id": TIMER, "ended_at": "2026-01-28T10:00:00Z" }),
        },
        CommandType::Sync => Described {
            summary: "Requests one timer (answered by timer.updated), or a list.",
            payload: schema("SyncTimers"),
            example: json!({ "scope": "all" }),
        },
        CommandType::Renew => Described {
            summary: "Renews the access token with one of the same user; an invalid one ends the connection with 1008.",
            payload: schema("RenewToken"),
            example: json!({ "token": "<jwt>" }),
        },
        CommandType::Ping => Described {
            summary: "Requests the server's time, to estimate the clock offset.",
            payload: schema("Empty"),
            example: json!({}),
        },
    }
}

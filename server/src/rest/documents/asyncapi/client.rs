//! What a client may send.

use super::{Described, channel_message, object, schema};
use protocol::{
    limits,
    socket::Dialect,
    timers::{CommandType, MessageType},
};
use serde_json::{Value, json};

const TIMER: &str = "019a0000-0000-7000-8000-000000000000";

/// The message.
pub fn message(kind: CommandType) -> Value {
    let Described {
        summary,
        payload,
        example,
    } = describe(kind);
    let word = kind.word();
    let message_id = json!({ "type": "string", "minLength": 1, "maxLength": limits::MESSAGE_ID_CHARS });
    // A payload without required members may be left out.
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

/// What the server does with it.
pub fn operation(kind: CommandType) -> Value {
    let replies = replies(kind).iter().chain(&[MessageType::Error]);
    let replies: Vec<Value> = replies.map(|kind| channel_message(kind.word(Dialect::Snake))).collect();
    json!({
        "action": "receive",
        "channel": { "$ref": "#/channels/timers" },
        "summary": describe(kind).summary,
        "messages": [channel_message(kind.word())],
        "reply": { "channel": { "$ref": "#/channels/timers" }, "messages": replies },
    })
}

fn replies(kind: CommandType) -> &'static [MessageType] {
    match kind {
        CommandType::Create => &[MessageType::TimerCreated],
        CommandType::Pause | CommandType::Resume | CommandType::Stop | CommandType::Cancel => {
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
        payload: schema("TimerRef"),
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
        CommandType::Cancel => act("Gives up a RUNNING or PAUSED timer."),
        CommandType::Sync => Described {
            summary: "Asks for one timer (answered by timer.updated), or for a list.",
            payload: schema("SyncTimers"),
            example: json!({ "scope": "all" }),
        },
        CommandType::Renew => Described {
            summary: "Brings a new access token of the same user; a bad one ends the connection with 1008.",
            payload: schema("RenewToken"),
            example: json!({ "token": "<jwt>" }),
        },
        CommandType::Ping => Described {
            summary: "Asks for the server's time, to estimate the clocks' offset.",
            payload: schema("Empty"),
            example: json!({}),
        },
    }
}

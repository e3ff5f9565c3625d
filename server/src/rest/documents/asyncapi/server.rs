//! Server messages, in the default dialect.

use super::{Described, channel_message, object, schema, text};
use protocol::{socket::Dialect, timers::MessageType};
use serde_json::{Value, json};

/// The message's description.
pub fn message(kind: MessageType) -> Value {
    let Described {
        summary,
        payload,
        example,
    } = describe(kind);
    let word = kind.wire_name(Dialect::Snake);
    json!({
        "name": word,
        "summary": summary,
        "payload": object(&[
            ("type", json!({ "const": word })),
            ("payload", payload),
            ("timestamp", text()),
            ("from_user?", json!({ "type": "string", "description": "The user who caused it." })),
            ("seq?", json!({ "type": "integer", "minimum": 1, "description": "The number of a durable event." })),
            ("reply_to?", json!({ "type": "string", "description": "The id of the client's message that it answers." })),
            ("replayed?", json!({ "const": true, "description": "The command had been applied before; this repeats its answer." })),
        ]),
        "examples": [{ "payload": { "type": word, "payload": example, "timestamp": "2026-01-28T10:00:00.123000" } }],
    })
}

/// The operation that sends the message.
pub fn operation(kind: MessageType) -> Value {
    json!({
        "action": "send",
        "channel": { "$ref": "#/channels/timers" },
        "summary": describe(kind).summary,
        "messages": [channel_message(kind.wire_name(Dialect::Snake))],
    })
}

fn describe(kind: MessageType) -> Described {
    let timer = |summary, action: &str| Described {
        summary,
        payload: schema("TimerChanged"),
        example: json!({ "timer": example_timer(), "action": action }),
    };
    match kind {
        MessageType::Connected => Described {
            summary: "The first message: the connection's user, and the newest event.",
            payload: schema("Connected"),
            example: json!({ "user_id": "ada", "message": "Connected to timer WebSocket", "seq": 7, "epoch": "e1" }),
        },
        MessageType::TimerCreated => timer("A timer was created.", "start"),
        MessageType::TimerUpdated | MessageType::TimerCompleted => timer(
            "A timer changed; the action sync is for what REST changed, and for answers. With is_shared in the timer it is \
             somebody else's: only connections with shared=true get those, without a seq.",
            "sync",
        ),
        MessageType::TimerDeleted => Described {
            summary: "A timer is gone: one's own, or, without a seq and with shared=true, one that was shared with the \
                      user.",
            payload: schema("TimerRemoved"),
            example: json!({ "timer_id": "019a0000-0000-7000-8000-000000000000" }),
        },
        MessageType::FriendActivity => Described {
            summary: "A friend started, paused, resumed, stopped or cancelled a timer (cancel also where one that \
                      ran was deleted); no event of the receiver's log.",
            payload: schema("FriendActivityPayload"),
            example: json!({
                "friend_id": "eve", "display_name": "Eve", "action": "start",
                "timer_id": "019a0000-0000-7000-8000-000000000000", "timer_title": "Write",
            }),
        },
        MessageType::DataChanged => Described {
            summary: "Data of the user, or what others share with the user, has changed: read it again over REST. Only \
                      connections with changes=true get it, also for changes of their own, without a seq.",
            payload: schema("DataChanged"),
            example: json!({ "kinds": ["todos", "schedules"] }),
        },
        MessageType::SyncResult => Described {
            summary: "A page of the timers asked for, newest first; at the start of those that are RUNNING or PAUSED. A \
                      page ends by its limit, or earlier by its bytes.",
            payload: schema("SyncResult"),
            example: json!({ "timers": [example_timer()], "count": 1, "has_more": false }),
        },
        MessageType::Pong => Described {
            summary: "The answer to ping; its timestamp is the server's time.",
            payload: schema("Empty"),
            example: json!({}),
        },
        MessageType::Renewed => Described {
            summary: "The new token was accepted.",
            payload: schema("Renewed"),
            example: json!({ "expires_at": "2026-01-28T10:15:00" }),
        },
        MessageType::Error => Described {
            summary: "The command failed; nothing was changed, and the connection stays open.",
            payload: schema("ErrorPayload"),
            example: json!({
                "code": "PAUSE_FAILED",
                "message": "Cannot pause timer with status COMPLETED",
                "details": { "reason": "TIMER_ALREADY_COMPLETED" },
            }),
        },
    }
}

fn example_timer() -> Value {
    json!({
        "id": "019a0000-0000-7000-8000-000000000000", "schedule_id": null, "todo_id": null, "title": "Write",
        "description": null, "allocated_duration": 1500, "elapsed_time": 0, "status": "RUNNING",
        "started_at": "2026-01-28T10:00:00.123000", "paused_at": null, "ended_at": null,
        "pause_history": [{ "action": "start", "at": "2026-01-28T10:00:00.123000" }],
        "created_at": "2026-01-28T10:00:00.123000", "updated_at": "2026-01-28T10:00:00.123000", "owner_id": "ada",
        "is_shared": false,
    })
}

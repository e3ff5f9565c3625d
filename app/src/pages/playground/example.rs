//! A document of the server's form, for tests.

use super::document::Document;
use serde_json::json;

/// Two commands and an event of one socket.
pub fn document() -> Document {
    let uuid = json!({ "type": "string", "format": "uuid" });
    let document = json!({
        "channels": { "timers": { "address": "/v1/ws/timers" } },
        "operations": {
            "ping": { "action": "receive", "channel": { "$ref": "#/channels/timers" } },
            "pong": { "action": "send", "channel": { "$ref": "#/channels/timers" } },
            "timer.create": { "action": "receive", "channel": { "$ref": "#/channels/timers" } },
        },
        "components": {
            "messages": {
                "ping": { "payload": { "type": "object", "required": ["type"], "properties": {
                    "type": { "const": "ping" }, "payload": { "type": "object" },
                    "id": { "type": "string", "minLength": 1, "maxLength": 64 },
                } } },
                "pong": { "payload": {} },
                "timer.create": {
                    "summary": "Starts a new timer.",
                    "payload": { "type": "object", "required": ["type", "payload"], "properties": {
                        "type": { "const": "timer.create" },
                        "payload": { "$ref": "#/components/schemas/CreateTimer" },
                        "id": { "type": "string", "minLength": 1, "maxLength": 64 },
                    } },
                    "examples": [{ "payload": { "type": "timer.create", "payload": { "allocated_duration": 1500 } } }],
                },
            },
            "schemas": {
                "Id": uuid,
                "Title": { "type": "string", "maxLength": 200 },
                "CreateTimer": { "type": "object", "required": ["allocated_duration"], "properties": {
                    "allocated_duration": { "type": "integer", "minimum": 1, "maximum": 315_360_000 },
                    "title": { "oneOf": [{ "type": "null" }, { "$ref": "#/components/schemas/Title" }] },
                    "schedule_id": { "oneOf": [{ "type": "null" }, { "$ref": "#/components/schemas/Id" }] },
                    "scope": { "type": ["string", "null"], "enum": ["active", "all"] },
                    "tag_ids": { "type": "array", "items": { "$ref": "#/components/schemas/Id" } },
                    "occurred_at": { "anyOf": [{ "type": "string", "format": "date-time" }, { "type": "integer" }] },
                } },
            },
        },
        "x-close-codes": [{ "code": 4029, "description": "Too many.", "client": "Back off exponentially." }],
    });
    Document::new(document).unwrap_or_else(|| unreachable!("it has channels"))
}

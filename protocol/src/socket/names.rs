//! Member names in client payloads: snake_case, or camelCase in either dialect (contract, "Envelope").

use super::rendering::camel_key;
use serde_json::{Map, Value};

/// The members that have two names, those of the older table first.
const NAMES: [&str; 7] = [
    "allocated_duration",
    "schedule_id",
    "tag_ids",
    "timer_id",
    "todo_id",
    "ended_at",
    "occurred_at",
];
/// The number of members of the older table: a client that names one of these in camelCase follows that table (contract,
/// WebSocket "The camel dialect").
const OLDER: usize = 5;

/// Converts names to snake_case; also returns whether one was in camelCase. Where both are given, snake_case wins.
pub fn to_snake_case(mut payload: Map<String, Value>) -> (Map<String, Value>, bool) {
    let mut is_camel = false;
    for (index, name) in NAMES.into_iter().enumerate() {
        if let Some(value) = payload.remove(&camel_key(name)) {
            is_camel |= index < OLDER;
            payload.entry(name).or_insert(value);
        }
    }
    (payload, is_camel)
}

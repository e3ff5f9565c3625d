//! Member names in client payloads: snake_case, or camelCase in either dialect (contract, "Envelope").

use super::rendering::camel_key;
use serde_json::{Map, Value};

/// The members that have two names.
const NAMES: [&str; 5] = ["allocated_duration", "schedule_id", "tag_ids", "timer_id", "todo_id"];

/// Converts names to snake_case; also returns whether one was in camelCase. Where both are given, snake_case wins.
pub fn to_snake_case(mut payload: Map<String, Value>) -> (Map<String, Value>, bool) {
    let mut is_camel = false;
    for name in NAMES {
        if let Some(value) = payload.remove(&camel_key(name)) {
            is_camel = true;
            payload.entry(name).or_insert(value);
        }
    }
    (payload, is_camel)
}

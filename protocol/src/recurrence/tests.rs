//! What single rules do. `protocol/tests/recurrence.rs` compares many with an oracle.

mod changes;
mod properties;
mod rules;
mod text;

use super::*;
use crate::time::Timestamp;

fn at(text: &str) -> Timestamp {
    Timestamp::parse_iso(text).unwrap()
}

fn window(from: &str, until: &str) -> Window {
    Window {
        from: at(from),
        until: at(until),
    }
}

fn expand(text: &str, start: &str, end: Option<&str>, window: Window) -> Result<Vec<String>, RuleError> {
    let recurrence: Recurrence = text.parse()?;
    let found = Series::new(&recurrence, at(start), end.map(at)).occurrences(window, &mut Budget::default())?;
    Ok(found.iter().map(|start| start.websocket(None)).collect())
}

fn january(rule: &str, end: Option<&str>) -> Vec<String> {
    let january = window("2024-01-01T00:00:00", "2024-01-31T23:59:59");
    expand(rule, "2024-01-01T10:00:00", end, january).unwrap()
}

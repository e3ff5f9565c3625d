//! The bodies of errors as they stand on the wire (contract, REST 3).

use protocol::{limits, time::Timestamp};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

/// A rule of Lockstep's said no.
#[derive(Serialize, ToSchema)]
pub struct DomainError {
    /// A fresh one for each answer; the log has it too.
    error_id: Uuid,
    /// The status of the answer.
    status_code: u16,
    /// For programs.
    #[schema(example = "TimerNotFoundError")]
    error_type: &'static str,
    /// For people.
    #[schema(example = "Timer not found")]
    message: String,
    /// UTC with microseconds.
    #[schema(example = "2026-11-21T00:38:35.494000+00:00")]
    timestamp: String,
    /// The request's path, without the query.
    path: String,
}

impl DomainError {
    /// An answer of this moment.
    pub fn new(
        error_id: Uuid,
        status_code: u16,
        error_type: &'static str,
        message: String,
        now: Timestamp,
        path: String,
    ) -> Self {
        Self {
            error_id,
            status_code,
            error_type,
            message,
            timestamp: now.to_utc().format("%Y-%m-%dT%H:%M:%S%.6f+00:00").to_string(),
            path,
        }
    }
}

/// The transport said no.
#[derive(Serialize, ToSchema)]
pub struct DetailError {
    /// For people.
    pub detail: String,
}

/// Values that cannot be taken, all at once.
#[derive(Serialize, ToSchema)]
pub struct ValidationError {
    /// What is wrong.
    pub detail: Vec<Issue>,
}

/// As many faults are told at most.
const MAX_ISSUES: usize = 50;
/// As many characters of a value are repeated at most.
const MAX_INPUT_CHARS: usize = 100;

impl ValidationError {
    /// The first faults, and how many more there are: an answer must not be much larger than its cause.
    pub fn new(mut detail: Vec<Issue>) -> Self {
        if let Some(first) = detail.get(MAX_ISSUES) {
            let place = first.loc.first().cloned().unwrap_or_default();
            let more = detail.len() - MAX_ISSUES;
            detail.truncate(MAX_ISSUES);
            detail.push(Issue {
                kind: "too_many_errors",
                loc: vec![place],
                msg: format!("{more} more values cannot be taken"),
                input: Value::Null,
            });
        }
        Self { detail }
    }
}

/// One value that cannot be taken.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Issue {
    /// What kind of fault.
    #[serde(rename = "type")]
    #[schema(value_type = String, example = "missing")]
    pub kind: &'static str,
    /// Where: body, query or path, then names, and places in lists.
    pub loc: Vec<Value>,
    /// For people.
    pub msg: String,
    /// The value, or how it begins; null where it must not be repeated.
    pub input: Value,
}

impl Issue {
    /// A fault in a member of `place` (body, query or path).
    pub fn new(kind: &'static str, place: &str, name: &str, msg: impl Into<String>, input: Value) -> Self {
        Self {
            kind,
            loc: vec![place.into(), name.into()],
            msg: msg.into(),
            input: shortened(input),
        }
    }

    /// A list of more entries than are taken.
    pub fn too_long(place: &str, name: &str, entries: usize) -> Self {
        let msg = format!("May have at most {} entries; it has {entries}", limits::LIST_ENTRIES);
        Self::new("too_long", place, name, msg, Value::Null)
    }

    /// A fault of the body as a whole.
    pub fn body(kind: &'static str, msg: impl Into<String>) -> Self {
        Self {
            kind,
            loc: vec!["body".into()],
            msg: msg.into(),
            input: Value::Null,
        }
    }
}

/// A value as it may be repeated: a long text is cut, and so is the JSON of a large list or object.
fn shortened(input: Value) -> Value {
    let text = match &input {
        Value::String(text) => text.clone(),
        Value::Array(_) | Value::Object(_) => input.to_string(),
        Value::Null | Value::Bool(_) | Value::Number(_) => return input,
    };
    match text.char_indices().nth(MAX_INPUT_CHARS) {
        Some((end, _)) => Value::String(format!("{}…", &text[..end])),
        None => input,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_issue_repeats_its_value_only_in_part() {
        let input = |value| Issue::new("x", "body", "x", "x", value).input;
        assert_eq!(input(json!("é".repeat(100))), json!("é".repeat(100)));
        assert_eq!(input(json!("é".repeat(101))), json!("é".repeat(100) + "…"));
        assert_eq!(input(json!({ "a": [1] })), json!({ "a": [1] }));
        let long = input(json!(vec![0; 1_000]));
        assert!(
            long.as_str()
                .is_some_and(|text| text.starts_with("[0,0,") && text.len() < 120),
            "{long}"
        );
    }

    #[test]
    fn of_many_issues_the_first_are_told_and_the_rest_is_counted() {
        let issues = |count| vec![Issue::new("x", "body", "x", "x", Value::Null); count];
        assert_eq!(ValidationError::new(issues(50)).detail.len(), 50);
        let told = ValidationError::new(issues(130_000)).detail;
        assert_eq!(told.len(), 51);
        assert_eq!(told[50].msg, "129950 more values cannot be taken");
        assert_eq!(told[50].loc, [json!("body")]);
    }
}

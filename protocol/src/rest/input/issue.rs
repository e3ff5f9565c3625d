//! The faults of a request.

use crate::limits;
use deserr::{DeserializeError, ErrorKind, IntoValue, MergeWithError, ValueKind, ValuePointerRef};
use serde::Serialize;
use serde_json::Value;
use std::ops::ControlFlow;

/// The maximum number of characters of a value that are repeated in an answer.
const MAX_INPUT_CHARS: usize = 100;

/// One invalid value (contract, REST 3).
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Issue {
    /// The kind of fault.
    #[serde(rename = "type")]
    #[cfg_attr(feature = "schema", schema(value_type = String, example = "missing"))]
    pub kind: &'static str,
    /// The location: body, query or path, then names and list indices.
    pub loc: Vec<Value>,
    /// A message for people.
    pub msg: String,
    /// The value, possibly shortened; null where it must not be repeated.
    pub input: Value,
}

impl Issue {
    /// A fault at a location within the body, the query or the path.
    pub fn new(kind: &'static str, location: ValuePointerRef<'_>, msg: impl Into<String>, input: Value) -> Self {
        Self {
            kind,
            loc: members(location),
            msg: msg.into(),
            input: shortened(input),
        }
    }

    /// A fault of the whole body.
    pub fn of_body(kind: &'static str, msg: impl Into<String>) -> Self {
        Self {
            kind,
            loc: vec!["body".into()],
            msg: msg.into(),
            input: Value::Null,
        }
    }

    /// A fault of a member of the body. The value is not repeated.
    pub fn of_member(kind: &'static str, name: &str, msg: impl Into<String>) -> Self {
        Self {
            kind,
            loc: vec!["body".into(), name.into()],
            msg: msg.into(),
            input: Value::Null,
        }
    }
}

/// All faults of a request. As the error type of `deserr` it makes derived types report every one of them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Issues(pub Vec<Issue>);

impl Issues {
    /// A single fault.
    pub fn one(kind: &'static str, location: ValuePointerRef<'_>, msg: impl Into<String>, input: Value) -> Self {
        Self(vec![Issue::new(kind, location, msg, input)])
    }

    /// The fault of a list with too many entries.
    pub fn too_long(location: ValuePointerRef<'_>, entries: usize) -> Self {
        let msg = format!("May have at most {} entries; it has {entries}", limits::LIST_ENTRIES);
        Self::one("too_long", location, msg, Value::Null)
    }

    /// Prepends body, query or path to all locations.
    pub fn within(mut self, part: &'static str) -> Self {
        for issue in &mut self.0 {
            issue.loc.insert(0, part.into());
        }
        self
    }

    /// Adds the faults of a failed result; otherwise returns its value.
    pub fn take<T>(&mut self, result: Result<T, Self>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(issues) => {
                self.0.extend(issues.0);
                None
            }
        }
    }
}

impl From<Issue> for Issues {
    fn from(issue: Issue) -> Self {
        Self(vec![issue])
    }
}

impl MergeWithError<Self> for Issues {
    fn merge(merged: Option<Self>, other: Self, _: ValuePointerRef<'_>) -> ControlFlow<Self, Self> {
        let mut all = merged.unwrap_or_default();
        all.0.extend(other.0);
        ControlFlow::Continue(all)
    }
}

impl DeserializeError for Issues {
    fn error<V: IntoValue>(
        merged: Option<Self>,
        error: ErrorKind<'_, V>,
        location: ValuePointerRef<'_>,
    ) -> ControlFlow<Self, Self> {
        let issue = match error {
            ErrorKind::MissingField { field } => {
                Issue::new("missing", location.push_key(field), "Field required", Value::Null)
            }
            ErrorKind::IncorrectValueKind { accepted, .. } => {
                let (kind, expected) = expected(accepted);
                Issue::new(kind, location, format!("Must be {expected}"), Value::Null)
            }
            ErrorKind::UnknownKey { .. } => Issue::new("extra_forbidden", location, "Not allowed", Value::Null),
            ErrorKind::UnknownValue { accepted, .. } => {
                let msg = format!("Must be one of {}", accepted.join(", "));
                Issue::new("enum", location, msg, Value::Null)
            }
            ErrorKind::BadSequenceLen { expected, .. } => {
                let msg = format!("Must have {expected} entries");
                Issue::new("list_length", location, msg, Value::Null)
            }
            ErrorKind::Unexpected { msg } => Issue::new("value_error", location, msg, Value::Null),
        };
        Self::merge(merged, issue.into(), location)
    }
}

fn expected(accepted: &[ValueKind]) -> (&'static str, &'static str) {
    match accepted {
        [ValueKind::String, ..] => ("string_type", "a string"),
        [ValueKind::Map, ..] => ("object_type", "an object"),
        [ValueKind::Sequence, ..] => ("list_type", "a list"),
        [ValueKind::Boolean, ..] => ("bool_type", "true or false"),
        [ValueKind::Null, ..] => ("null_type", "null"),
        _ => ("number_type", "a number"),
    }
}

fn members(location: ValuePointerRef<'_>) -> Vec<Value> {
    let mut members = Vec::new();
    let mut rest = &location;
    loop {
        rest = match rest {
            ValuePointerRef::Origin => break,
            ValuePointerRef::Key { key, prev } => {
                members.push((*key).into());
                prev
            }
            ValuePointerRef::Index { index, prev } => {
                members.push((*index).into());
                prev
            }
        };
    }
    members.reverse();
    members
}

/// Shortens a value for an answer: long texts are cut, and so is the JSON of a large list or object.
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
    fn long_input_is_shortened() {
        let input = |value| Issue::new("x", ValuePointerRef::Origin, "x", value).input;
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
    fn location_lists_part_names_and_index() {
        let list = ValuePointerRef::Origin;
        let list = list.push_key("tag_ids");
        let issues = Issues::one("x", list.push_index(3), "x", Value::Null).within("body");
        assert_eq!(issues.0[0].loc, [json!("body"), json!("tag_ids"), json!(3)]);
    }
}

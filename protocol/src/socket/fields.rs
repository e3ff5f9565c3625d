//! Reads a payload's members by name, in snake_case or camelCase, with messages that name the member and its value.

use super::rendering::camel_key;
use crate::{limits, timers::WireError};
use serde_json::{Map, Value};
use std::{fmt::Write, str::FromStr};

/// The most characters of a client's value that are repeated in an error.
const SHOWN_CHARS: usize = 80;

/// A payload's members. `null` counts as absent.
pub(crate) struct Fields<'a>(pub &'a Map<String, Value>);

impl<'a> Fields<'a> {
    fn get(&self, name: &str) -> Option<&'a Value> {
        self.0
            .get(name)
            .or_else(|| self.0.get(&camel_key(name)))
            .filter(|value| !value.is_null())
    }

    pub fn string(&self, name: &str) -> Result<Option<&'a str>, WireError> {
        self.get(name)
            .map(|value| value.as_str().ok_or_else(|| wrong(name, "a string", value)))
            .transpose()
    }

    pub fn integer(&self, name: &str) -> Result<Option<i64>, WireError> {
        self.get(name)
            .map(|value| value.as_i64().ok_or_else(|| wrong(name, "an integer", value)))
            .transpose()
    }

    pub fn id<T: FromStr>(&self, name: &str) -> Result<Option<T>, WireError> {
        self.get(name).map(|value| id(name, value)).transpose()
    }

    pub fn ids<T: FromStr>(&self, name: &str) -> Result<Vec<T>, WireError> {
        let Some(value) = self.get(name) else {
            return Ok(Vec::new());
        };
        let items = value.as_array().ok_or_else(|| wrong(name, "a list of UUIDs", value))?;
        if items.len() > limits::LIST_ENTRIES {
            let (most, entries) = (limits::LIST_ENTRIES, items.len());
            let message = format!("payload.{name} may have at most {most} entries; it has {entries}");
            return Err(WireError::invalid_message(message));
        }
        items.iter().map(|item| id(name, item)).collect()
    }
}

/// What a required member gives when it is not there.
pub(crate) fn required<T>(name: &str, value: Option<T>) -> Result<T, WireError> {
    value.ok_or_else(|| WireError::invalid_message(format!("payload.{name} is required")))
}

fn id<T: FromStr>(name: &str, value: &Value) -> Result<T, WireError> {
    value
        .as_str()
        .and_then(|text| text.parse().ok())
        .ok_or_else(|| wrong(name, "a UUID", value))
}

fn wrong(name: &str, expected: &str, value: &Value) -> WireError {
    WireError::invalid_message(format!(
        "payload.{name} must be {expected}; it is {}",
        shown(&value.to_string())
    ))
}

/// A client's text as it may be repeated to them: shortened, so that an error is never larger than its cause.
pub(crate) fn shown(text: &str) -> String {
    let mut chars = text.chars();
    let mut shown: String = chars.by_ref().take(SHOWN_CHARS).collect();
    let rest = chars.count();
    if rest > 0 {
        // Writing into a string cannot fail.
        let _ = write!(shown, "… ({rest} more characters)");
    }
    shown
}

//! The members of a body, one by one. What cannot be taken is noted in `issues`, so that one answer lists all.
//!
//! A PATCH knows three cases (contract, REST 4.7): absent is `None` and leaves the field, null is `Some(None)` and
//! clears it, anything else is its new value.

use super::JsonObject;
use crate::rest::http::{error::Issue, query};
use protocol::{
    limits,
    tag::{self, GoalRatios},
    time::Timestamp,
};
use serde_json::{Number, Value};
use std::{collections::HashSet, hash::Hash, str::FromStr};

/// The last instant that is taken, in milliseconds: 9999-12-30, so that what follows from it can still be written.
const LATEST_MILLIS: i64 = 253_402_128_000_000;

impl JsonObject {
    /// A string member; what is missing or of another type is noted. The value is not repeated: it may be a secret.
    pub fn string(&self, name: &str, required: bool, issues: &mut Vec<Issue>) -> Option<String> {
        match self.0.get(name) {
            Some(Value::String(text)) if text.contains('\0') => issues.push(nul(name)),
            Some(Value::String(text)) => return Some(text.clone()),
            None | Some(Value::Null) if !required => {}
            None => issues.push(Issue::new("missing", "body", name, "Field required", Value::Null)),
            Some(_) => issues.push(Issue::new("string_type", "body", name, "Must be a string", Value::Null)),
        }
        None
    }

    /// Notes a member that is missing or null, where one must be given.
    pub fn required(&self, name: &str, issues: &mut Vec<Issue>) {
        match self.0.get(name) {
            None => issues.push(Issue::new("missing", "body", name, "Field required", Value::Null)),
            Some(Value::Null) => issues.push(Issue::new("null", "body", name, "Must not be null", Value::Null)),
            Some(_) => {}
        }
    }

    /// A nullable text of up to `max` characters (contract, REST 4.8).
    pub fn text(&self, name: &str, max: usize, issues: &mut Vec<Issue>) -> Option<Option<String>> {
        let issue = match self.0.get(name)? {
            Value::Null => return Some(None),
            // PostgreSQL keeps no text with one; what is not kept the same everywhere is not taken.
            Value::String(text) if text.contains('\0') => nul(name),
            Value::String(text) => match text.chars().count() {
                chars if chars <= max => return Some(Some(text.clone())),
                chars => {
                    let msg = format!("May have at most {max} characters; it has {chars}");
                    Issue::new("string_too_long", "body", name, msg, Value::Null)
                }
            },
            other => Issue::new("string_type", "body", name, "Must be a string or null", other.clone()),
        };
        issues.push(issue);
        None
    }

    /// A nullable id.
    pub fn id<T: FromStr>(&self, name: &str, issues: &mut Vec<Issue>) -> Option<Option<T>> {
        let value = self.0.get(name).filter(|value| !value.is_null());
        let Some(value) = value else {
            return self.0.contains_key(name).then_some(None);
        };
        let id = parse(value);
        if id.is_none() {
            issues.push(Issue::new(
                "uuid_parsing",
                "body",
                name,
                "Must be a UUID or null",
                value.clone(),
            ));
        }
        id.map(Some)
    }

    /// A list of ids, each taken once (contract, REST 12.4); null is an empty one.
    pub fn ids<T: FromStr + Copy + Eq + Hash>(&self, name: &str, issues: &mut Vec<Issue>) -> Option<Vec<T>> {
        let items = match self.0.get(name)? {
            Value::Null => return Some(Vec::new()),
            Value::Array(items) if items.len() <= limits::LIST_ENTRIES => items,
            Value::Array(items) => {
                issues.push(Issue::too_long("body", name, items.len()));
                return None;
            }
            other => {
                let msg = "Must be a list of UUIDs or null";
                issues.push(Issue::new("list_type", "body", name, msg, other.clone()));
                return None;
            }
        };
        let (mut ids, mut known) = (Vec::new(), HashSet::new());
        for (place, item) in items.iter().enumerate() {
            match parse(item) {
                Some(id) => {
                    if known.insert(id) {
                        ids.push(id);
                    }
                }
                None => {
                    let mut issue = Issue::new("uuid_parsing", "body", name, "Must be a UUID", item.clone());
                    issue.loc.push(place.into());
                    issues.push(issue);
                }
            }
        }
        Some(ids)
    }

    /// A nullable colour (contract, REST 4.6).
    pub fn color(&self, name: &str, issues: &mut Vec<Issue>) -> Option<Option<String>> {
        let value = self.0.get(name)?;
        if value.is_null() {
            return Some(None);
        }
        let color = value.as_str().and_then(tag::color);
        if color.is_none() {
            let msg = "Must be # and three or six hexadecimal digits";
            issues.push(Issue::new("color", "body", name, msg, Value::Null));
        }
        color.map(Some)
    }

    /// A nullable instant (contract, REST 4.2): a text, or Unix seconds.
    pub fn instant(&self, name: &str, issues: &mut Vec<Issue>) -> Option<Option<Timestamp>> {
        let instant = match self.0.get(name)? {
            Value::Null => return Some(None),
            Value::String(text) => query::instant(text),
            Value::Number(seconds) => query::instant(&seconds.to_string()),
            _ => None,
        };
        let earliest = Timestamp::from_millis(i64::MIN);
        let instant = instant.filter(|instant| *instant > earliest && instant.millis() <= LATEST_MILLIS);
        if instant.is_none() {
            let msg = "Must be an ISO 8601 date and time such as 2026-01-28T10:00:00Z, of the years 1 to 9999";
            issues.push(Issue::new("datetime_parsing", "body", name, msg, Value::Null));
        }
        instant.map(Some)
    }

    /// One of a few words; null counts as absent (contract, REST 4.7).
    pub fn word<T: Copy>(&self, name: &str, words: &[(&str, T)], issues: &mut Vec<Issue>) -> Option<T> {
        let value = self.0.get(name).filter(|value| !value.is_null())?;
        let known = words.iter().find(|(word, _)| value == word);
        if known.is_none() {
            let words: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            let msg = format!("Must be one of {}", words.join(", "));
            issues.push(Issue::new("enum", "body", name, msg, Value::Null));
        }
        known.map(|(_, value)| *value)
    }

    /// An object; null counts as absent.
    pub fn object(&self, name: &str, issues: &mut Vec<Issue>) -> Option<Self> {
        match self.0.get(name)? {
            Value::Null => None,
            Value::Object(members) => Some(Self(members.clone())),
            _ => {
                let msg = "Must be an object or null";
                issues.push(Issue::new("object_type", "body", name, msg, Value::Null));
                None
            }
        }
    }

    /// A nullable object of up to [`limits::GOAL_RATIOS`] finite numbers.
    pub fn numbers(&self, name: &str, issues: &mut Vec<Issue>) -> Option<Option<GoalRatios>> {
        let value = self.0.get(name)?;
        if value.is_null() {
            return Some(None);
        }
        let members = value.as_object().filter(|members| members.len() <= limits::GOAL_RATIOS);
        let numbers = members.and_then(|members| {
            let number = |(key, value): (&String, &Value)| {
                let fits = key.chars().count() <= limits::TITLE_CHARS && !key.contains('\0');
                let number = value.as_number().filter(|number| fits && is_finite(number))?;
                Some((key.clone(), number.clone()))
            };
            members.iter().map(number).collect::<Option<GoalRatios>>()
        });
        if numbers.is_none() {
            let msg = format!(
                "Must be an object of up to {} finite numbers, or null; their names may have up to {} characters",
                limits::GOAL_RATIOS,
                limits::TITLE_CHARS
            );
            issues.push(Issue::new("number_object", "body", name, msg, Value::Null));
        }
        numbers.map(Some)
    }
}

/// Notes an end that is not later than its start (contract, REST 7.2).
pub fn later(start: Timestamp, end: Timestamp, issues: &mut Vec<Issue>) {
    if end <= start {
        let msg = "end_time must be later than start_time";
        issues.push(Issue::new("value_error", "body", "end_time", msg, Value::Null));
    }
}

fn is_finite(number: &Number) -> bool {
    number.as_f64().is_some_and(f64::is_finite)
}

fn nul(name: &str) -> Issue {
    let msg = "Must not contain the character U+0000";
    Issue::new("string_nul", "body", name, msg, Value::Null)
}

fn parse<T: FromStr>(value: &Value) -> Option<T> {
    value.as_str()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use uuid::Uuid;

    fn object(value: Value) -> JsonObject {
        let Value::Object(members) = value else {
            panic!("an object")
        };
        JsonObject(members)
    }

    #[test]
    fn absent_null_and_a_value_are_three_things() {
        let id = Uuid::nil();
        let object = object(json!({ "a": null, "b": "x", "c": id, "d": null, "e": [id, id], "f": [] }));
        let issues = &mut Vec::new();
        assert_eq!(object.text("missing", 9, issues), None);
        assert_eq!(object.text("a", 9, issues), Some(None));
        assert_eq!(object.text("b", 1, issues), Some(Some("x".into())));
        assert_eq!(object.id::<Uuid>("missing", issues), None);
        assert_eq!(object.id::<Uuid>("a", issues), Some(None));
        assert_eq!(object.id("c", issues), Some(Some(id)));
        assert_eq!(object.ids::<Uuid>("missing", issues), None);
        assert_eq!(object.ids::<Uuid>("d", issues), Some(vec![]));
        assert_eq!(object.ids("e", issues), Some(vec![id]), "doubles are taken once");
        assert_eq!(object.ids::<Uuid>("f", issues), Some(vec![]));
        assert!(issues.is_empty());
    }

    #[test]
    fn values_of_each_kind_are_read() {
        let object = object(json!({
            "color": "#a0f", "at": "2024-01-01T19:00:00+09:00", "seconds": 1_704_103_200.5, "word": "B", "nothing": null,
            "numbers": { "x": 1, "y": 0.25 }
        }));
        let issues = &mut Vec::new();
        assert_eq!(object.color("color", issues), Some(Some("#A0F".into())));
        let ten = Timestamp::parse_iso("2024-01-01T10:00:00Z").unwrap();
        assert_eq!(object.instant("at", issues), Some(Some(ten)));
        assert_eq!(object.instant("seconds", issues), Some(Some(ten.plus_millis(500))));
        let words = [("A", 1), ("B", 2)];
        assert_eq!(object.word("word", &words, issues), Some(2));
        assert_eq!(object.word("nothing", &words, issues), None);
        let numbers = object.numbers("numbers", issues).unwrap().unwrap();
        assert_eq!(json!(numbers), json!({ "x": 1, "y": 0.25 }));
        object.required("word", issues);
        assert!(issues.is_empty());
    }

    #[test]
    fn what_is_none_is_noted_whatever_it_is() {
        for value in [
            json!(1),
            json!("x\0"),
            json!("b"),
            json!(["A"]),
            json!({ "x": "1" }),
            json!(true),
        ] {
            let object = object(json!({ "x": value }));
            let mut issues = Vec::new();
            object.color("x", &mut issues);
            object.word("x", &[("A", 1), ("B", 2)], &mut issues);
            object.numbers("x", &mut issues);
            assert_eq!(issues.len(), 3, "{value}");
        }
        for value in [
            json!("soon"),
            json!(1e300),
            json!("9999-12-31"),
            json!("-0001-01-01T00:00:00Z"),
            json!([]),
            json!("NaN"),
        ] {
            let mut issues = Vec::new();
            object(json!({ "x": value })).instant("x", &mut issues);
            assert_eq!(issues.len(), 1, "{value}");
        }
        let object = object(json!({ "a": "x\0", "b": null }));
        let mut issues = Vec::new();
        object.text("a", 9, &mut issues);
        object.string("a", true, &mut issues);
        object.required("b", &mut issues);
        object.required("c", &mut issues);
        assert_eq!(
            issues.iter().map(|issue| issue.kind).collect::<Vec<_>>(),
            ["string_nul", "string_nul", "null", "missing"]
        );
    }

    #[test]
    fn every_fault_is_noted_with_its_place() {
        let object = object(json!({ "a": 1, "b": "éé", "c": "1-2", "d": "x", "e": [Uuid::nil(), 7] }));
        let mut issues = Vec::new();
        object.text("a", 9, &mut issues);
        object.text("b", 1, &mut issues);
        object.id::<Uuid>("c", &mut issues);
        object.ids::<Uuid>("d", &mut issues);
        object.ids::<Uuid>("e", &mut issues);
        let places: Vec<Value> = issues.iter().map(|issue| json!(issue.loc)).collect();
        let expected = [
            json!(["body", "a"]),
            json!(["body", "b"]),
            json!(["body", "c"]),
            json!(["body", "d"]),
            json!(["body", "e", 1]),
        ];
        assert_eq!(places, expected);
        assert!(issues[1].msg.contains("at most 1 characters; it has 2"));
    }
}

//! The members of a body, one by one. What cannot be taken is noted in `issues`, so that one answer lists all.
//!
//! A PATCH knows three cases (contract, REST 4.7): absent is `None` and leaves the field, null is `Some(None)` and
//! clears it, anything else is its new value.

use super::JsonObject;
use crate::rest::error::Issue;
use serde_json::Value;
use std::str::FromStr;

impl JsonObject {
    /// A string member; what is missing or of another type is noted. The value is not repeated: it may be a secret.
    pub fn string(&self, name: &str, required: bool, issues: &mut Vec<Issue>) -> Option<String> {
        match self.0.get(name) {
            Some(Value::String(text)) => return Some(text.clone()),
            None | Some(Value::Null) if !required => {}
            None => issues.push(Issue::new("missing", "body", name, "Field required", Value::Null)),
            Some(_) => issues.push(Issue::new("string_type", "body", name, "Must be a string", Value::Null)),
        }
        None
    }

    /// A nullable text of up to `max` characters (contract, REST 4.8).
    pub fn text(&self, name: &str, max: usize, issues: &mut Vec<Issue>) -> Option<Option<String>> {
        let issue = match self.0.get(name)? {
            Value::Null => return Some(None),
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
    pub fn ids<T: FromStr + PartialEq>(&self, name: &str, issues: &mut Vec<Issue>) -> Option<Vec<T>> {
        let items = match self.0.get(name)? {
            Value::Null => return Some(Vec::new()),
            Value::Array(items) => items,
            other => {
                let msg = "Must be a list of UUIDs or null";
                issues.push(Issue::new("list_type", "body", name, msg, other.clone()));
                return None;
            }
        };
        let mut ids = Vec::new();
        for (place, item) in items.iter().enumerate() {
            match parse(item) {
                Some(id) if !ids.contains(&id) => ids.push(id),
                Some(_) => {}
                None => {
                    let mut issue = Issue::new("uuid_parsing", "body", name, "Must be a UUID", item.clone());
                    issue.loc.push(place.into());
                    issues.push(issue);
                }
            }
        }
        Some(ids)
    }
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

//! Messages as text: written from a form, and checked before they are sent.

use super::document::{Command, Document, Field, Kind};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// A fault of a message, with its place in the text. Lines and columns begin at 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub line: usize,
    pub column: usize,
    pub message: String,
}

/// Writes the message of a form. Empty fields are left out; a value that does not fit its field is written as a text, so that
/// the server can be seen refusing it.
pub fn write(command: &Command, values: &BTreeMap<String, String>, id: &str) -> String {
    let mut body = Map::new();
    for field in &command.fields {
        let value = values.get(&field.name).map(|value| value.trim()).unwrap_or_default();
        if !value.is_empty() {
            body.insert(field.name.clone(), json_value(&field.kind, value));
        }
    }
    let mut members = vec![("type", Value::from(command.name.as_str()))];
    match &command.member {
        Some(member) => members.push((member, body.into())),
        None => members.extend(command.fields.iter().filter_map(|field| {
            let value = body.remove(&field.name)?;
            Some((field.name.as_str(), value))
        })),
    }
    if !id.trim().is_empty() {
        members.push(("id", id.trim().into()));
    }
    let lines = members.iter().map(|(name, value)| {
        let value = format!("{value:#}").replace('\n', "\n  ");
        format!("  {}: {value}", Value::from(*name))
    });
    format!("{{\n{}\n}}", lines.collect::<Vec<_>>().join(",\n"))
}

fn json_value(kind: &Kind, text: &str) -> Value {
    let number = || text.parse::<i64>().ok().map(Value::from);
    let value = match kind {
        Kind::Integer(..) | Kind::Moment => number(),
        Kind::Flag => text.parse::<bool>().ok().map(Value::from),
        Kind::List => Some(text.split([',', ' ', '\n']).filter(|item| !item.is_empty()).collect()),
        Kind::Json => serde_json::from_str(text).ok(),
        Kind::Text(_) | Kind::Choice(_) => None,
    };
    value.unwrap_or_else(|| text.into())
}

/// The first fault of a message: of its JSON, its type, or its fields. The server decides; it knows more rules.
pub fn fault(text: &str, document: &Document) -> Option<Fault> {
    let message: Value = match serde_json::from_str(text) {
        Ok(message) => message,
        Err(error) => {
            let said = error.to_string();
            let message = said.split(" at line ").next().unwrap_or_default();
            return Some(Fault {
                line: error.line(),
                column: error.column().max(1),
                message: format!("not JSON: {message}"),
            });
        }
    };
    let at = |member: &str, message: String| {
        let (line, column) = place(text, member);
        Some(Fault { line, column, message })
    };
    let Some(word) = message["type"].as_str() else {
        return at("type", "the member type is missing, or not a text".to_owned());
    };
    let Some(command) = document.command(word) else {
        return at("type", format!("{word:?} is no type that the server knows"));
    };
    let body = match &command.member {
        Some(member) => &message[member.as_str()],
        None => &message,
    };
    command.fields.iter().find_map(|field| {
        let value = &body[field.name.as_str()];
        match value {
            Value::Null if field.required && !is_camel_there(body, &field.name) => at(
                command.member.as_deref().unwrap_or("type"),
                format!("{} is missing", field.name),
            ),
            Value::Null => None,
            value => at(&field.name, misfit(field, value)?),
        }
    })
}

/// Names of fields are taken in camelCase as well.
fn is_camel_there(body: &Value, name: &str) -> bool {
    let body = super::belief::snake_keys(body.clone());
    !body[name].is_null()
}

fn misfit(field: &Field, value: &Value) -> Option<String> {
    let name = &field.name;
    let is_uuid = |text: &str| uuid::Uuid::try_parse(text).is_ok();
    match (&field.kind, value) {
        (Kind::Integer(min, max), value) => match value.as_i64() {
            None => Some(format!("{name} is {value}; a whole number is expected")),
            Some(number) if min.is_some_and(|min| number < min) || max.is_some_and(|max| number > max) => {
                let bound = |bound: &Option<i64>| bound.map(|bound| bound.to_string()).unwrap_or_default();
                Some(format!(
                    "{name} is {number}; allowed is {} to {}",
                    bound(min),
                    bound(max)
                ))
            }
            Some(_) => None,
        },
        (Kind::Choice(choices), value) => {
            let is_one = value
                .as_str()
                .is_some_and(|value| choices.iter().any(|choice| choice == value));
            (!is_one).then(|| format!("{name} is {value}; allowed is {}", choices.join(", ")))
        }
        (Kind::Text(Some(format)), Value::String(text)) if format == "uuid" && !is_uuid(text) => {
            Some(format!("{name} is {text:?}; a UUID is expected"))
        }
        (Kind::Text(_), value) if !value.is_string() => Some(format!("{name} is {value}; a text is expected")),
        (Kind::List, value) if !value.is_array() => Some(format!("{name} is {value}; a list is expected")),
        (Kind::Flag, value) if !value.is_boolean() => Some(format!("{name} is {value}; true or false is expected")),
        (Kind::Moment, value) if !value.is_string() && !value.is_number() => Some(format!(
            "{name} is {value}; RFC 3339 or milliseconds since 1970 are expected"
        )),
        _ => None,
    }
}

/// The line and the column of a member's name; the first place without one.
fn place(text: &str, member: &str) -> (usize, usize) {
    let Some(found) = text.find(&format!("\"{member}\"")) else {
        return (1, 1);
    };
    let before = &text[..found];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (
        before.matches('\n').count() + 1,
        before[line_start..].chars().count() + 1,
    )
}

/// The position of a fault in UTF-16 units, as text fields count them.
pub fn offset(text: &str, fault: &Fault) -> usize {
    let mut lines = text.split_inclusive('\n');
    let before: usize = lines
        .by_ref()
        .take(fault.line.saturating_sub(1))
        .map(|line| line.encode_utf16().count())
        .sum();
    let line = lines.next().unwrap_or_default();
    let within: usize = line
        .chars()
        .take(fault.column.saturating_sub(1))
        .map(char::len_utf16)
        .sum();
    before + within
}

#[cfg(test)]
mod tests {
    use super::{super::example::document, *};

    fn create(values: &[(&str, &str)], id: &str) -> String {
        let values = values
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        write(&document().command("timer.create").unwrap(), &values.collect(), id)
    }

    #[test]
    fn form_becomes_a_message_with_the_types_of_its_fields() {
        let text = create(
            &[("allocated_duration", "1500"), ("title", " Tea "), ("tag_ids", "a, b")],
            "a-1",
        );
        let message: Value = serde_json::from_str(&text).unwrap();
        let expected = serde_json::json!({
            "type": "timer.create", "id": "a-1",
            "payload": { "allocated_duration": 1500, "title": "Tea", "tag_ids": ["a", "b"] },
        });
        assert_eq!(message, expected);
        assert!(text.starts_with("{\n  \"type\": \"timer.create\",\n"), "{text}");
        assert_eq!(
            create(&[("allocated_duration", "soon")], "")
                .matches("\"soon\"")
                .count(),
            1
        );
    }

    #[test]
    fn faults_are_pointed_at() {
        let document = document();
        let fault = |text: &str| fault(text, &document).map(|fault| (fault.line, fault.column, fault.message));
        assert_eq!(fault(&create(&[("allocated_duration", "5")], "")), None);
        assert_eq!(
            fault(r#"{"type":"timer.create","payload":{"allocatedDuration":5}}"#),
            None
        );
        assert_eq!(fault(r#"{"type":"ping"}"#), None);
        let (line, column, message) = fault("{\n  \"type\": }").unwrap();
        assert_eq!((line, column), (2, 11), "{message}");
        assert!(message.starts_with("not JSON: "), "{message}");
        let (_, _, message) = fault(r#"{"type":"tea"}"#).unwrap();
        assert_eq!(message, r#""tea" is no type that the server knows"#);
        let (line, _, message) = fault(&create(&[], "")).unwrap();
        assert_eq!((line, message.as_str()), (3, "allocated_duration is missing"));
        let (line, column, message) = fault(&create(&[("allocated_duration", "0")], "")).unwrap();
        assert_eq!((line, column), (4, 5));
        assert_eq!(message, "allocated_duration is 0; allowed is 1 to 315360000");
        let (.., message) = fault(&create(&[("allocated_duration", "1"), ("scope", "some")], "")).unwrap();
        assert_eq!(message, r#"scope is "some"; allowed is active, all"#);
    }

    #[test]
    fn offset_counts_as_text_fields_do() {
        let fault = |line, column| Fault {
            line,
            column,
            message: String::new(),
        };
        assert_eq!(offset("ab\ncd", &fault(2, 2)), 4);
        assert_eq!(offset("🍵b", &fault(1, 2)), 2);
        assert_eq!(offset("a", &fault(9, 9)), 1);
    }
}

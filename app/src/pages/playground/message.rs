//! Messages as text, written from a form.

use super::document::{Command, Kind};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

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
        Kind::List(_) => Some(text.split([',', ' ', '\n']).filter(|item| !item.is_empty()).collect()),
        Kind::Json => serde_json::from_str(text).ok(),
        Kind::Text(..) | Kind::Choice(_) => None,
    };
    value.unwrap_or_else(|| text.into())
}

#[cfg(test)]
pub mod tests {
    use super::{super::example::document, *};

    /// A `timer.create` of a form.
    pub fn create(values: &[(&str, &str)], id: &str) -> String {
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
}

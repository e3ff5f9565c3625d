//! Faults of a message, found before it is sent.

use super::{
    belief::snake,
    document::{Command, Document, Field, Kind},
};
use chrono::DateTime;
use jsonc_parser::{
    CollectOptions, ParseOptions,
    ast::{Object, ObjectProp, Value},
    common::Ranged,
    parse_to_ast,
};

/// A fault of a message, with its place in the text. Lines and columns begin at 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub line: usize,
    pub column: usize,
    pub message: String,
}

/// The byte at which a fault is, and what it is.
type Found = (usize, String);

/// The first fault of a message: of its JSON, its type, or its fields. The server decides; it knows more rules.
pub fn fault(text: &str, document: &Document) -> Option<Fault> {
    // The parser below reads more than JSON.
    if let Err(error) = serde_json::from_str::<serde_json::Value>(text) {
        let said = error.to_string();
        let message = said.split(" at line ").next().unwrap_or_default();
        return Some(Fault {
            line: error.line(),
            column: error.column().max(1),
            message: format!("not JSON: {message}"),
        });
    }
    let parsed = parse_to_ast(text, &CollectOptions::default(), &ParseOptions::default()).ok()?;
    let (at, message) = Checked { text, document }.message(&parsed.value?)?;
    let before = &text[..at];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    Some(Fault {
        line: before.matches('\n').count() + 1,
        column: before[line_start..].chars().count() + 1,
        message,
    })
}

struct Checked<'a> {
    text: &'a str,
    document: &'a Document,
}

impl Checked<'_> {
    fn message(&self, message: &Value<'_>) -> Option<Found> {
        let Some(members) = message.as_object() else {
            return self.unexpected("the message", message, "an object is");
        };
        let Some(kind) = members.get("type").filter(|kind| kind.value.as_string_lit().is_some()) else {
            let at = members.get("type").map_or(members.range.start, |kind| kind.range.start);
            return Some((at, "the member type is missing, or not a text".to_owned()));
        };
        let word = members.get_string("type")?.value.as_ref();
        let Some(command) = self.document.command(word) else {
            return Some((kind.range.start, format!("{word:?} is no type that the server knows")));
        };
        if !self.document.is_received(word) {
            return Some((kind.range.start, format!("{word} is sent by the server only")));
        }
        if let Some(id) = members.get("id").filter(|id| !is_null(&id.value)) {
            let (max, text) = (command.max_id, id.value.as_string_lit());
            let is_allowed = text.is_some_and(|text| !text.value.is_empty() && is_within(&text.value, max));
            let what = max.map_or("a text".to_owned(), |max| format!("a text of 1 to {max} characters"));
            if !is_allowed {
                return self.unexpected("id", &id.value, &format!("{what} is"));
            }
        }
        let Some(member) = &command.member else {
            return self.body(&command, members);
        };
        let unknown = members.properties.iter().find(|property| {
            let name = property.name.as_str();
            name != member && !["type", "id"].contains(&name)
        });
        if let Some(unknown) = unknown {
            return Some(ignored(unknown, "a message", &["type", member, "id"]));
        }
        match members.get(member).filter(|body| !is_null(&body.value)) {
            Some(body) => match body.value.as_object() {
                Some(body) => self.body(&command, body),
                None => self.unexpected(member, &body.value, "an object is"),
            },
            None => {
                let field = command.fields.iter().find(|field| field.required)?;
                let message = format!("{member} is missing, and in it {}", field.name);
                Some((members.range.start, message))
            }
        }
    }

    /// The object that has the fields of a message. Their names may be in camelCase.
    fn body(&self, command: &Command, body: &Object<'_>) -> Option<Found> {
        let is = |property: &ObjectProp<'_>, field: &Field| snake(property.name.as_str()) == field.name;
        let missing = command.fields.iter().filter(|field| field.required).find(|field| {
            let given = body.properties.iter().find(|property| is(property, field));
            given.is_none_or(|property| is_null(&property.value))
        });
        if let Some(field) = missing {
            return Some((body.range.start, format!("{} is missing", field.name)));
        }
        body.properties.iter().find_map(
            |property| match command.fields.iter().find(|field| is(property, field)) {
                Some(field) => self.value(field, property),
                None if command.member.is_none() && ["type", "id"].contains(&property.name.as_str()) => None,
                None => {
                    let names: Vec<_> = command.fields.iter().map(|field| field.name.as_str()).collect();
                    Some(ignored(property, &command.name, &names))
                }
            },
        )
    }

    fn value(&self, field: &Field, property: &ObjectProp<'_>) -> Option<Found> {
        let (name, value) = (&field.name, &property.value);
        let unless = |fits: bool, what: &str| (!fits).then(|| self.unexpected(name, value, what)).flatten();
        if is_null(value) {
            return None;
        }
        match &field.kind {
            Kind::Integer(min, max) => {
                // `1500.0` and `1.5e3` are whole as well.
                let number = value
                    .as_number_lit()
                    .and_then(|number| number.value.parse::<f64>().ok());
                let Some(number) = number.filter(|number| number.fract() == 0.0) else {
                    return self.unexpected(name, value, "a whole number is");
                };
                let is_allowed =
                    min.is_none_or(|min| number >= min as f64) && max.is_none_or(|max| number <= max as f64);
                let bound = |bound: &Option<i64>| bound.map(|bound| bound.to_string()).unwrap_or_default();
                let message = || format!("{name} is {number}; allowed is {} to {}", bound(min), bound(max));
                (!is_allowed).then(|| (value.range().start, message()))
            }
            Kind::Choice(choices) => {
                let text = value.as_string_lit().map(|text| text.value.as_ref());
                let is_one = text.is_some_and(|text| choices.iter().any(|choice| choice == text));
                let message = || format!("{name} is {}; allowed is {}", self.shown(value), choices.join(", "));
                (!is_one).then(|| (value.range().start, message()))
            }
            Kind::Text(format, max) => match value.as_string_lit().map(|text| &text.value) {
                Some(text) if text.contains('\0') => Some((
                    value.range().start,
                    format!("{name} has the character U+0000, which is not allowed"),
                )),
                Some(text) if !is_within(text, *max) => {
                    let (count, max) = (text.chars().count(), max.unwrap_or_default());
                    let message = format!("{name} has {count} characters; at most {max} are allowed");
                    Some((value.range().start, message))
                }
                _ => unless(fits(value, format.as_deref()), expected(format.as_deref())),
            },
            Kind::List(format) => match value.as_array() {
                Some(list) => {
                    let items = list.elements.iter().enumerate();
                    let (index, item) = items.into_iter().find(|(_, item)| !fits(item, format.as_deref()))?;
                    self.unexpected(
                        &format!("item {} of {name}", index + 1),
                        item,
                        expected(format.as_deref()),
                    )
                }
                None => self.unexpected(name, value, "a list is"),
            },
            Kind::Flag => unless(value.as_boolean_lit().is_some(), "true or false is"),
            Kind::Moment => {
                let text = value
                    .as_string_lit()
                    .map(|text| DateTime::parse_from_rfc3339(&text.value).is_ok());
                let number = value.as_number_lit().map(|number| number.value.parse::<i64>().is_ok());
                let fits = text.or(number).unwrap_or_default();
                unless(fits, "RFC 3339 or milliseconds since 1970 are")
            }
            Kind::Json => None,
        }
    }

    fn unexpected(&self, name: &str, value: &Value<'_>, what: &str) -> Option<Found> {
        let message = format!("{name} is {}; {what} expected", self.shown(value));
        Some((value.range().start, message))
    }

    /// A value as it is written, and no more of it than is read at a glance.
    fn shown(&self, value: &Value<'_>) -> String {
        let text = value.range();
        let text = &self.text[text.start..text.end];
        match text.char_indices().nth(40) {
            Some((end, _)) => format!("{}…", &text[..end]),
            None => text.to_owned(),
        }
    }
}

/// A member that no field is called like.
fn ignored(property: &ObjectProp<'_>, of: &str, names: &[&str]) -> Found {
    let known = match names {
        [] => "it has none".to_owned(),
        names => format!("they are {}", names.join(", ")),
    };
    let name = property.name.as_str();
    let message = format!("{name} is no member of {of}, and is ignored; {known}");
    (property.range.start, message)
}

fn is_null(value: &Value<'_>) -> bool {
    value.as_null_keyword().is_some()
}

fn is_within(text: &str, max: Option<u64>) -> bool {
    max.is_none_or(|max| text.chars().count() as u64 <= max)
}

fn fits(value: &Value<'_>, format: Option<&str>) -> bool {
    let text = value.as_string_lit().map(|text| text.value.as_ref());
    text.is_some_and(|text| format != Some("uuid") || uuid::Uuid::try_parse(text).is_ok())
}

fn expected(format: Option<&str>) -> &'static str {
    match format {
        Some("uuid") => "a UUID is",
        _ => "a text is",
    }
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
    use super::{
        super::{example::document, message::tests::create},
        *,
    };

    fn found(text: &str) -> Option<(usize, usize, String)> {
        fault(text, &document()).map(|fault| (fault.line, fault.column, fault.message))
    }

    #[test]
    fn messages_without_a_fault_have_none() {
        for text in [
            create(&[("allocated_duration", "5")], ""),
            r#"{"type":"timer.create","payload":{"allocatedDuration":5,"title":null}}"#.to_owned(),
            r#"{"type":"timer.create","payload":{"allocated_duration":1.5e3,"occurred_at":"2026-11-28 02:00:00z"}}"#
                .to_owned(),
            r#"{"type":"ping","payload":null,"id":null}"#.to_owned(),
            r#"{"type":"ping"}"#.to_owned(),
            r#"{"type":"ping","payload":{}}"#.to_owned(),
        ] {
            assert_eq!(found(&text), None, "{text}");
        }
    }

    #[test]
    fn faults_are_pointed_at() {
        let create = |payload: &str| format!("{{\n  \"type\": \"timer.create\",\n  \"payload\": {payload}\n}}");
        for (text, line, column, expected) in [
            ("{\n  \"type\": }".to_owned(), 2, 11, "not JSON: expected value"),
            ("[]".to_owned(), 1, 1, "the message is []; an object is expected"),
            (
                "{ \"type\": 5 }".to_owned(),
                1,
                3,
                "the member type is missing, or not a text",
            ),
            (
                r#"{"type":"tea"}"#.to_owned(),
                1,
                2,
                "\"tea\" is no type that the server knows",
            ),
            (r#"{"type":"pong"}"#.to_owned(), 1, 2, "pong is sent by the server only"),
            (
                r#"{"type":"ping","id":""}"#.to_owned(),
                1,
                21,
                "id is \"\"; a text of 1 to 64 characters is expected",
            ),
            (create("[]"), 3, 14, "payload is []; an object is expected"),
            (create("{}"), 3, 14, "allocated_duration is missing"),
            (
                r#"{"type":"timer.create","id":"a"}"#.to_owned(),
                1,
                1,
                "payload is missing, and in it allocated_duration",
            ),
            (
                create("{\"allocated_duration\": 0}"),
                3,
                37,
                "allocated_duration is 0; allowed is 1 to 315360000",
            ),
            (
                create("{\"allocated_duration\": 5, \"occurred_at\": \"2026-11-28T02:00:00\"}"),
                3,
                55,
                "occurred_at is \"2026-11-28T02:00:00\"; RFC 3339 or milliseconds since 1970 are expected",
            ),
            (
                create(&format!(
                    "{{\"allocated_duration\": 5, \"title\": \"{}\"}}",
                    "x".repeat(201)
                )),
                3,
                49,
                "title has 201 characters; at most 200 are allowed",
            ),
            // The first "title" of the text is a value.
            (
                create("{\"scope\": \"title\", \"allocated_duration\": 5}"),
                3,
                24,
                "scope is \"title\"; allowed is active, all",
            ),
            (
                create("{\"allocated_duration\": 5, \"titel\": \"🍵\"}"),
                3,
                40,
                "titel is no member of timer.create, and is ignored; they are allocated_duration, occurred_at, \
                 schedule_id, scope, tag_ids, title",
            ),
            (
                create("{\"allocated_duration\": 5, \"title\": \"🍵\", \"occurredAt\": \"soon\"}"),
                3,
                68,
                "occurred_at is \"soon\"; RFC 3339 or milliseconds since 1970 are expected",
            ),
            (
                create("{\"allocated_duration\": 5, \"tag_ids\": [\"018f5b1e-0000-7000-8000-000000000000\", \"a\"]}"),
                3,
                92,
                "item 2 of tag_ids is \"a\"; a UUID is expected",
            ),
        ] {
            let fault = found(&text).expect(expected);
            let (message, place) = (fault.2, (fault.0, fault.1));
            assert_eq!((message.as_str(), place), (expected, (line, column)), "{text}");
        }
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

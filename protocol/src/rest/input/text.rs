//! Texts.

use super::{Issues, component};
use crate::limits;
use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use serde::Serialize;
use serde_json::Value as Json;

/// A text of up to `MAX` characters without U+0000, which PostgreSQL cannot store.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Text<const MAX: usize>(pub String);

/// A title or a name (contract, REST 4.8).
pub type Title = Text<{ limits::TITLE_CHARS }>;
/// A description (contract, REST 4.8).
pub type Description = Text<{ limits::DESCRIPTION_CHARS }>;
/// A text to search for.
pub type SearchText = Text<{ limits::SEARCH_CHARS }>;

impl<const MAX: usize> From<Text<MAX>> for String {
    fn from(text: Text<MAX>) -> Self {
        text.0
    }
}

impl<const MAX: usize> Deserr<Issues> for Text<MAX> {
    /// Faults do not repeat the value: it may be long, or a secret.
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, location: ValuePointerRef<'_>) -> Result<Self, Issues> {
        let text = plain(value, location)?;
        match text.chars().count() {
            chars if chars <= MAX => Ok(Self(text)),
            chars => {
                let msg = format!("May have at most {MAX} characters; it has {chars}");
                Err(Issues::one("string_too_long", location, msg, Json::Null))
            }
        }
    }
}

/// A text without U+0000, whose length is checked elsewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct PlainText(pub String);

impl Deserr<Issues> for PlainText {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, location: ValuePointerRef<'_>) -> Result<Self, Issues> {
        plain(value, location).map(Self)
    }
}

impl From<PlainText> for String {
    fn from(text: PlainText) -> Self {
        text.0
    }
}

/// A query parameter that accepts any text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct LenientText(pub String);

impl Deserr<Issues> for LenientText {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, location: ValuePointerRef<'_>) -> Result<Self, Issues> {
        match value {
            Value::String(text) => Ok(Self(text)),
            _ => Err(Issues::one("string_type", location, "Must be a string", Json::Null)),
        }
    }
}

fn plain<V: IntoValue>(value: Value<V>, location: ValuePointerRef<'_>) -> Result<String, Issues> {
    let (kind, msg) = match value {
        Value::String(text) if !text.contains('\0') => return Ok(text),
        Value::String(_) => ("string_nul", "Must not contain the character U+0000"),
        Value::Null => ("null", "Must not be null"),
        _ => ("string_type", "Must be a string"),
    };
    Err(Issues::one(kind, location, msg, Json::Null))
}

component!(Title, "Title");
component!(Description, "Description");
component!(SearchText, "SearchText");
component!(PlainText, "Text");
component!(LenientText, "AnyText");

#[cfg(feature = "schema")]
mod schema {
    use super::{LenientText, PlainText, Text};
    use utoipa::{
        PartialSchema,
        openapi::{
            RefOr, Schema,
            schema::{ObjectBuilder, Type},
        },
    };

    impl<const MAX: usize> PartialSchema for Text<MAX> {
        fn schema() -> RefOr<Schema> {
            let text = ObjectBuilder::new().schema_type(Type::String);
            text.max_length(Some(MAX)).pattern(Some(WITHOUT_NUL)).into()
        }
    }

    impl PartialSchema for PlainText {
        fn schema() -> RefOr<Schema> {
            let text = ObjectBuilder::new().schema_type(Type::String);
            text.pattern(Some(WITHOUT_NUL)).into()
        }
    }

    impl PartialSchema for LenientText {
        fn schema() -> RefOr<Schema> {
            ObjectBuilder::new().schema_type(Type::String).into()
        }
    }

    /// An ECMA 262 regular expression, as JSON Schema's patterns are.
    const WITHOUT_NUL: &str = r"^[^\u0000]*$";
}

//! Booleans in queries.

use super::{Issues, component};
use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use serde::Serialize;
use serde_json::Value as Json;

/// A boolean (contract, REST 1): true or false, also 1/0, yes/no, on/off, t/f and y/n in any case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Flag(pub bool);

const ON: [&str; 6] = ["true", "1", "yes", "on", "t", "y"];
const OFF: [&str; 6] = ["false", "0", "no", "off", "f", "n"];

impl Flag {
    /// Parses one of the words.
    pub fn parse(text: &str) -> Option<Self> {
        let is_in = |words: [&str; 6]| words.iter().any(|word| word.eq_ignore_ascii_case(text));
        match (is_in(ON), is_in(OFF)) {
            (true, _) => Some(Self(true)),
            (_, true) => Some(Self(false)),
            _ => None,
        }
    }
}

impl Deserr<Issues> for Flag {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, location: ValuePointerRef<'_>) -> Result<Self, Issues> {
        let text = match value {
            Value::String(text) => text,
            _ => String::new(),
        };
        Self::parse(&text).ok_or_else(|| {
            let msg = "Must be true or false";
            Issues::one("bool_parsing", location, msg, Json::String(text))
        })
    }
}

component!(Flag, "Flag");

#[cfg(feature = "schema")]
impl utoipa::PartialSchema for Flag {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        use utoipa::openapi::schema::{ObjectBuilder, Type};
        ObjectBuilder::new()
            .schema_type(Type::Boolean)
            .description(Some("Also 1/0, yes/no, on/off, t/f and y/n, in any case."))
            .into()
    }
}

//! Colours.

use super::{Issues, component};
use crate::tag;
use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use serde::Serialize;
use serde_json::Value as Json;

/// `#` and three or six hexadecimal digits, kept in upper case (contract, REST 4.6).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Color(String);

impl From<Color> for String {
    fn from(color: Color) -> Self {
        color.0
    }
}

impl Deserr<Issues> for Color {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, location: ValuePointerRef<'_>) -> Result<Self, Issues> {
        let color = match &value {
            Value::Null => return Err(Issues::one("null", location, "Must not be null", Json::Null)),
            Value::String(text) => tag::color(text),
            _ => None,
        };
        let msg = "Must be # and three or six hexadecimal digits";
        color
            .map(Self)
            .ok_or_else(|| Issues::one("color", location, msg, Json::Null))
    }
}

component!(Color, "Color");

#[cfg(feature = "schema")]
impl utoipa::PartialSchema for Color {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        use utoipa::openapi::schema::{ObjectBuilder, Type};
        ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some("# and three or six hexadecimal digits."))
            .pattern(Some("^#([0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})$"))
            .examples(["#2E7D32"])
            .into()
    }
}

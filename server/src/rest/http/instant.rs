//! How the documents describe an instant that a client sends (contract, REST 4.2).

use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        RefOr,
        schema::{ObjectBuilder, OneOfBuilder, Schema, Type},
    },
};

/// ISO 8601 as it is taken: a date, or a date and a time, with `Z`, with an offset or without one. Days that a month
/// does not have match, and are refused all the same.
const PATTERN: &str = concat!(
    r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])",
    r"([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,9})?)?",
    r"(Z|[+-]([01][0-9]|2[0-3])(:?[0-5][0-9])?)?)?$",
);
/// An instant in a body or a query. [`super::query::instant`] reads it.
pub struct Instant;

impl PartialSchema for Instant {
    fn schema() -> RefOr<Schema> {
        let text = ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some(
                "ISO 8601; without an offset it is UTC, without a time it is midnight.",
            ))
            .pattern(Some(PATTERN))
            .examples(["2026-01-28T10:00:00Z"]);
        let seconds = ObjectBuilder::new()
            .schema_type(Type::Number)
            .description(Some("Seconds since 1970."));
        OneOfBuilder::new()
            .description(Some("An instant of the years 1 to 9999."))
            .item(text)
            .item(seconds)
            .into()
    }
}

impl ToSchema for Instant {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rest::http::query;
    use serde_json::json;

    /// Whether the schema and the reader take a value.
    fn taken(value: &serde_json::Value) -> [bool; 2] {
        let schema = serde_json::to_value(Instant::schema()).unwrap();
        let (mut schemas, mut compiler) = (boon::Schemas::new(), boon::Compiler::new());
        compiler.add_resource("http://localhost/instant.json", schema).unwrap();
        let schema = compiler.compile("http://localhost/instant.json", &mut schemas).unwrap();
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        [schemas.validate(value, schema).is_ok(), query::instant(&text).is_some()]
    }

    #[test]
    fn the_schema_describes_what_is_read() {
        for value in [
            json!("2024-01-01T10:00:00Z"),
            json!("2024-01-01T19:00:00.123+09:00"),
            json!("2024-01-01T10:00:00"),
            json!("2024-01-01 10:00:00.000"),
            json!("2024-01-01T10:00:00+0000"),
            json!("2024-01-01T19:00+09"),
            json!("2024-01-01T10:00"),
            json!("2024-01-01T10:00Z"),
            json!("2024-01-01"),
            json!(1_704_103_200),
            json!(1_704_103_200.5),
        ] {
            assert_eq!(taken(&value), [true, true], "{value}");
        }
        for value in ["", "soon", "2024-13-01", "2024-01-01T25:00", "10:00", "NaN", "inf"] {
            assert_eq!(taken(&json!(value)), [false, false], "{value}");
        }
    }
}

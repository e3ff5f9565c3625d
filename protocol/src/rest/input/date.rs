//! Dates that clients send (contract, REST 7.6).

use super::{Issues, component};
use crate::time::Timestamp;
use chrono::{Datelike, NaiveDate};
use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::Value as Json;
use std::str::FromStr;
use thiserror::Error;

/// A calendar date of the years 2 to 9998, such as `2026-01-28`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Date(pub NaiveDate);

/// A text that is not such a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("Must be a date of the years 2 to 9998, such as 2026-01-28")]
pub struct DateError;

impl FromStr for Date {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
        let date = date.filter(|date| (2..=9998).contains(&date.year()));
        date.map(Self).ok_or(DateError)
    }
}

impl From<Date> for Timestamp {
    /// Its midnight in UTC.
    fn from(date: Date) -> Self {
        Self::of_date(date.0)
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

impl Deserr<Issues> for Date {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, location: ValuePointerRef<'_>) -> Result<Self, Issues> {
        let text = match value {
            Value::String(text) => text,
            _ => String::new(),
        };
        text.parse()
            .map_err(|error: DateError| Issues::one("date_parsing", location, error.to_string(), Json::String(text)))
    }
}

component!(Date, "Date");

#[cfg(feature = "schema")]
impl utoipa::PartialSchema for Date {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Date)))
            .pattern(Some(r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"))
            .examples(["2026-01-28"])
            .into()
    }
}

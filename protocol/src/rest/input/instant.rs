//! Instants that clients send (contract, REST 4.2).

use super::{Issues, component};
use crate::time::Timestamp;
use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime};
use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use serde::{Serialize, Serializer};
use serde_json::Value as Json;

/// The maximum instant of a body, in milliseconds: 9999-12-30, so that instants derived from it can still be written.
const LATEST_MILLIS: i64 = 253_402_128_000_000;

/// An instant in a body: ISO 8601 with `Z`, with an offset or without one (then UTC), a bare date (midnight), or Unix
/// seconds; up to 9999-12-30.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instant(pub Timestamp);

/// An instant in a query, in the same forms, of the years 1 to 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bound(pub Timestamp);

impl From<Instant> for Timestamp {
    fn from(instant: Instant) -> Self {
        instant.0
    }
}

impl From<Bound> for Timestamp {
    fn from(bound: Bound) -> Self {
        bound.0
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.iso_utc())
    }
}

impl Deserr<Issues> for Instant {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, location: ValuePointerRef<'_>) -> Result<Self, Issues> {
        let instant = match value {
            Value::Null => return Err(Issues::one("null", location, "Must not be null", Json::Null)),
            Value::String(text) => timestamp(&text),
            // Exact up to 2^53 seconds, far beyond the year 9999.
            Value::Integer(seconds) => of_seconds(seconds as f64),
            Value::NegativeInteger(seconds) => of_seconds(seconds as f64),
            Value::Float(seconds) => of_seconds(seconds),
            _ => None,
        };
        let earliest = Timestamp::from_millis(i64::MIN);
        let instant = instant.filter(|instant| *instant > earliest && instant.millis() <= LATEST_MILLIS);
        instant.map(Self).ok_or_else(|| {
            let msg = "Must be an ISO 8601 date and time such as 2026-01-28T10:00:00Z, of the years 1 to 9999";
            Issues::one("datetime_parsing", location, msg, Json::Null)
        })
    }
}

impl Deserr<Issues> for Bound {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, location: ValuePointerRef<'_>) -> Result<Self, Issues> {
        let text = match value {
            Value::String(text) => text,
            _ => String::new(),
        };
        timestamp(&text).map(Self).ok_or_else(|| {
            let msg = "Must be an ISO 8601 date and time of the years 1 to 9999, such as 2026-01-28T10:00:00Z; a plus \
                       sign must be sent as %2B";
            Issues::one("datetime_parsing", location, msg, Json::String(text))
        })
    }
}

/// Parses an instant of the years 1 to 9999.
fn timestamp(text: &str) -> Option<Timestamp> {
    if let Ok(instant) = DateTime::parse_from_rfc3339(text) {
        return is_in_range(instant.year()).then(|| instant.to_utc().into());
    }
    let text = text.replacen(' ', "T", 1);
    // Offsets without a colon, as REST itself writes them, and offsets without minutes.
    for format in ["%Y-%m-%dT%H:%M:%S%.f%#z", "%Y-%m-%dT%H:%M%#z"] {
        if let Ok(instant) = DateTime::parse_from_str(&text, format) {
            return is_in_range(instant.year()).then(|| instant.to_utc().into());
        }
    }
    for format in ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M"] {
        if let Ok(local) = NaiveDateTime::parse_from_str(&text, format) {
            return is_in_range(local.year()).then(|| local.and_utc().into());
        }
    }
    if let Ok(day) = NaiveDate::parse_from_str(&text, "%Y-%m-%d") {
        return is_in_range(day.year()).then(|| day.and_time(NaiveTime::MIN).and_utc().into());
    }
    of_seconds(text.parse().ok()?)
}

fn of_seconds(seconds: f64) -> Option<Timestamp> {
    // Float-to-integer casts saturate.
    let millis = seconds.is_finite().then_some((seconds * 1000.0) as i64)?;
    let instant = DateTime::from_timestamp_millis(millis);
    instant
        .filter(|instant| is_in_range(instant.year()))
        .map(Timestamp::from)
}

fn is_in_range(year: i32) -> bool {
    (1..=9_999).contains(&year)
}

component!(Instant, "Instant");
component!(Bound, "Bound");

#[cfg(feature = "schema")]
impl utoipa::PartialSchema for Bound {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        Instant::schema()
    }
}

#[cfg(feature = "schema")]
mod schema {
    use super::Instant;
    use utoipa::{
        PartialSchema,
        openapi::{
            RefOr, Schema,
            schema::{ObjectBuilder, OneOfBuilder, Type},
        },
    };

    /// The accepted ISO 8601 forms: a date, or a date and time with `Z`, with an offset or without one. It also matches
    /// days that a month does not have; parsing refuses those.
    const PATTERN: &str = concat!(
        r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])",
        r"([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,9})?)?",
        r"(Z|[+-]([01][0-9]|2[0-3])(:?[0-5][0-9])?)?)?$",
    );

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
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(value: &Json) -> Option<Timestamp> {
        let instant: Result<Instant, Issues> = deserr::deserialize(value.clone());
        instant.ok().map(|instant| instant.0)
    }

    #[test]
    fn every_form_of_the_contract_is_parsed() {
        let expected = Timestamp::parse_iso("2024-01-01T10:00:00Z");
        for value in [
            json!("2024-01-01T10:00:00Z"),
            json!("2024-01-01T19:00:00+09:00"),
            json!("2024-01-01T10:00:00"),
            json!("2024-01-01 10:00:00.000"),
            json!("2024-01-01T10:00:00+0000"),
            json!("2024-01-01T19:00:00.000+0900"),
            json!("2024-01-01T19:00+09"),
            json!("2024-01-01T10:00"),
            json!("2024-01-01T10:00Z"),
            json!("1704103200"),
            json!(1_704_103_200),
        ] {
            assert_eq!(read(&value), expected, "{value}");
        }
        assert_eq!(read(&json!("2024-01-01")), Timestamp::parse_iso("2024-01-01T00:00:00"));
        assert_eq!(read(&json!(1_704_103_200.5)), expected.map(|at| at.plus_millis(500)));
    }

    #[test]
    fn query_instants_must_be_of_the_years_1_to_9999() {
        let read = |text: &str| deserr::deserialize::<Bound, _, Issues>(json!(text)).ok();
        for text in [
            "0000-12-31T23:59:59Z",
            "0000-01-01",
            "-0001-01-01T00:00:00",
            "+10000-01-01T00:00:00Z",
            "+10000-01-01 00:00+09",
            "-62135596801",
            "253402300800",
            "1e300",
            "-inf",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
        for text in ["0001-01-01", "9999-12-31T23:59:59Z", "-62135596800", "253402300799"] {
            assert!(read(text).is_some(), "{text}");
        }
    }

    #[test]
    fn other_values_and_years_are_refused() {
        for value in [
            json!(""),
            json!("soon"),
            json!("2024-13-01"),
            json!("2024-01-01T25:00"),
            json!("10:00"),
            json!("NaN"),
            json!("inf"),
            json!(1e300),
            json!(-1e300),
            json!("1e300"),
            json!("9999-12-31"),
            json!("-0001-01-01T00:00:00Z"),
            json!([]),
            json!(true),
            json!(null),
        ] {
            assert_eq!(read(&value), None, "{value}");
        }
    }

    #[test]
    fn serialised_instants_parse_to_the_same_instant() {
        let instant = Instant(Timestamp::from_millis(1_769_594_400_123));
        assert_eq!(read(&json!(instant)), Some(instant.0));
    }

    #[cfg(feature = "schema")]
    #[test]
    fn the_schema_describes_both_forms() {
        use utoipa::PartialSchema;
        let schema = serde_json::to_value(Instant::schema()).unwrap();
        assert_eq!(schema["oneOf"].as_array().unwrap().len(), 2, "{schema}");
    }
}

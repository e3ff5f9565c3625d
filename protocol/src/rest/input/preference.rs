//! Values of preferences.

use super::{Issues, WholeNumber, component};
use crate::{limits, preferences::HourCycle};
use chrono_tz::Tz;
use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use serde::Serialize;
use serde_json::Value as Json;

/// The name of a timezone of the IANA database, case-sensitive. Offsets are none: they do not follow the seasons.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct ZoneName(pub String);

impl From<ZoneName> for String {
    fn from(name: ZoneName) -> Self {
        name.0
    }
}

impl Deserr<Issues> for ZoneName {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, location: ValuePointerRef<'_>) -> Result<Self, Issues> {
        let text = match value {
            Value::String(text) => text,
            Value::Null => return Err(Issues::one("null", location, "Must not be null", Json::Null)),
            _ => return Err(Issues::one("string_type", location, "Must be a text", Json::Null)),
        };
        match text.parse::<Tz>() {
            Ok(_) => Ok(Self(text)),
            Err(_) => {
                let msg = "Must be the name of a timezone of the IANA database, such as Asia/Seoul";
                Err(Issues::one("value_error", location, msg, Json::String(text)))
            }
        }
    }
}

component!(ZoneName, "ZoneName");

#[cfg(feature = "schema")]
impl utoipa::PartialSchema for ZoneName {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        use utoipa::openapi::schema::{ObjectBuilder, Type};
        ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some("The name of a timezone of the IANA database."))
            .examples(["Asia/Seoul"])
            .into()
    }
}

/// A length in minutes, from 1 to [`limits::DEFAULT_MINUTES`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Minutes(pub u32);

impl Deserr<Issues> for Minutes {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, location: ValuePointerRef<'_>) -> Result<Self, Issues> {
        let WholeNumber(number) = WholeNumber::deserialize_from_value(value, location)?;
        match u32::try_from(number) {
            Ok(minutes @ 1..=limits::DEFAULT_MINUTES) => Ok(Self(minutes)),
            _ => {
                let msg = format!("Must be a number of minutes from 1 to {}", limits::DEFAULT_MINUTES);
                Err(Issues::one("int_range", location, msg, number.into()))
            }
        }
    }
}

component!(Minutes, "Minutes");

#[cfg(feature = "schema")]
impl utoipa::PartialSchema for Minutes {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        use utoipa::openapi::schema::{ObjectBuilder, Type};
        ObjectBuilder::new()
            .schema_type(Type::Integer)
            .minimum(Some(1.0))
            .maximum(Some(f64::from(limits::DEFAULT_MINUTES)))
            .into()
    }
}

impl Deserr<Issues> for HourCycle {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, location: ValuePointerRef<'_>) -> Result<Self, Issues> {
        let WholeNumber(number) = WholeNumber::deserialize_from_value(value, location)?;
        let cycle = u8::try_from(number).ok().and_then(|hours| Self::try_from(hours).ok());
        cycle.ok_or_else(|| Issues::one("enum", location, "Must be 12 or 24", number.into()))
    }
}

component!(HourCycle, "HourCycle");

#[cfg(feature = "schema")]
impl utoipa::PartialSchema for HourCycle {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        use utoipa::openapi::schema::{ObjectBuilder, Type};
        ObjectBuilder::new()
            .schema_type(Type::Integer)
            .enum_values(Some([12, 24]))
            .into()
    }
}

//! The timezone of an answer's times.

use super::{Issues, component};
use crate::time::{Zone, ZoneError};
use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use serde_json::Value as Json;

/// `timezone` (contract, REST 4.5): an IANA name, UTC or an offset; empty counts as absent.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Timezone(pub Option<Zone>);

impl Timezone {
    /// The kind of its faults. If it is the only fault of a request, the answer is 400.
    pub const ISSUE: &'static str = "timezone";

    /// The zone, if one was given.
    pub fn zone(&self) -> Option<&Zone> {
        self.0.as_ref()
    }
}

impl Deserr<Issues> for Timezone {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, location: ValuePointerRef<'_>) -> Result<Self, Issues> {
        let text = match value {
            Value::String(text) => text,
            _ => String::new(),
        };
        if text.is_empty() {
            return Ok(Self::default());
        }
        let zone = text.parse().map_err(|error: ZoneError| {
            let msg = error.to_string();
            Issues::one(Self::ISSUE, location, msg, Json::String(text))
        });
        zone.map(|zone| Self(Some(zone)))
    }
}

component!(Timezone, "Timezone");

#[cfg(feature = "schema")]
impl utoipa::PartialSchema for Timezone {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        use utoipa::openapi::schema::{ObjectBuilder, Type};
        ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some(
                "An IANA name, UTC, or an offset such as +09:00 (sent as %2B09:00).",
            ))
            .examples(["Asia/Seoul"])
            .into()
    }
}

//! Ids.

use super::{Issues, component};
use crate::{
    id::{NotificationId, ScheduleId, TagGroupId, TagId, TimerId, TodoId, UserId},
    limits,
};
use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use serde_json::Value as Json;
use uuid::Uuid;

macro_rules! uuid_input {
    ($($name:ty),+) => {
        $(impl Deserr<Issues> for $name {
            fn deserialize_from_value<V: IntoValue>(
                value: Value<V>,
                location: ValuePointerRef<'_>,
            ) -> Result<Self, Issues> {
                let (kind, msg, input) = match value {
                    Value::String(text) => match text.parse() {
                        Ok(id) => return Ok(id),
                        Err(_) => ("uuid_parsing", "Must be a UUID", Json::String(text)),
                    },
                    Value::Null => ("null", "Must not be null", Json::Null),
                    _ => ("uuid_parsing", "Must be a UUID", Json::Null),
                };
                Err(Issues::one(kind, location, msg, input))
            }
        })+
    };
}

uuid_input!(NotificationId, ScheduleId, TagGroupId, TagId, TimerId, TodoId, Uuid);

/// A user's id in a path, which need not exist: any possible `sub` of a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserIdParam(pub UserId);

impl Deserr<Issues> for UserIdParam {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, location: ValuePointerRef<'_>) -> Result<Self, Issues> {
        let text = match value {
            Value::String(text) => text,
            _ => String::new(),
        };
        if text.is_empty() || text.chars().count() > limits::USER_ID_CHARS || text.contains('\0') {
            let msg = format!("Must be a user's id of up to {} characters", limits::USER_ID_CHARS);
            return Err(Issues::one("user_id", location, msg, Json::String(text)));
        }
        Ok(Self(UserId(text)))
    }
}

component!(UserIdParam, "UserIdParam");

#[cfg(feature = "schema")]
impl utoipa::PartialSchema for UserIdParam {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        use utoipa::openapi::schema::{ObjectBuilder, Type};
        ObjectBuilder::new()
            .schema_type(Type::String)
            .min_length(Some(1))
            .max_length(Some(limits::USER_ID_CHARS))
            .into()
    }
}

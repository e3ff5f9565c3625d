//! Payloads of client messages. They are read in snake_case here; [`super::super::ClientMessage`] accepts camelCase as
//! well.

use crate::{
    id::{ScheduleId, TimerId, TodoId},
    rest::input::{Issues, LenientText, TagIds, WholeNumber, component},
    time::Timestamp,
};
use chrono::DateTime;
use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use serde::{Serialize, Serializer};
use serde_json::Value as Json;

/// `timer.create`
#[derive(Clone, Debug, PartialEq, Serialize, Deserr)]
#[deserr(error = Issues)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct CreateTimer {
    /// The allocated duration in seconds.
    #[cfg_attr(feature = "schema", schema(value_type = i64, minimum = 1, maximum = 315_360_000))]
    pub allocated_duration: WholeNumber,
    /// The title.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<crate::rest::input::Title>))]
    pub title: Option<LenientText>,
    /// A longer text.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<crate::rest::input::Description>))]
    pub description: Option<LenientText>,
    /// A schedule of the user's.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub schedule_id: Option<ScheduleId>,
    /// A todo of the user's.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub todo_id: Option<TodoId>,
    /// Tags of the user's.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub tag_ids: Option<TagIds>,
    /// When the person acted, within the last 24 hours; now by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub occurred_at: Option<OccurredAt>,
}

/// `timer.pause`, `timer.resume`, `timer.stop`, `timer.cancel`
#[derive(Clone, Debug, PartialEq, Serialize, Deserr)]
#[deserr(error = Issues)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ActOnTimer {
    /// A timer of the user's.
    pub timer_id: TimerId,
    /// When the person acted: within the last 24 hours, and not before the timer's latest change; now by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub occurred_at: Option<OccurredAt>,
}

/// `timer.correct`
#[derive(Clone, Debug, PartialEq, Serialize, Deserr)]
#[deserr(error = Issues)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct CorrectTimer {
    /// A COMPLETED timer of the user's.
    pub timer_id: TimerId,
    /// Its new end: between its last start or pause and now.
    pub ended_at: OccurredAt,
}

/// `timer.sync`: one timer, or a page of a list.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserr)]
#[deserr(error = Issues)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SyncTimers {
    /// A single timer.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub timer_id: Option<TimerId>,
    /// The list; `active` by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub scope: Option<SyncList>,
    /// The maximum number of timers in the page.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<u16>, minimum = 1, maximum = 1_000))]
    pub limit: Option<WholeNumber>,
    /// The cursor of the previous timer.sync_result with the same scope.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<String>))]
    pub cursor: Option<LenientText>,
}

/// A list of timers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum SyncList {
    /// RUNNING and PAUSED timers.
    #[default]
    Active,
    /// All timers.
    All,
}

impl Deserr<Issues> for SyncList {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, location: ValuePointerRef<'_>) -> Result<Self, Issues> {
        let text = match value {
            Value::String(text) => text,
            _ => return Err(Issues::one("string_type", location, "Must be a string", Json::Null)),
        };
        match text.as_str() {
            "active" => Ok(Self::Active),
            "all" => Ok(Self::All),
            _ => Err(Issues::one("enum", location, "Must be active or all", text.into())),
        }
    }
}

/// `auth.renew`
#[derive(Clone, PartialEq, Serialize, Deserr)]
#[deserr(error = Issues)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct RenewToken {
    /// The new access token, of the same user.
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub token: LenientText,
}

/// A moment on the server's clock: RFC 3339 with an offset, or milliseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OccurredAt(pub Timestamp);

impl Serialize for OccurredAt {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.0.millis())
    }
}

impl Deserr<Issues> for OccurredAt {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, location: ValuePointerRef<'_>) -> Result<Self, Issues> {
        let (moment, input) = match value {
            Value::String(text) => (DateTime::parse_from_rfc3339(&text).ok(), Json::from(text)),
            other => {
                let WholeNumber(millis) = WholeNumber::deserialize_from_value(other, location)?;
                (
                    DateTime::from_timestamp_millis(millis).map(|utc| utc.fixed_offset()),
                    millis.into(),
                )
            }
        };
        moment.map(|moment| Self(moment.to_utc().into())).ok_or_else(|| {
            let msg =
                "Must be an RFC 3339 time with an offset, such as 2026-01-28T10:00:00Z, or milliseconds since 1970";
            Issues::one("datetime_parsing", location, msg, input)
        })
    }
}

component!(OccurredAt, "OccurredAt");

#[cfg(feature = "schema")]
impl utoipa::PartialSchema for OccurredAt {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        use utoipa::openapi::schema::{AnyOfBuilder, KnownFormat, ObjectBuilder, SchemaFormat, Type};
        let text = ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)));
        let millis = ObjectBuilder::new().schema_type(Type::Integer);
        AnyOfBuilder::new()
            .item(text)
            .item(millis)
            .description(Some("RFC 3339 with an offset, or milliseconds since 1970."))
            .into()
    }
}

/// `ping`: no members.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserr)]
#[deserr(error = Issues)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Empty {}

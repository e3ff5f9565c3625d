//! Enumerated query values of timers.

use crate::{
    limits,
    rest::input::{Issues, word_input},
    timers::TimerStatus,
};
use deserr::{Deserr, IntoValue, Sequence, Value, ValuePointerRef};
use serde::Serialize;
use strum::{EnumString, VariantNames};

/// Which tags a timer is returned with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, EnumString, VariantNames)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum TagIncludeMode {
    /// No tags.
    #[default]
    None,
    /// The timer's own tags.
    TimerOnly,
    /// The timer's tags and those of its schedule, or of its todo if it has no schedule.
    InheritFromSchedule,
}

word_input!(TagIncludeMode);

/// Filters timers by their links; unknown values are ignored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum LinkFilter {
    /// All timers.
    #[default]
    Any,
    /// Neither a schedule nor a todo.
    Independent,
    /// Linked to a schedule.
    Schedule,
    /// Linked to a todo.
    Todo,
}

impl Deserr<Issues> for LinkFilter {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, _: ValuePointerRef<'_>) -> Result<Self, Issues> {
        Ok(match value {
            Value::String(word) => word.parse().unwrap_or_default(),
            _ => Self::Any,
        })
    }
}

/// The requested statuses, in any case; unknown values match nothing. `None` means all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct StatusFilter(pub Option<Vec<TimerStatus>>);

impl Deserr<Issues> for StatusFilter {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, location: ValuePointerRef<'_>) -> Result<Self, Issues> {
        let words = match value {
            Value::Sequence(words) if words.len() <= limits::LIST_ENTRIES => words,
            Value::Sequence(words) => return Err(Issues::too_long(location, words.len())),
            _ => return Ok(Self(None)),
        };
        let mut statuses = Vec::new();
        for word in words.into_iter() {
            if let Value::String(word) = word.into_value()
                && let Ok(status) = word.parse()
                && !statuses.contains(&status)
            {
                statuses.push(status);
            }
        }
        Ok(Self(Some(statuses)))
    }
}

#[cfg(feature = "schema")]
mod schema {
    use super::{LinkFilter, StatusFilter};
    use crate::limits;
    use utoipa::{
        PartialSchema, ToSchema,
        openapi::{
            RefOr, Schema,
            schema::{ArrayBuilder, ObjectBuilder, Type},
        },
    };

    impl PartialSchema for LinkFilter {
        fn schema() -> RefOr<Schema> {
            ObjectBuilder::new().schema_type(Type::String).into()
        }
    }

    impl ToSchema for LinkFilter {}

    impl PartialSchema for StatusFilter {
        fn schema() -> RefOr<Schema> {
            let word = ObjectBuilder::new().schema_type(Type::String);
            ArrayBuilder::new()
                .items(word)
                .max_items(Some(limits::LIST_ENTRIES))
                .into()
        }
    }

    impl ToSchema for StatusFilter {}
}

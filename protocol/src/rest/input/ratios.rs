//! The goals of a tag group.

use super::{Issues, component};
use crate::{limits, tag::GoalRatios};
use deserr::{Deserr, IntoValue, Map, Value, ValuePointerRef};
use serde::Serialize;
use serde_json::{Number, Value as Json};

/// Up to [`limits::GOAL_RATIOS`] finite numbers, each under a name of up to [`limits::TITLE_CHARS`] characters.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Ratios(pub GoalRatios);

impl From<Ratios> for GoalRatios {
    fn from(ratios: Ratios) -> Self {
        ratios.0
    }
}

impl Deserr<Issues> for Ratios {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, location: ValuePointerRef<'_>) -> Result<Self, Issues> {
        let ratios = match value {
            Value::Map(members) if members.len() <= limits::GOAL_RATIOS => {
                let ratio = |(name, value): (String, V)| {
                    let fits = name.chars().count() <= limits::TITLE_CHARS && !name.contains('\0');
                    fits.then_some((name, number(value.into_value())?))
                };
                members.into_iter().map(ratio).collect::<Option<_>>()
            }
            _ => None,
        };
        ratios.map(Self).ok_or_else(|| {
            let (most, chars) = (limits::GOAL_RATIOS, limits::TITLE_CHARS);
            let msg = format!(
                "Must be an object of up to {most} finite numbers; their names may have up to {chars} characters"
            );
            Issues::one("number_object", location, msg, Json::Null)
        })
    }
}

fn number<V: IntoValue>(value: Value<V>) -> Option<Number> {
    match value {
        Value::Integer(number) => Some(number.into()),
        Value::NegativeInteger(number) => Some(number.into()),
        Value::Float(number) => Number::from_f64(number),
        _ => None,
    }
}

component!(Ratios, "GoalRatios");

#[cfg(feature = "schema")]
impl utoipa::PartialSchema for Ratios {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        use utoipa::openapi::schema::{ObjectBuilder, Type};
        let name = ObjectBuilder::new()
            .schema_type(Type::String)
            .max_length(Some(limits::TITLE_CHARS));
        ObjectBuilder::new()
            .schema_type(Type::Object)
            .description(Some("Numbers under names that the client chooses."))
            .property_names(Some(name))
            .additional_properties(Some(ObjectBuilder::new().schema_type(Type::Number)))
            .max_properties(Some(limits::GOAL_RATIOS))
            .into()
    }
}

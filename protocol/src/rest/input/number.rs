//! Whole numbers.

use super::{Issues, component};
use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use serde::Serialize;
use serde_json::{Number, Value as Json};

/// 2^53: `f64` represents all smaller whole numbers exactly.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// A whole number; a fraction of zero, as in `1500.0`, is accepted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct WholeNumber(pub i64);

impl Deserr<Issues> for WholeNumber {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, location: ValuePointerRef<'_>) -> Result<Self, Issues> {
        let input = match value {
            Value::Null => return Err(Issues::one("null", location, "Must not be null", Json::Null)),
            Value::Integer(number) => match i64::try_from(number) {
                Ok(number) => return Ok(Self(number)),
                Err(_) => number.into(),
            },
            Value::NegativeInteger(number) => return Ok(Self(number)),
            Value::Float(number) if number.fract() == 0.0 && number.abs() <= EXACT => return Ok(Self(number as i64)),
            Value::Float(number) => Number::from_f64(number).map_or(Json::Null, Json::Number),
            Value::String(text) => Json::String(text),
            Value::Boolean(value) => value.into(),
            Value::Sequence(_) | Value::Map(_) => Json::Null,
        };
        Err(Issues::one("int_type", location, "Must be an integer", input))
    }
}

component!(WholeNumber, "WholeNumber");

#[cfg(feature = "schema")]
impl utoipa::PartialSchema for WholeNumber {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        use utoipa::openapi::schema::{ObjectBuilder, Type};
        ObjectBuilder::new().schema_type(Type::Integer).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn whole_numbers_may_have_a_fraction_of_zero() {
        let read = |value: Json| {
            deserr::deserialize::<WholeNumber, _, Issues>(value)
                .ok()
                .map(|number| number.0)
        };
        for (value, number) in [
            (json!(1500), Some(1500)),
            (json!(1500.0), Some(1500)),
            (json!(-3), Some(-3)),
            (json!(i64::MAX), Some(i64::MAX)),
            (json!(1.5), None),
            (json!(1e300), None),
            (json!(u64::MAX), None),
            (json!("60"), None),
            (json!(true), None),
            (json!(null), None),
        ] {
            assert_eq!(read(value.clone()), number, "{value}");
        }
    }
}

//! Enums as text.

/// Parses an enum of `strum` from its variants' names.
macro_rules! word_input {
    ($($name:ty),+) => {
        $(impl deserr::Deserr<$crate::rest::input::Issues> for $name {
            fn deserialize_from_value<V: deserr::IntoValue>(
                value: deserr::Value<V>,
                location: deserr::ValuePointerRef<'_>,
            ) -> Result<Self, $crate::rest::input::Issues> {
                let (kind, input) = match value {
                    deserr::Value::String(text) => match text.parse() {
                        Ok(known) => return Ok(known),
                        Err(_) => ("enum", serde_json::Value::String(text)),
                    },
                    deserr::Value::Null => ("null", serde_json::Value::Null),
                    _ => ("enum", serde_json::Value::Null),
                };
                let msg = format!("Must be one of {}", <$name as strum::VariantNames>::VARIANTS.join(", "));
                Err($crate::rest::input::Issues::one(kind, location, msg, input))
            }
        })+
    };
}
pub(crate) use word_input;

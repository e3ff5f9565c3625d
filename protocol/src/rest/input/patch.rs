//! A member of a PATCH that can be cleared.

use super::Issues;
use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use serde::{Serialize, Serializer};

/// Absent, null or a value (contract, REST 4.7). Its schema is that of `Option<T>`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Patch<T> {
    /// Absent: the field keeps its value.
    #[default]
    Keep,
    /// Null: the field is cleared.
    Clear,
    /// The new value.
    Set(T),
}

impl<T> Patch<T> {
    /// For `skip_serializing_if`.
    pub fn is_keep(&self) -> bool {
        matches!(self, Self::Keep)
    }

    /// `None` keeps the field, `Some(None)` clears it.
    pub fn into_option<U: From<T>>(self) -> Option<Option<U>> {
        match self {
            Self::Keep => None,
            Self::Clear => Some(None),
            Self::Set(value) => Some(Some(value.into())),
        }
    }
}

impl<T: Deserr<Issues>> Deserr<Issues> for Patch<T> {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, location: ValuePointerRef<'_>) -> Result<Self, Issues> {
        match value {
            Value::Null => Ok(Self::Clear),
            value => T::deserialize_from_value(value, location).map(Self::Set),
        }
    }
}

impl<T: Serialize> Serialize for Patch<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Keep | Self::Clear => serializer.serialize_none(),
            Self::Set(value) => value.serialize(serializer),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rest::input::Title;
    use serde_json::json;

    #[derive(Debug, PartialEq, Serialize, Deserr)]
    #[deserr(error = Issues)]
    struct Body {
        #[serde(skip_serializing_if = "Patch::is_keep")]
        #[deserr(default)]
        title: Patch<Title>,
    }

    #[test]
    fn absent_null_and_a_value_are_parsed_and_written_differently() {
        for (json, title) in [
            (json!({}), None),
            (json!({ "title": null }), Some(None)),
            (json!({ "title": "x" }), Some(Some("x".to_owned()))),
        ] {
            let body: Body = deserr::deserialize::<_, _, Issues>(json.clone()).unwrap();
            assert_eq!(serde_json::to_value(&body).unwrap(), json);
            assert_eq!(body.title.into_option(), title);
        }
    }
}

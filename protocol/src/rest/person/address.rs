//! Addresses, codes and names of people.

use crate::rest::input::{Issues, Title, component};
use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use serde::Serialize;
use serde_json::Value as Json;

/// An e-mail address, `x@y` without blanks; trimmed and in lower case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Address(pub String);

/// A friend code, trimmed; not empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct FriendCode(pub String);

/// A person's name, trimmed; not empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct DisplayName(pub String);

impl Deserr<Issues> for Address {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, location: ValuePointerRef<'_>) -> Result<Self, Issues> {
        let text = Title::deserialize_from_value(value, location)?;
        let address = text.0.trim().to_lowercase();
        if is_address(&address) {
            return Ok(Self(address));
        }
        Err(Issues::one(
            "value_error",
            location,
            "Must be an e-mail address",
            Json::Null,
        ))
    }
}

impl Deserr<Issues> for FriendCode {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, location: ValuePointerRef<'_>) -> Result<Self, Issues> {
        trimmed(value, location).map(Self)
    }
}

impl Deserr<Issues> for DisplayName {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, location: ValuePointerRef<'_>) -> Result<Self, Issues> {
        trimmed(value, location).map(Self)
    }
}

fn trimmed<V: IntoValue>(value: Value<V>, location: ValuePointerRef<'_>) -> Result<String, Issues> {
    let text = Title::deserialize_from_value(value, location)?;
    match text.0.trim() {
        "" => Err(Issues::one("value_error", location, "Must not be empty", Json::Null)),
        text => Ok(text.to_owned()),
    }
}

/// `x@y` without blanks.
fn is_address(text: &str) -> bool {
    let parts = text.rsplit_once('@');
    parts.is_some_and(|(name, domain)| !name.is_empty() && !domain.is_empty()) && !text.contains(char::is_whitespace)
}

component!(Address, "Address");
component!(FriendCode, "FriendCode");
component!(DisplayName, "DisplayName");

#[cfg(feature = "schema")]
mod schema {
    use super::{Address, DisplayName, FriendCode};
    use crate::limits;
    use utoipa::{
        PartialSchema,
        openapi::{
            RefOr, Schema,
            schema::{ObjectBuilder, Type},
        },
    };

    impl PartialSchema for Address {
        fn schema() -> RefOr<Schema> {
            let text = ObjectBuilder::new().schema_type(Type::String);
            text.pattern(Some(r"^\s*\S+@[^@\s\u0000]+\s*$"))
                .max_length(Some(limits::TITLE_CHARS))
                .examples(["eve@example.com"])
                .into()
        }
    }

    impl PartialSchema for FriendCode {
        fn schema() -> RefOr<Schema> {
            not_blank()
        }
    }

    impl PartialSchema for DisplayName {
        fn schema() -> RefOr<Schema> {
            not_blank()
        }
    }

    fn not_blank() -> RefOr<Schema> {
        let text = ObjectBuilder::new().schema_type(Type::String);
        text.pattern(Some(r"^[^\u0000]*[^\s\u0000][^\u0000]*$"))
            .max_length(Some(limits::TITLE_CHARS))
            .into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn address_has_two_parts_and_no_blanks() {
        for text in ["a@b", "a.b+c@mail.example.com", "\"a@b\"@c"] {
            assert!(is_address(text), "{text}");
        }
        for text in ["", "a", "@", "a@", "@b", "a b@c", "a@b\tc"] {
            assert!(!is_address(text), "{text}");
        }
    }
}
